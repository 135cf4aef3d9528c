import { z } from 'zod';
import type { LatencySummary } from '../../load/latency-histogram.ts';
import type { MqttVersion, Qos } from '../../profile/profile.ts';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';
import type { Endpoint } from '../session-state.ts';

/** `done`: all was sent and answered; `stopped`: by the user; `failed`: by what `failure` says. */
export type LoadState = 'running' | 'done' | 'stopped' | 'failed';

/** What was asked for, as it was when the test began. */
export interface LoadAsked {
  readonly count: number;
  /** Messages a second. */
  readonly rate: number;
  readonly inFlight: number;
  /** As it was written: raw, and it may stand for several. */
  readonly topic: string;
  /** How many it stands for. */
  readonly topics: number;
  readonly qos: Qos;
  readonly retain: boolean;
  /** Bytes of each payload, where they are of a fixed size; absent: as composed. */
  readonly payloadSize?: number;
}

/** A load test that was started. Times in milliseconds since the epoch. */
export interface LoadRun {
  readonly state: LoadState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly asked: LoadAsked;
  readonly endpoint: Endpoint;
  readonly mqttVersion: MqttVersion;
  /** Of QoS 1 and 2 that the broker takes at the same time (Receive Maximum), where it is less than was asked for. */
  readonly receiveMaximum?: number;
  /** Bytes of the smallest and the largest payload; absent before the first. */
  readonly sizes?: { readonly least: number; readonly most: number };
  /** Messages a second from the first that went out to the last, or until now. */
  readonly reachedRate: number;
  /** Handed to the connection; = `pending` + `sent` + `refused` + `lost`. */
  readonly begun: number;
  readonly pending: number;
  /** At QoS 0 written, else acknowledged. */
  readonly sent: number;
  readonly refused: number;
  /** The connection ended before they were acknowledged: they may have arrived or not. */
  readonly lost: number;
  /** Why messages were refused, in the order in which it was first said; at most 10, so that their sum may be less. */
  readonly refusals: readonly { readonly failure: Failure; readonly count: number }[];
  /** From handing a message over to its last acknowledgement; absent at QoS 0. */
  readonly latency?: LatencySummary;
  /** How many took up to so many milliseconds; empty at QoS 0. */
  readonly distribution: readonly { readonly upTo: number; readonly count: number }[];
  readonly failure?: Failure;
}

export const loadFeeds = {
  /** The newest load test of a session. */
  loadRun: defineFeed<{ readonly run?: LoadRun }>()(z.object({})),
};
