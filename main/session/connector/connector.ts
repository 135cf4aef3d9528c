import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { PublishSteps } from '#app/contract/operations/session.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { PublishProperties, Qos, Subscription } from '#app/profile/profile.ts';
import type { ProxyTarget } from '../control.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { PacketTap } from './packet-tap.ts';

/** The parts of a received PUBLISH that the session keeps beside topic and payload. */
export interface ReceivedPacket {
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly properties?: object;
}

/**
 * What a connector tells its session. `onMessage` is the hot path: it is called directly by the client library,
 * must return at once, and may not keep `payload`, which is a view on the socket's chunk.
 */
export interface ConnectorEvents {
  onMessage(topic: string, payload: Uint8Array, packet: ReceivedPacket): void;
  /** Each change of the connection's state; `willArmed` is the topic of the will that the broker now holds. */
  onState(state: ConnectionState, willArmed: string | undefined): void;
  onSubscriptionResult(subscriptionId: string, result: SubscriptionResult): void;
  /** A connection that was up is gone, and nobody asked for it; `at` in ms since the epoch. */
  onLost(at: number, reason: string): void;
  /** A line of the TLS key log with its line break, where the settings ask for it. Secret: never to be logged. */
  onKeyLog?(line: Uint8Array): void;
  /** The proxy that the system has for a target now; absent: the one in the settings holds for all attempts. */
  systemProxy?(target: ProxyTarget): Promise<ConnectionSettings['proxy']>;
  /** Connected again, or given up, after a wait: nothing was received from `from` to `to` (ms since the epoch). */
  onGap(from: number, to: number, reason: string): void;
}

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: PublishProperties;
}

/** Milliseconds since the epoch. QoS 0 has no acknowledgement. */
export interface PublishReceipt {
  readonly sentAt: number;
  readonly acknowledged?: {
    readonly at: number;
    readonly reasonCode: number;
    readonly reasonName: string;
    /** Of QoS 2. */
    readonly steps?: PublishSteps;
  };
}

/** A subscription as it is sent: the profile's, and for probes a Subscription Identifier (MQTT 5.0 section 3.8.2.1.2). */
export interface SentSubscription extends Subscription {
  readonly identifier?: number;
}

/** One connection to one broker, with its own backoff and resubscription. Failures are thrown as `FailureError`. */
export interface Connector {
  /** Begins; the outcome shows in `onState`. Replaces a connection that is up. */
  connect(settings: ConnectionSettings): void;
  /** Resolves once the connection is closed; always, within 2 seconds, whatever the broker does. */
  disconnect(): Promise<void>;
  /** Reconnects arm no last will any more; the one that the broker holds now stays armed until this connection ends. */
  disarmWill(): void;
  /** Destroys the socket without DISCONNECT and does not reconnect. */
  drop(): Promise<void>;
  /** The whole list; what differs is sent when connected. Resolves when the broker has answered. */
  setSubscriptions(subscriptions: readonly SentSubscription[]): Promise<void>;
  /** Bytes that are written and that the socket has not taken yet. */
  readonly backlog: number;
  /**
   * `onSent` is called as soon as the packet went to the socket, before an acknowledgement. Where the message has to wait
   * because the broker takes no more at the same time (Receive Maximum, MQTT 5.0 section 3.2.2.3.3), `stillWanted` is
   * called after that, just before it is sent; what it throws takes the message back.
   */
  publish(
    message: OutgoingMessage,
    onSent: (at: number) => void,
    stillWanted?: () => void,
  ): Promise<PublishReceipt>;
  /** Listens along with the connection that is up and all that follow; undefined: with none any more. */
  tap(tap: PacketTap | undefined): void;
  dispose(): Promise<void>;
}
