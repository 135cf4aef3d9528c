import type { Failure } from '#app/contract/failure.ts';
import type { Capability, ExposureResult, GrantedSubscription } from '#app/contract/operations/diagnosis.ts';
import type { ConnectionState, DialStep } from '#app/contract/session-state.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { ConnectionSettings } from '../settings.ts';

/** What the main process and a diagnosis worker say to each other. A worker does one task and leaves. */

/** `workerData` of a diagnosis worker. `settings` are those of the throw-away connection, see `throwAwaySettings`. */
export type DiagnosisTask =
  | { readonly kind: 'test'; readonly settings: ConnectionSettings }
  | {
      readonly kind: 'capabilities';
      readonly settings: ConnectionSettings;
      readonly subscriptions: readonly Subscription[];
      readonly allowPublish: boolean;
    }
  | {
      readonly kind: 'exposure';
      /** Of the profile, with TLS; the worker makes plain ones of them. */
      readonly settings: ConnectionSettings;
      readonly subscriptions: readonly Subscription[];
      readonly ports: readonly ExposurePort[];
      readonly withCredentials: boolean;
      /** How long to listen on each port that lets us in. */
      readonly seconds: number;
    };

export interface ExposurePort {
  readonly protocol: 'mqtt' | 'ws';
  readonly port: number;
}

/** The end of an attempt: up, or given up. */
export type Attempted = Extract<ConnectionState, { readonly kind: 'connected' | 'failed' }>;

/** What a task found. */
export type DiagnosisOutcome =
  | { readonly kind: 'test'; readonly attempted: Attempted }
  | {
      readonly kind: 'capabilities';
      readonly attempted: Attempted;
      readonly capabilities: readonly Capability[];
      readonly subscriptions: readonly GrantedSubscription[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'exposure'; readonly results: readonly ExposureResult[] };

export type ToDiagnosis = { readonly type: 'cancel' };

export type FromDiagnosis =
  | { readonly type: 'progress'; readonly steps: readonly DialStep[]; readonly doing: string }
  | { readonly type: 'done'; readonly outcome: DiagnosisOutcome }
  | { readonly type: 'failed'; readonly failure: Failure };

/** What a task tells while it runs, and how it learns that nobody wants it any more. */
export interface DiagnosisContext {
  onProgress(steps: readonly DialStep[], doing: string): void;
  readonly signal: AbortSignal;
}
