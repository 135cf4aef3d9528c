import type { MqttVersion, Protocol, UserProperty } from '../profile/profile.ts';
import type { Failure } from './failure.ts';

/**
 * The stages of reaching a broker, in order. Which ones occur depends on the protocol: `socket` (a Unix domain socket or
 * named pipe) takes the place of `dns` and `tcp`, which with a proxy lead to that, before `proxy` has it go on.
 */
const dialStages = ['dns', 'socket', 'tcp', 'proxy', 'tls', 'websocket', 'connect'] as const;
export type DialStage = (typeof dialStages)[number];

/** One stage of the last attempt with what it took. */
export interface DialStep {
  readonly stage: DialStage;
  /** Milliseconds; of a running or failed stage, until now or until it failed. */
  readonly duration: number;
  readonly outcome: 'running' | 'done' | 'failed';
  /** The address that was found, the TLS version and cipher, the status line, ... */
  readonly note?: string;
  /** Of `tls`: what the server presented, its own certificate first; also where it was refused. */
  readonly certificates?: readonly PresentedCertificate[];
}

/** A certificate as a server presented it. Names are text from the network. Times in milliseconds since the epoch. */
export interface PresentedCertificate {
  /** The common name, or what else the distinguished name has. */
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses (Subject Alternative Name) that it is good for. At most 100. */
  readonly names: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256, upper-case hex with colons, as a profile pins it. */
  readonly fingerprint256: string;
  /** It vouches for itself: a root, or a server's own. */
  readonly selfSigned: boolean;
  /** Absent where the chain is longer than 32 kB, from that certificate on. */
  readonly pem?: string;
}

export interface Endpoint {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly path?: string;
  /** The IP address that answered; of the proxy, where there is one. */
  readonly address?: string;
  /** What leads to it. */
  readonly proxy?: { readonly kind: 'http' | 'socks5'; readonly host: string; readonly port: number };
  /** The Unix domain socket or named pipe that was dialled instead of host and port. */
  readonly socketPath?: string;
}

export interface TlsSummary {
  /** `TLSv1.3` */
  readonly version: string;
  readonly cipher: string;
  /** False when verification is off and would have failed; `unverifiedBecause` says why. */
  readonly authorized: boolean;
  readonly unverifiedBecause?: string;
  readonly peer?: { readonly subject: string; readonly issuer: string; readonly validTo: number };
  readonly clientCertificate: boolean;
  /** The certificate is the one that the profile trusts by its fingerprint, whoever issued it. */
  readonly pinned?: true;
  /** What was offered by ALPN, and what the server chose of it; absent: not offered, or the server passed over it. */
  readonly alpn?: { readonly offered: readonly string[]; readonly chosen?: string };
  /** Both sides proved that they know the pre-shared key; there are no certificates then. */
  readonly preSharedKey?: true;
  /** The name that was asked for and checked, where it is not the host. */
  readonly serverName?: string;
}

/** What CONNACK said (MQTT 5.0 section 3.2.2.3; of 3.1 and 3.1.1 only `sessionPresent`). */
export interface ConnackSummary {
  readonly sessionPresent: boolean;
  readonly assignedClientId?: string;
  readonly serverKeepAlive?: number;
  readonly sessionExpiryInterval?: number;
  readonly receiveMaximum?: number;
  readonly maximumQos?: number;
  readonly retainAvailable?: boolean;
  readonly maximumPacketSize?: number;
  readonly topicAliasMaximum?: number;
  readonly wildcardSubscriptionAvailable?: boolean;
  readonly subscriptionIdentifiersAvailable?: boolean;
  readonly sharedSubscriptionAvailable?: boolean;
  readonly responseInformation?: string;
  readonly reasonString?: string;
  readonly userProperties: readonly UserProperty[];
}

/** The broker sent us elsewhere (MQTT 5.0 section 4.11). Never followed without being asked. */
export interface Redirect {
  /** 0x9D: for good. 0x9C: for now. */
  readonly permanent: boolean;
  /** As the broker wrote it. */
  readonly reference: string;
  /** What of it could be read as host and port; a port that is not given is the present one. */
  readonly servers: readonly { readonly host: string; readonly port?: number }[];
}

/** Times are milliseconds since the epoch. */
export type ConnectionState =
  /** Never connected, or disconnected by the user. */
  | { readonly kind: 'offline' }
  | {
      readonly kind: 'connecting';
      readonly attempt: number;
      readonly since: number;
      readonly steps: readonly DialStep[];
    }
  | {
      readonly kind: 'connected';
      readonly since: number;
      readonly endpoint: Endpoint;
      readonly mqttVersion: MqttVersion;
      readonly clientId: string;
      readonly tls?: TlsSummary;
      readonly connack: ConnackSummary;
      /** Of credentials made for this connection; the broker may cut it then. Absent: they do not expire. */
      readonly credentialsExpireAt?: number;
      readonly steps: readonly DialStep[];
    }
  /** Between two attempts. */
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      readonly failure: Failure;
      readonly steps: readonly DialStep[];
    }
  | { readonly kind: 'disconnecting' }
  /** Ended by a failure and not retried: reconnect is off, or a retry could not succeed without a change. */
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly steps: readonly DialStep[];
      /** Offered by the broker; `connection.follow` goes there. */
      readonly redirect?: Redirect;
    };

/**
 * Where every received message is: `received = kept + evicted + cleared + failed`.
 * Counts since the session began; published messages are counted apart.
 */
export interface Ledger {
  readonly received: number;
  readonly kept: number;
  readonly evicted: number;
  readonly cleared: number;
  readonly failed: number;
  readonly published: number;
  /** Bytes in use by the log, and its budget. */
  readonly bytes: number;
  readonly budget: number;
}
