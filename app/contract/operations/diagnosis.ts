import { z } from 'zod';
import type { Qos } from '../../profile/profile.ts';
import { profileSchema, secretNameSchema } from '../../profile/profile.ts';
import { defineOperation } from '../define.ts';
import type { Failure } from '../failure.ts';
import type { ConnackSummary, DialStep, Endpoint, Redirect, TlsSummary } from '../session-state.ts';

const id = z.string().min(1).max(64);
/** A secret of the form, as in `profiles.save`: `undefined` takes what is stored, `null` none, a string is used as typed. */
const secretInput = z.string().max(65535).nullable().optional();

/**
 * For a connection that asks for them with each connect; otherwise those that are stored count. Without them whatever
 * would send credentials fails with `diagnosis.sign-in`, unless the form has a password typed in.
 */
const signIn = z.object({ username: z.string().max(65535), password: z.string().max(65535) }).optional();

/** What is diagnosed: an open session's profile as the engine has it, or a form that need not be saved. */
export const diagnosisTargetSchema = z.union([
  z.object({ sessionId: id, signIn }),
  z.object({
    profile: profileSchema,
    password: secretInput,
    passphrase: secretInput,
    secrets: z.partialRecord(secretNameSchema, secretInput).optional(),
    signIn,
  }),
]);
export type DiagnosisTarget = z.input<typeof diagnosisTargetSchema>;

/**
 * How the throw-away connection differs from a real one. `suffixed`: the profile's client ID with a random ending, so
 * that a live connection is not thrown out; `own`: as it is, for brokers that know their clients by it.
 */
const throwAwaySchema = z.object({
  /** Chosen by the client, unique: the feed `diagnosis` shows progress under it, `diagnosis.cancel` ends it. */
  runId: id,
  target: diagnosisTargetSchema,
  clientId: z.enum(['suffixed', 'own']).default('suffixed'),
});

/** What a test of a connection found. Never contains a secret. */
export interface ConnectionReport {
  readonly outcome: 'connected' | 'failed';
  /** Milliseconds since the epoch; milliseconds. */
  readonly at: number;
  readonly duration: number;
  readonly endpoint: Endpoint;
  /** Each rung that was reached; the failing one is the last. */
  readonly steps: readonly DialStep[];
  readonly failure?: Failure;
  readonly redirect?: Redirect;
  readonly tls?: TlsSummary;
  readonly connack?: ConnackSummary;
  readonly clientId: string;
  /** How the test differed from a real connection, in sentences: the will, the client ID, the session. */
  readonly notes: readonly string[];
  /** All of it as plain text, for the clipboard. */
  readonly reportText: string;
}

export const capabilityNames = [
  'maximumQos',
  'retain',
  'wildcardSubscriptions',
  'sharedSubscriptions',
  'subscriptionIdentifiers',
  'maximumPacketSize',
  'receiveMaximum',
  'topicAliasMaximum',
  'keepAlive',
] as const;
export type CapabilityName = (typeof capabilityNames)[number];

/** What the broker can do, and how that is known. */
export interface Capability {
  readonly name: CapabilityName;
  /** A number (QoS, bytes, packets, seconds) or yes and no; absent: not known. */
  readonly value?: number | boolean;
  /**
   * `stated` in CONNACK; `default`: not in CONNACK, so the specification's value holds; `probed`: tried out;
   * `unknown`: this version of MQTT has no way to say, and it was not tried.
   */
  readonly source: 'stated' | 'default' | 'probed' | 'unknown';
  /** One sentence: how it is known, and what follows from it. */
  readonly note: string;
}

/** How the broker answered one subscription of the profile. */
export interface GrantedSubscription {
  readonly filter: string;
  readonly requestedQos: Qos;
  /** Absent: refused, `reason` says why. */
  readonly grantedQos?: Qos;
  readonly reason?: string;
}

export interface CapabilityReport {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly endpoint: Endpoint;
  readonly steps: readonly DialStep[];
  /** The connection could not be made: then nothing below is known. */
  readonly failure?: Failure;
  readonly connack?: ConnackSummary;
  readonly capabilities: readonly Capability[];
  readonly subscriptions: readonly GrantedSubscription[];
  /** What was done, in sentences: the probe's topic, messages published, connections that the broker ended. */
  readonly notes: readonly string[];
  readonly reportText: string;
}

