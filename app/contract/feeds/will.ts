import { z } from 'zod';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';
import type { RehearsalEnd } from '../operations/will.ts';

/** What a rehearsal does at the moment. */
export type RehearsalPhase =
  /** A second connection is made and subscribes to the will's topic. */
  | 'watching'
  /** The session's connection is being ended. */
  | 'ending'
  /** For the will to arrive. */
  | 'waiting'
  /** Why it did not come, or whether the broker retains it. */
  | 'checking'
  /** The retained message from before, then the session's connection. */
  | 'restoring';

/**
 * `asConfigured`: it came as it was set; `differs`: it came, but not so; `missing`: it did not come; `late`: only once
 * the client was back; `discarded`: rightly not sent after a DISCONNECT; `unexpected`: sent in spite of one.
 */
export type RehearsalVerdict = 'asConfigured' | 'differs' | 'missing' | 'late' | 'discarded' | 'unexpected';

export const rehearsalFactNames = ['payload', 'qos', 'retain', 'delay', 'properties'] as const;
export type RehearsalFactName = (typeof rehearsalFactNames)[number];

/** One thing as it was set, beside how it arrived. Words, safe to show. */
export interface RehearsalFact {
  readonly name: RehearsalFactName;
  readonly configured: string;
  /** Absent: nothing arrived. */
  readonly arrived?: string;
  readonly isSame: boolean;
  /** Why they differ, or what makes them the same. One sentence. */
  readonly note?: string;
}

/** A last will that is really tried out. Times in milliseconds since the epoch. */
export interface Rehearsal {
  /** `cancelled`: nobody waits for the will any more, by the user's wish. */
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly phase: RehearsalPhase;
  readonly end: RehearsalEnd;
  /** Of the will; raw, show through `visibleText`. */
  readonly topic: string;
  /** When the connection was ended; absent: it is still up. */
  readonly endedAt?: number;
  /** When the will is to come, and until when it is waited for. */
  readonly dueAt?: number;
  readonly waitsUntil?: number;
  /** Once it is known. */
  readonly verdict?: RehearsalVerdict;
  /** Absent until something came or nothing did. */
  readonly facts?: readonly RehearsalFact[];
  /** Why it came so, or not at all: whole sentences; raw, show through `visibleText`. */
  readonly reasons: readonly string[];
  /** What was put back, and what could not be: whole sentences, as `reasons`. */
  readonly restored: readonly string[];
  /** What ended it, when `failed`. */
  readonly failure?: Failure;
}

export const willFeeds = {
  /** The newest rehearsal of the session, while it runs and afterwards; empty before the first one. */
  rehearsal: defineFeed<{ readonly rehearsal?: Rehearsal }>()(z.object({})),
};
