import type { MqttVersion } from '#app/profile/profile.ts';

/** Where a listener comes in. */
export interface TapStart {
  readonly version: MqttVersion;
  /** From the first byte of the connection on. */
  readonly isWhole: boolean;
  /** Bytes still to be received of a packet whose beginning went by unheard. What is sent begins with a packet. */
  readonly skip: number;
}

/** Hears the bytes of one stream to the broker, both ways, as MQTT has them: inside of TLS and WebSocket. */
export interface StreamTap {
  /** A view, not to be kept; nor may it throw. */
  received(chunk: Uint8Array): void;
  sent(chunk: Uint8Array): void;
  ended(): void;
}

/** Listens along with each connection that a connector makes, for as long as it is set. */
export interface PacketTap {
  begin(start: TapStart): StreamTap;
}
