import { Readable } from 'node:stream';
import type { IStore, Packet } from 'mqtt';

type Answer = (error?: Error, packet?: Packet) => void;

/**
 * Packets of QoS 1 and 2 that are not acknowledged, in the order in which they came. Unlike the store of mqtt.js it
 * keeps its content when a client closes, marks what is sent again, and can be emptied.
 */
export class PacketStore implements IStore {
  readonly #packets = new Map<number | undefined, Packet>();

  get size(): number {
    return this.#packets.size;
  }

  put(packet: Packet, done: (error?: Error) => void): this {
    this.#packets.set(packet.messageId, packet);
    done();
    return this;
  }

  get(packet: Pick<Packet, 'messageId'>, answer: Answer): this {
    this.#answer(this.#packets.get(packet.messageId), answer);
    return this;
  }

  del(packet: Pick<Packet, 'messageId'>, answer: Answer): this {
    const found = this.#packets.get(packet.messageId);
    this.#packets.delete(packet.messageId);
    this.#answer(found, answer);
    return this;
  }

  /** All packets, for sending them again after a reconnect; a PUBLISH then carries DUP (MQTT-3.3.1-1). */
  createStream(): ReturnType<IStore['createStream']> {
    const packets = [...this.#packets.values()];
    for (const packet of packets) {
      if (packet.cmd === 'publish') {
        packet.dup = true;
      }
    }
    const stream = new Readable({
      objectMode: true,
      read() {
        this.push(packets.shift() ?? null);
      },
    });
    return stream as ReturnType<IStore['createStream']>;
  }

  /** Called by a client that ends; the content belongs to the session. */
  close(done: (error?: Error) => void): void {
    done();
  }

  clear(): void {
    this.#packets.clear();
  }

  #answer(packet: Packet | undefined, answer: Answer): void {
    if (packet === undefined) {
      answer(new Error('missing packet'));
    } else {
      answer(undefined, packet);
    }
  }
}
