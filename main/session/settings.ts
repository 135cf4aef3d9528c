import type { MqttVersion, Protocol, PublishProperties, Qos, UserProperty } from '#app/profile/profile.ts';

/**
 * A profile with its secrets filled in: all that a session needs to reach its broker.
 * Made by the main process from profile and vault, given to the session worker, never to a renderer.
 */
export interface ConnectionSettings {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly path: string;
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
    /** PEM; empty: the CAs that Node brings along and those of the system. */
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
  };
  readonly mqtt5: {
    readonly receiveMaximum?: number;
    readonly maximumPacketSize?: number;
    readonly requestResponseInformation?: boolean;
    readonly requestProblemInformation?: boolean;
    readonly userProperties: readonly UserProperty[];
  };
}
