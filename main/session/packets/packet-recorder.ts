import { type Disposable, toDisposable } from '#app/base/disposable.ts';
import { formatDuration, formatQuantity } from '#app/base/format.ts';
import type { KeepAliveFacts } from '#app/contract/feeds/packets.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { decodePacket } from '#app/mqtt/packets/decode-packet.ts';
import { maskSecrets } from '#app/mqtt/packets/packet.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import type { PacketTap, StreamTap, TapStart } from '../connector/packet-tap.ts';
import { WallClock } from '../wall-clock.ts';
import { Exchanges } from './exchanges.ts';
import { PacketSplitter } from './packet-splitter.ts';
import { PacketStore } from './packet-store.ts';

/** Milliseconds after the last view was closed until what was recorded is forgotten. */
const LINGER = 10 * 60 * 1000;

/** By their first half byte: packets that may hold secrets, type 0 (which none has) among them. */
const secretive: ReadonlySet<number> = new Set([0, 1, 2, 15]);
const PINGREQ = 12;
const PINGRESP = 13;
/** Received packets from which on mqtt.js counts the time to the next PINGREQ: CONNACK, acknowledgements, PINGRESP, AUTH. */
const restarts: ReadonlySet<number> = new Set([2, 4, 5, 6, 7, 9, 11, 13, 15]);

export interface RecorderDependencies {
  /** Has the connector listen along, or not. */
  readonly tap: (tap: PacketTap | undefined) => void;
  readonly onChange: () => void;
  /** Seconds that were asked for. */
  readonly keepAlive: () => number | undefined;
  readonly state: () => ConnectionState;
}

/**
 * Records the control packets of a session's connections while somebody looks. Nobody looking, the connector has no tap:
 * its streams then make one check for each chunk, and nothing else happens. Secrets are written over before a packet is
 * kept.
 */
export class PacketRecorder implements PacketTap, Disposable {
  readonly #dependencies: RecorderDependencies;
  readonly #clock = new WallClock();
  #store: PacketStore | undefined;
  #exchanges: Exchanges | undefined;
  #current: StreamTap | undefined;
  /** When the chunk at hand came or went. */
  #at = 0;
  #watchers = 0;
  /** Views that are open, paused ones among them. */
  #holders = 0;
  /** When the recording last stopped; undefined while it runs and before it began. */
  #stoppedAt: number | undefined;
  #linger: NodeJS.Timeout | undefined;
  #lastMark = '';
  #pingAt: number | undefined;
  #roundTrip: number | undefined;
  #pingsFrom: number | undefined;

  constructor(dependencies: RecorderDependencies) {
    this.#dependencies = dependencies;
  }

  /** What is kept; undefined while nobody has looked yet, or not for long. */
  get store(): PacketStore | undefined {
    return this.#store;
  }

  get isConnected(): boolean {
    return this.#dependencies.state().kind === 'connected';
  }

