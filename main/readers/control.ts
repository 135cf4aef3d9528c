import type { MessagePort } from 'node:worker_threads';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { SharedLogUpdate } from '../session/log/shared-log.ts';
import type { ListeningChange } from './session-listening.ts';

/**
 * What the main process says to the readers worker over the worker's own port. Contract frames do not go here:
 * each client has a MessagePort of its own, handed over with `attach`, that closes with the client.
 */
export type ToReaders =
  /** A client's frames for target `readers` come and go through `port` as Uint8Array. */
  | { readonly type: 'attach'; readonly port: MessagePort }
  /** Memory of the log of a session; in the order in which the session made it known. */
  | { readonly type: 'log'; readonly sessionId: string; readonly update: SharedLogUpdate }
  /** The rules of a session that can be used, in their order, with its schemas; none: it has none, or is closed. */
  | {
      readonly type: 'rules';
      readonly sessionId: string;
      readonly rules: readonly Rule[];
      readonly schemas: readonly PayloadSchema[];
    }
  /** What a session can hear from now on; in the order of their times. */
  | { readonly type: 'listening'; readonly sessionId: string; readonly change: ListeningChange }
  /** What it could hear is of no interest any more. */
  | { readonly type: 'session-closed'; readonly sessionId: string }
  /** The log is gone, or will be announced anew after the session's worker was restarted. */
  | { readonly type: 'log-closed'; readonly sessionId: string };

/** What the worker says of itself: a codec that never ends leaves `decoding` unanswered. */
export type FromReaders =
  | { readonly type: 'decoding'; readonly codec: string }
  | { readonly type: 'idle' }
  /** The session is to answer `TopicsAsked` on this port. */
  | { readonly type: 'topics'; readonly sessionId: string; readonly port: MessagePort };
