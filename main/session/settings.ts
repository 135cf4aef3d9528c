import type {
  AuthenticationMethod,
  Credentials,
  MqttVersion,
  Protocol,
  PublishProperties,
  Qos,
  SecretName,
  TlsVersion,
  UserProperty,
} from '#app/profile/profile.ts';

/**
 * A profile with its secrets filled in: all that a session needs to reach its broker.
 * Made by the main process from profile and vault, given to the session worker, never to a renderer.
 */
export interface ConnectionSettings {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Goes behind the path in the opening handshake, and nowhere else: a signature, made for one attempt. */
  readonly secretQuery?: string;
  /** Dialled instead of host and port; empty: none. */
  readonly socketPath: string;
  readonly addressFamily: 'any' | 'ipv4' | 'ipv6';
  readonly webSocket: {
    readonly headers: readonly { readonly name: string; readonly value: string }[];
    readonly subprotocol: string;
  };
  /** Settled by the main process from profile, settings and system; absent: straight to the broker. */
  readonly proxy?: {
    readonly kind: 'http' | 'socks5';
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly password?: string;
  };
  /** The proxy is the system's, which may change: it is asked for anew with each attempt (`ConnectorEvents.systemProxy`). */
  readonly followsSystemProxy?: boolean;
  /** How user name, password and path are made for each attempt, with the secrets for it. */
  readonly credentials: Credentials;
  readonly secrets: Readonly<Partial<Record<SecretName, string>>>;
  readonly mqttVersion: MqttVersion;
  readonly clientId: string;
  /** Seconds. */
  readonly keepAlive: number;
  /** Seconds. */
  readonly connectTimeout: number;
  readonly clean: boolean;
  /** Seconds. */
  readonly sessionExpiryInterval: number;
  readonly reconnect: { readonly enabled: boolean; readonly minDelay: number; readonly maxDelay: number };
  readonly username: string;
  readonly password?: string;
  readonly tls: {
    readonly verify: boolean;
    /** Issuers beside `ca`. */
    readonly trust: { readonly system: boolean; readonly bundled: boolean };
    /** SHA-256 of a server certificate that is trusted whoever issued it, as in the profile. */
    readonly pin?: string;
    readonly minVersion?: TlsVersion;
    readonly maxVersion?: TlsVersion;
    readonly alpn: readonly string[];
    /** Empty: the host. */
    readonly serverName: string;
    readonly psk?: { readonly identity: string; readonly key: Uint8Array };
    /** The session posts the lines of the key log (`FromSession`); the main process writes them. */
    readonly wantsKeyLog: boolean;
    /** PEM. */
    readonly ca: readonly string[];
    readonly certificate?: string;
    readonly key?: string;
    readonly passphrase?: string;
  };
  readonly will?: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly qos: Qos;
    readonly retain: boolean;
    /** Seconds. */
    readonly delayInterval?: number;
    readonly properties: PublishProperties;
    /** Published before DISCONNECT as well, by the session. */
    readonly onDisconnect?: boolean;
  };
  /** Published by the session after each connect. */
  readonly birth?: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly qos: Qos;
    readonly retain: boolean;
  };
  readonly mqtt5: {
    readonly receiveMaximum?: number;
    readonly maximumPacketSize?: number;
    readonly requestResponseInformation?: boolean;
    readonly requestProblemInformation?: boolean;
    readonly userProperties: readonly UserProperty[];
    readonly authenticationMethod?: AuthenticationMethod;
  };
}
