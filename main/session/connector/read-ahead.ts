import { Duplex } from 'node:stream';
import type { MqttVersion } from '#app/profile/profile.ts';
import type { PacketTap, StreamTap } from './packet-tap.ts';
import type { PublishLane } from './publish-lane.ts';

/** Bytes of a burst that may wait to be looked at. */
const BURST = 64 * 1024 * 1024;
/** Bytes that may wait once a burst was longer than that: a flood that lasts is not lessened by letting it wait here. */
const FLOOD = 256 * 1024;
/** Bytes that are given out in one turn of the event loop: what one read of a socket brings at most. */
const TURN = 64 * 1024;
/** Places of chunks that were given out, before they are taken from the list. */
const KEPT_CHUNKS = 256;
/** Bytes of a write up to which it is heard together with its neighbours. */
const SMALL = 4096;
const NOTHING = new Uint8Array();

/**
 * A stream that reads on while what it read before is still being looked at: a turn of the event loop takes all that
 * the socket has, and gives one chunk of it to mqtt.js. A broker drops what a client leaves waiting: Mosquitto sends
 * all retained messages of a new subscription at once and keeps 1,000 that do not fit the socket, so that of 100,000
 * we missed 60,000 while each was entered before the next was read (measured).
 * What was read before the end or an error of the socket is given out before it. A flood that lasts waits in the
 * system's buffers instead: what lies here for long has left the processor's caches (a twentieth slower, measured).
 */
export class ReadAhead extends Duplex {
  readonly #inner: Duplex;
  readonly #lane: PublishLane;
  readonly #burst: number;
  readonly #flood: number;
  /** Bytes beyond which the socket is left alone until there is room. */
  #limit: number;
  #waiting: Uint8Array[] = [];
  /** Of the next chunk in `#waiting`; those before were given out. */
  #next = 0;
  #waitingBytes = 0;
  #isWanted = false;
  #isScheduled = false;
  /** How the inner stream ended, once it has. */
  #ended: { readonly error?: Error; readonly isClosed: boolean } | undefined;
  #isEndTold = false;
  /** Where mqtt.js takes in what is pushed. */
  #destination: { readonly writableLength?: number } | undefined;
  readonly #giveOut = () => this.#deliver();
  /** Hears the bytes while somebody looks at the packets; otherwise each chunk is asked for it once, and that is all. */
  #tap: StreamTap | undefined;
  #isFresh = true;