  get keepAlive(): KeepAliveFacts | undefined {
    const state = this.#dependencies.state();
    const asked = this.#dependencies.keepAlive();
    if (state.kind !== 'connected' || asked === undefined) {
      return undefined;
    }
    const seconds = state.connack.serverKeepAlive ?? asked;
    const hasNext = seconds > 0 && this.#pingsFrom !== undefined;
    return {
      seconds,
      ...(this.#pingAt === undefined ? {} : { pingAt: this.#pingAt }),
      ...(this.#roundTrip === undefined ? {} : { roundTrip: this.#roundTrip }),
      ...(hasNext ? { nextAt: (this.#pingsFrom ?? 0) + seconds * 1000 } : {}),
    };
  }

  /** Keeps what was recorded until disposed, and for a while after; a paused view does no more than that. */
  hold(): Disposable {
    this.#holders += 1;
    clearTimeout(this.#linger);
    return once(() => {
      this.#holders -= 1;
      if (this.#holders === 0) {
        this.#linger = setTimeout(() => this.#forget(), LINGER).unref();
      }
    });
  }

  /** Records until disposed. */
  watch(): Disposable {
    const holding = this.hold();
    this.#watchers += 1;
    if (this.#watchers === 1) {
      this.#start();
    }
    return once(() => {
      this.#watchers -= 1;
      if (this.#watchers === 0) {
        this.#stop();
      }
      holding.dispose();
    });
  }

  begin(start: TapStart): StreamTap {
    const { isWhole, skip, version } = start;
    if (!isWhole) {
      this.mark(
        skip > 0
          ? `Recording begins within the connection. The rest of a packet that was under way is left out: ${formatQuantity(skip, 'byte')}.`
          : 'Recording begins within the connection.',
      );
    }
    const sent = new PacketSplitter(0, (...packet) => this.#add(true, version, ...packet));
    const received = new PacketSplitter(skip, (...packet) => this.#add(false, version, ...packet));
    const take = (splitter: PacketSplitter, chunk: Uint8Array) => {
      const wasLost = splitter.isLost;
      this.#at = this.#clock.now();
      splitter.take(chunk);
      if (splitter.isLost && !wasLost) {
        this.mark('What comes from here on is no MQTT: no packet can be told from the next.', true);
      }
    };
    const stream: StreamTap = {
      received: (chunk) => take(received, chunk),
      sent: (chunk) => take(sent, chunk),
      ended: () => {
        if (this.#current === stream) {
          this.#current = undefined;
          sent.end();
          received.end();
          this.#exchanges?.disconnected();
          this.#forgetPings();
          this.mark('The connection is closed.');
        }
      },
    };
    this.#current = stream;
    return stream;
  }

  /** A line between packets. */
  mark(text: string, isBad = false): void {
    if (this.#watchers > 0) {
      this.#store?.mark(this.#clock.now(), text, isBad);
      this.#dependencies.onChange();
    }
  }

  /** The connection's state has changed. */
  onState(state: ConnectionState): void {
    const text = wordsOf(state);
    if (text !== undefined && text !== this.#lastMark) {
      this.mark(text, state.kind === 'failed' || state.kind === 'waiting');
    }
    this.#lastMark = text ?? this.#lastMark;
  }

  clear(): void {
    this.#store?.clear();
    this.#dependencies.onChange();
  }

  dispose(): void {
    clearTimeout(this.#linger);
    this.#dependencies.tap(undefined);
    this.#store = undefined;
  }

  #start(): void {
    const { state, tap } = this.#dependencies;
    this.#clock.resync();
    if (this.#store === undefined) {
      this.#store = new PacketStore();
      this.#exchanges = new Exchanges(this.#store);
    }
    if (this.#stoppedAt !== undefined) {
      this.mark(`Nothing was recorded for ${formatDuration(this.#clock.now() - this.#stoppedAt)}.`);
      this.#stoppedAt = undefined;
    }
    this.#lastMark = wordsOf(state()) ?? '';
    tap(this);
  }

  #stop(): void {
    this.#dependencies.tap(undefined);
    this.#current = undefined;
    // Answers may come while nobody listens.
    this.#exchanges?.clear();
    this.#forgetPings();
    this.#stoppedAt = this.#clock.now();
  }

  #forget(): void {
    this.#store = undefined;
    this.#exchanges = undefined;
    this.#stoppedAt = undefined;
  }

  #forgetPings(): void {
    this.#pingAt = undefined;
    this.#roundTrip = undefined;
    this.#pingsFrom = undefined;
  }

  #add(isSent: boolean, version: MqttVersion, bytes: Uint8Array, length: number, isCutOff: boolean): void {
    const at = this.#at;
    const type = (bytes[0] ?? 0) >> 4;
    const isPart = bytes.length < length;
    const kept = secretive.has(type)
      ? maskSecrets(bytes, decodePacket(bytes, version, isPart).secrets)
      : bytes;
    const sequence = this.#store?.add(at, isSent, version, kept, length, isCutOff);
    if (sequence === undefined) {
      return;
    }
    this.#exchanges?.observe(sequence, isSent, kept);
    if (type === PINGREQ) {
      this.#pingAt = at;
      this.#roundTrip = undefined;
    } else if (type === PINGRESP && this.#pingAt !== undefined) {
      this.#roundTrip = at - this.#pingAt;
    }
    if (!isSent && restarts.has(type)) {
      this.#pingsFrom = at;
    }
    this.#dependencies.onChange();
  }
}

/** Only the first call of its `dispose` counts. */
function once(dispose: () => void): Disposable {
  let isOver = false;
  return toDisposable(() => {
    if (!isOver) {
      isOver = true;
      dispose();
    }
  });
}

function wordsOf(state: ConnectionState): string | undefined {
  switch (state.kind) {
    case 'connecting':
      return state.attempt > 1 ? `Connecting, attempt ${state.attempt}` : 'Connecting';
    case 'connected':
      return `Connected with MQTT ${state.mqttVersion}`;
    case 'waiting':
    case 'failed':
      return state.failure.message;
    case 'disconnecting':
      return 'Disconnecting';
    case 'offline':
      return undefined;
  }
}