/** What one port of the profile's own host gave away without TLS. */
export interface ExposureResult {
  readonly protocol: 'mqtt' | 'ws';
  readonly port: number;
  readonly login: 'anonymous' | 'credentials';
  /**
   * `closed`: nothing answers. `notMqtt`: something else does. `tlsOnly`: only TLS is spoken there. `needsPassword`:
   * clients without (or with these) credentials are refused. `refused`: refused for another reason, or all
   * subscriptions were. `open`: let in and subscribed, but no message came. `readable`: messages were read. `notTried`:
   * of no use, or the host could not be reached.
   */
  readonly outcome:
    | 'closed'
    | 'notMqtt'
    | 'tlsOnly'
    | 'needsPassword'
    | 'refused'
    | 'open'
    | 'readable'
    | 'notTried';
  /** What it means, in one or two sentences. */
  readonly sentence: string;
  /** For the expert. */
  readonly detail?: string;
  readonly subscriptions: readonly GrantedSubscription[];
  readonly seen?: {
    readonly messages: number;
    readonly retained: number;
    /** Of payloads. */
    readonly bytes: number;
    readonly topics: number;
    /** The first of them, raw: show through `visibleText`. At most 20, each at most 256 characters. */
    readonly sampleTopics: readonly string[];
  };
}

export interface ExposureReport {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly host: string;
  /** The worst of the results: an eavesdropper can read, could get in, or neither was found; `unknown`: no port was reached. */
  readonly verdict: 'exposed' | 'reachable' | 'closed' | 'unknown';
  readonly summary: string;
  readonly results: readonly ExposureResult[];
  readonly reportText: string;
}

/** Ports that the exposure check tries unless told otherwise. */
export const exposurePorts: readonly { readonly protocol: 'mqtt' | 'ws'; readonly port: number }[] = [
  { protocol: 'mqtt', port: 1883 },
  { protocol: 'ws', port: 8080 },
];

/** Progress of a run, in the feed `diagnosis`. */
export type DiagnosisProgress =
  /** Not begun, or over: the operation's answer says how. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running';
      /** Of the connection that is being made. */
      readonly steps: readonly DialStep[];
      /** What is done at the moment, one sentence. */
      readonly doing: string;
    };

export const diagnosisOperations = {
  /** Runs the whole ladder in a throw-away connection and disconnects. A failed connection is an answer, not a failure. */
  'connection.test': defineOperation<ConnectionReport>()(
    throwAwaySchema.extend({
      /** True: the last will is armed too (and disarmed by the orderly end). */
      armWill: z.boolean().default(false),
    }),
    660_000,
  ),
  /** Connects a throw-away client, subscribes as the profile does, and probes what CONNACK leaves open. */
  'diagnosis.capabilities': defineOperation<CapabilityReport>()(
    throwAwaySchema.extend({
      /**
       * Probes that publish, to a random topic under `topicscope/probe/` only. `guard.readOnly` for such profiles,
       * `guard.confirm` for production profiles without a `confirmation` of `diagnosis.hold`.
       */
      allowPublish: z.boolean().default(false),
      confirmation: z.string().max(64).optional(),
    }),
    660_000,
  ),
  /** The user begins to hold the button of probes that publish, as `publish.hold` does for a session's own messages. */
  'diagnosis.hold': defineOperation<{ readonly token: string; readonly holdFor: number }>()(z.object({})),
  /** Tries the profile's own host without TLS. `withCredentials`: they then cross the network readable for everybody. */
  'diagnosis.exposure': defineOperation<ExposureReport>()(
    z.object({
      runId: id,
      target: diagnosisTargetSchema,
      ports: z
        .array(z.object({ protocol: z.enum(['mqtt', 'ws']), port: z.int().min(1).max(65535) }))
        .min(1)
        .max(16)
        .default(() => [...exposurePorts]),
      withCredentials: z.boolean().default(false),
      /** How long to listen on each port that lets us in. */
      seconds: z.number().min(0.5).max(60).default(5),
    }),
    2_000_000,
  ),
  /** Ends a run; its operation fails with `diagnosis.cancelled`. */
  'diagnosis.cancel': defineOperation<void>()(z.object({ runId: id })),
  /**
   * Connects a session that was sent elsewhere (its state's `redirect`) to one of the servers named there, with the
   * same credentials and the same TLS. `keep` also writes host and port into the saved profile.
   */
  'connection.follow': defineOperation<void>()(
    z.object({ sessionId: id, server: z.int().min(0).max(100), keep: z.boolean().default(false) }),
  ),
};