  constructor(inner: Duplex, lane: PublishLane, burst = BURST, flood = FLOOD) {
    super({ allowHalfOpen: false, emitClose: true });
    this.#inner = inner;
    this.#lane = lane;
    this.#burst = burst;
    this.#flood = flood;
    this.#limit = burst;
    inner.on('data', (chunk: Uint8Array) => this.#take(chunk));
    inner.once('end', () => this.#end({ isClosed: false }));
    inner.on('error', (error: Error) => this.#end({ error, isClosed: true }));
    inner.once('close', () => this.#end({ isClosed: true }));
    this.once('end', () => this.#close());
    this.once('close', () => this.#tap?.ended());
  }

  /**
   * Lets somebody listen along. What was read and not looked at yet is heard at once, so that no packet is missed from
   * then on. What is written begins with a packet: mqtt.js writes each whole within one turn of the event loop, corked.
   */
  tap(tap: PacketTap | undefined, version: MqttVersion): void {
    const { skip, unread } = this.#lane.place;
    this.#tap = this.destroyed ? undefined : tap?.begin({ version, isWhole: this.#isFresh, skip });
    if (this.#tap !== undefined) {
      this.#tap.received(unread);
      for (const chunk of this.#waiting.slice(this.#next)) {
        this.#tap.received(chunk);
      }
    }
  }

  #take(chunk: Uint8Array): void {
    this.#tap?.received(chunk);
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > this.#limit) {
      this.#limit = this.#flood;
      this.#inner.pause();
    }
    this.#schedule();
  }

  #end(how: { readonly error?: Error; readonly isClosed: boolean }): void {
    if (this.#ended?.error === undefined) {
      this.#ended = how;
    }
    if (this.readableEnded) {
      this.#close();
    } else {
      this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#isWanted && !this.#isScheduled && !this.destroyed) {
      this.#isScheduled = true;
      setImmediate(this.#giveOut);
    }
  }

  /** So much a turn: in between the socket is read. */
  #deliver(): void {
    this.#isScheduled = false;
    if (this.destroyed) {
      return;
    }
    const isBusy = this.readableLength > 0 || (this.#destination?.writableLength ?? 0) > 0;
    let mayTake = !isBusy;
    for (let given = 0; given < TURN; ) {
      if (this.#lane.isDry) {
        const chunk = this.#waiting[this.#next];
        if (chunk === undefined) {
          break;
        }
        this.#next += 1;
        this.#waitingBytes -= chunk.length;
        given += chunk.length;
        this.#lane.feed(chunk);
      }
      const forOther = this.#lane.advance(mayTake);
      if (forOther !== undefined) {
        mayTake = false;
        this.#isWanted = false;
        this.push(forOther);
      }
      if (!this.#lane.isDry) {
        // A message is next, and mqtt.js has to be done with what came before it.
        break;
      }
    }
    this.#forgetGiven();
    if (!this.#inner.isPaused()) {
      this.#limit = this.#waitingBytes === 0 ? this.#burst : this.#limit;
    } else if (this.#waitingBytes * 2 <= this.#limit) {
      this.#inner.resume();
    }
    if (this.#lane.isDry && this.#waiting.length === 0) {
      this.#tellEnd();
    } else {
      this.#schedule();
    }
  }

  #forgetGiven(): void {
    if (this.#next === this.#waiting.length || this.#next >= KEPT_CHUNKS) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    } else {
      this.#waiting.fill(NOTHING, 0, this.#next);
    }
  }

  /** Behind what was read: `destroy` would drop what was given out and not looked at yet. */
  #tellEnd(): void {
    if (this.#ended !== undefined && !this.#isEndTold) {
      this.#isEndTold = true;
      const rest = this.#lane.rest();
      if (rest.length > 0) {
        this.push(rest);
      }
      this.push(null);
    }
  }

  #close(): void {
    if (this.#ended?.isClosed === true) {
      this.destroy(this.#ended.error);
    }
  }

  override pipe<Destination extends NodeJS.WritableStream>(
    destination: Destination,
    options?: { end?: boolean },
  ): Destination {
    this.#destination = destination as { readonly writableLength?: number };
    return super.pipe(destination, options);
  }

  override _read(): void {
    this.#isWanted = true;
    // The lane may hold a message back until mqtt.js has done its part: nothing else may come to wake it.
    if (this.#waiting.length > 0 || !this.#lane.isDry || this.#ended !== undefined) {
      this.#schedule();
    }
  }

  // A write that fails ends the inner stream, which tells why, after what it had read: it is not told twice.
  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#isFresh = false;
    this.#tap?.sent(chunk);
    this.#inner.write(chunk, () => done());
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: () => void): void {
    const last = chunks.length - 1;
    this.#isFresh = false;
    this.#inner.cork();
    if (this.#tap !== undefined) {
      tellSent(this.#tap, chunks);
    }
    for (const [index, { chunk }] of chunks.entries()) {
      this.#inner.write(chunk, index === last ? () => done() : undefined);
    }
    this.#inner.uncork();
  }

  override _final(done: () => void): void {
    this.#inner.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#waiting = [];
    this.#next = 0;
    if (this.#inner.closed) {
      done(error);
      return;
    }
    this.#inner.once('close', () => done(error));
    this.#inner.destroy();
  }
}

/** mqtt.js writes a packet in several small pieces: together they are heard in far fewer steps (measured). */
function tellSent(tap: StreamTap, chunks: readonly { readonly chunk: Uint8Array }[]): void {
  let small: Uint8Array[] = [];
  for (const { chunk } of chunks) {
    if (chunk.length <= SMALL) {
      small.push(chunk);
    } else {
      tap.sent(Buffer.concat(small));
      tap.sent(chunk);
      small = [];
    }
  }
  tap.sent(Buffer.concat(small));
}
