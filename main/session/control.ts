import type { MessagePort } from 'node:worker_threads';
import type { Failure } from '#app/contract/failure.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { Guard, Subscription } from '#app/profile/profile.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { Environment } from '#app/profile/variables.ts';
import type { SharedLogUpdate } from './log/shared-log.ts';
import type { ConnectionSettings } from './settings.ts';

/**
 * What the main process and a session worker say to each other over the worker's own port.
 * Contract frames do not go here: each client has a MessagePort of its own, handed over with `attach`.
 */

/**
 * `resourceLimits.maxYoungGenerationSizeMb` of a session worker. Packets of the client library live for one turn:
 * in V8's default space many outlive a collection and are copied, which took a fifth of the time at full speed (measured).
 */
export const YOUNG_GENERATION_MEGABYTES = 64;

/** Where a connection is to go. */
export type ProxyTarget = Pick<ConnectionSettings, 'protocol' | 'host' | 'port'>;

/** `workerData` of a session worker. */
export interface SessionInit {
  readonly sessionId: string;
  /** Where the code of the workers lies that scripts run in; absent: none can be started. */
  readonly scriptWorkerUrl?: string;
  /** Bytes that the log may use. */
  readonly logBudget: number;
  readonly subscriptions: readonly Subscription[];
  /** Absent: none. */
  readonly guard?: Guard;
  /** Those that can be used; absent: none. */
  readonly rules?: readonly Rule[];
  /** Those that rules may refer to; absent: none. */
  readonly schemas?: readonly PayloadSchema[];
  /** Whose variables messages of templates are filled with; absent: none. */
  readonly environment?: Environment;
}

export type ToSession =
  /** A client's frames for this session come and go through `port` as Uint8Array; the port closes with the client. */
  | { readonly type: 'attach'; readonly port: MessagePort }
  | {
      readonly type: 'connect';
      readonly call: number;
      readonly settings: ConnectionSettings;
      /** User name and password stay those of the last connect: only the session knows them. */
      readonly keepsSignIn?: boolean;
    }
  | { readonly type: 'disconnect'; readonly call: number }
  | { readonly type: 'drop'; readonly call: number }
  /** The whole list; the session sends what differs to the broker. */
  | { readonly type: 'subscriptions'; readonly call: number; readonly subscriptions: readonly Subscription[] }
  | { readonly type: 'guard'; readonly guard: Guard }
  | { readonly type: 'environment'; readonly environment?: Environment }
  /** The answer to `proxyAsked`. */
  | {
      readonly type: 'proxy';
      readonly ask: number;
      readonly proxy?: ConnectionSettings['proxy'];
      readonly failure?: Failure;
    }
  /** The whole list of those that can be used, in their order. */
  | {
      readonly type: 'rules';
      readonly rules: readonly Rule[];
      /** Those that rules may refer to; absent: none. */
      readonly schemas?: readonly PayloadSchema[];
    }
  /** Names of topics are asked for through `port`, as `TopicsAsked`, and answered as `TopicsTold`. */
  | { readonly type: 'topics'; readonly port: MessagePort }
  /** Disconnect, close everything and leave: the worker ends by itself. */
  | { readonly type: 'shutdown' };

export type FromSession =
  | { readonly type: 'ready' }
  /** `connect` is done when it has begun, the others when they have had their effect. */
  | { readonly type: 'done'; readonly call: number; readonly failure?: Failure }
  | { readonly type: 'state'; readonly state: ConnectionState; readonly willArmed?: string }
  /** Which proxy the system has for this target now. */
  | { readonly type: 'proxyAsked'; readonly ask: number; readonly target: ProxyTarget }
  | { readonly type: 'log'; readonly update: SharedLogUpdate }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** A line of the TLS key log (SSLKEYLOGFILE), for the file that the profile names. */
  | { readonly type: 'keyLog'; readonly line: Uint8Array };
