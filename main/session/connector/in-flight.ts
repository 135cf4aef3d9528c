import { type MqttClient, UniqueMessageIdProvider } from 'mqtt';
import { PacketStore } from './packet-store.ts';

/**
 * What is under way at QoS 1 and 2. It belongs to the MQTT session, not to one network connection, so it outlives the
 * client object of an attempt and is handed to the next one.
 */
export class InFlight {
  readonly incoming = new PacketStore();
  readonly outgoing = new PacketStore();
  readonly messageIds = new UniqueMessageIdProvider();
  #callbacks: MqttClient['outgoing'] = {};

  /** Lets a new client answer for what earlier ones sent. Both then write to the same table. */
  attach(client: MqttClient): void {
    client.outgoing = this.#callbacks;
  }

  /**
   * Takes the table away from a client that ends, which would fail all of it. What dies with a connection (SUBSCRIBE
   * and UNSUBSCRIBE) is told so; messages stay for the next client.
   */
  detach(client: MqttClient): void {
    client.outgoing = {};
    for (const [id, pending] of Object.entries(this.#callbacks)) {
      if (pending.volatile) {
        delete this.#callbacks[Number(id)];
        pending.cb(new Error('Connection closed'));
      }
    }
  }

  /** The broker holds no session of ours: what was under way is lost, and whoever waits for it learns so. */
  discard(): void {
    this.incoming.clear();
    this.abandon('Session lost');
  }

  /** Nothing is sent again, and whoever waits for an acknowledgement learns that none will come. */
  abandon(reason: string): void {
    this.outgoing.clear();
    for (const [id, pending] of Object.entries(this.#callbacks)) {
      delete this.#callbacks[Number(id)];
      pending.cb(new Error(reason));
    }
  }
}
