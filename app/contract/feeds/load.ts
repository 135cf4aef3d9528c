import { z } from 'zod';
import type { LatencySummary } from '../../load/latency-histogram.ts';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';

/** `done`: all was sent and answered; `stopped`: by the user; `failed`: by what `failure` says. */
export type LoadState = 'running' | 'done' | 'stopped' | 'failed';

/** A load test that was started. Times in milliseconds since the epoch. */
export interface LoadRun {
  readonly state: LoadState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly count: number;
  /** Messages a second that were asked for. */
  readonly rate: number;
  /** Messages a second from the first that went out to the last, or until now. */
  readonly reachedRate: number;
  /** Handed to the connection; = `pending` + `sent` + `refused`. */
  readonly begun: number;
  readonly pending: number;
  /** At QoS 0 written, else acknowledged. */
  readonly sent: number;
  readonly refused: number;
  /** Why the first was refused. */
  readonly refusal?: Failure;
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
