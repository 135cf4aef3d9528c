import { setImmediate as nextTurn } from 'node:timers/promises';
import { FailureError, fail } from '#app/contract/failure.ts';
import { CHARSET_PREFIX } from '#app/payload/charset-codec.ts';
import type { Codec, DecodeLimits, PayloadContext } from '#app/payload/codec.ts';
import { codecById, detectCodec } from '#app/payload/registry.ts';
import type { AliasNames } from '#app/payload/sparkplug/alias-names.ts';
import { contextOf as contextOfLog } from './message-context.ts';
import type { SessionLogs, StoredMessage } from './session-logs.ts';
import type { SessionRules } from './session-rules.ts';
import { SPARKPLUG, sparkplugContext } from './sparkplug/sparkplug-context.ts';
import { type Unwrapped, unwrap, unwrapNotes } from './unwrap.ts';
import { type DecodedView, ViewCache } from './view-cache.ts';

/** What one view may cost. */
export interface ReaderLimits {
  /** UTF-16 units of shown text. */
  readonly maxTextLength: number;
  readonly maxDepth: number;
  /** Milliseconds that a codec may work on a payload. */
  readonly maxTime: number;
  /** Bytes that a compressed payload may unpack to. */
  readonly maxUnpacked: number;
  /** Bytes of decoded views that are kept. */
  readonly cacheBytes: number;
}

export const defaultReaderLimits: ReaderLimits = {
  maxTextLength: 64 * 1024 * 1024,
  maxDepth: 100,
  maxTime: 2000,
  maxUnpacked: 64 * 1024 * 1024,
  cacheBytes: 256 * 1024 * 1024,
};

/** Views that show the bytes as they came. */
const rawViews: ReadonlySet<string> = new Set(['hex', 'base64']);

/** Told when a codec begins and ends, so that one that never ends is noticed from outside. */
export interface DecodeWatch {
  onBegin(what: string): void;
  onEnd(): void;
}

/** Decodes messages for all clients, one at a time, and keeps what was decoded last. */
export class Decoder {
  readonly #logs: SessionLogs;
  readonly #limits: ReaderLimits;
  readonly #watch: DecodeWatch;
  readonly #find: (id: string) => Codec | undefined;
  readonly #rules: Pick<SessionRules, 'codecOf' | 'find'> | undefined;
  readonly #cache: ViewCache;
  #queue: Promise<unknown> = Promise.resolve();
  /** Counts the sessions that were removed. */
  #epoch = 0;

  constructor(
    logs: SessionLogs,
    limits: ReaderLimits,
    watch: DecodeWatch,
    find: (id: string) => Codec | undefined = codecById,
    rules?: Pick<SessionRules, 'codecOf' | 'find'>,
  ) {
    this.#logs = logs;
    this.#limits = limits;
    this.#watch = watch;
    this.#find = find;
    this.#rules = rules;
    this.#cache = new ViewCache(limits.cacheBytes);
  }

  /**
   * The view of a message by a codec, or by the one that `auto` chooses: the one of the rule for `topic`, else the one
   * that is surest of the bytes. From the cache or decoded now.
   */
  async view(
    sessionId: string,
    sequence: number,
    wanted: string | Codec,
    isWanted: () => boolean = () => true,
    topic?: string,
  ): Promise<DecodedView> {
    const cached = this.#cache.get(sessionId, sequence, typeof wanted === 'string' ? wanted : wanted.id);
    if (cached !== undefined) {
      return cached;
    }
    const epoch = this.#epoch;
    return this.#inTurn(async () => {
      if (!isWanted()) {
        throw fail('contract.cancelled', 'Cancelled.');
      }
      // Copied only now: of many large messages that wait for their turn, one is in memory.
      const message = await this.#logs.read(sessionId, sequence);
      const unwrapped = unwrap(message.payload, this.#limits.maxUnpacked, message);
      const codec =
        typeof wanted === 'string'
          ? this.#choose(message, unwrapped.bytes, wanted, sessionId, topic)
          : wanted;
      // Somebody else may have asked for the same meanwhile, or for what `auto` means here.
      const known = this.#cache.get(sessionId, sequence, codec.id);
      if (known !== undefined) {
        return known;
      }
      const aliases = codec.id === SPARKPLUG ? await this.#aliases(sessionId, sequence) : undefined;
      const view = this.#decode(message, unwrapped, codec, aliases);
      // Since a session was removed, the sequence number may belong to another message.
      if (epoch === this.#epoch) {
        this.#cache.add(sessionId, sequence, codec.id, view);
      }
      return view;
    });
  }

  removeSession(sessionId: string): void {
    this.#epoch += 1;
    this.#cache.removeSession(sessionId);
  }

  #choose(
    message: StoredMessage,
    bytes: Uint8Array,
    codecId: string,
    sessionId: string,
    topic: string | undefined,
  ): Codec {
    const context = { ...contextOf(message), topic: topic ?? '' };
    if (codecId === 'auto') {
      const ruled = topic === undefined ? undefined : this.#rules?.codecOf(sessionId, topic);
      return ruled?.choose?.(bytes, context) ?? ruled ?? detectCodec(bytes, context);
    }
    const codec = this.#rules?.find(sessionId, codecId) ?? this.#find(codecId);
    if (codec === undefined) {
      throw fail('view.codec', `There is no view “${codecId}”.`, 'Choose another view.');
    }
    return codec.choose?.(bytes, context) ?? codec;
  }

  async #aliases(sessionId: string, sequence: number): Promise<AliasNames | undefined> {
    const reader = this.#logs.reader(sessionId);
    const row = reader?.details(sequence);
    if (reader === undefined || row === undefined) {
      return undefined;
    }
    await this.#logs.knowledge?.untilReady(sessionId, reader, row.topicId);
    return contextOfLog(reader).aliasesOf(row.topicId, sequence);
  }

  #decode(
    message: StoredMessage,
    unwrapped: Unwrapped,
    codec: Codec,
    aliases: AliasNames | undefined,
  ): DecodedView {
    const { payload } = message;
    const until = performance.now() + this.#limits.maxTime;
    const limits: DecodeLimits = {
      maxTextLength: this.#limits.maxTextLength,
      maxDepth: this.#limits.maxDepth,
      isOver: () => performance.now() > until,
    };
    this.#watch.onBegin(codec.label);
    try {
      // The grid and Base64 are of the bytes as they came, also where they were chosen for what is inside.
      const isRaw = rawViews.has(codec.id);
      const bytes = codec.id.startsWith(CHARSET_PREFIX) ? unwrapped.unpacked : unwrapped.bytes;
      const decoded = codec.decode(isRaw ? payload : bytes, limits, {
        ...contextOf(message),
        ...(codec.id === SPARKPLUG ? { sparkplug: sparkplugContext(aliases) } : {}),
      });
      const notes = unwrapNotes(unwrapped, payload.length, isRaw ? 'bytes, shown as they came' : codec.label);
      return {
        codec: codec.id,
        by: codec,
        size: payload.length,
        decoded: {
          ...decoded,
          // Of an image that was packed, the page has no bytes.
          ...(decoded.shape === 'image' && bytes !== payload && decoded.base64 === undefined
            ? { base64: Buffer.from(bytes).toString('base64') }
            : {}),
          notes: [...notes, ...decoded.notes],
        },
      };
    } catch (error) {
      if (error instanceof FailureError) {
        throw error;
      }
      throw fail(
        'view.failed',
        `This payload cannot be shown as ${codec.label}.`,
        'Choose Hex to see its bytes.',
        error instanceof Error ? error.message : String(error),
      );
    } finally {
      this.#watch.onEnd();
    }
  }

  /** One after the other, with a turn of the event loop between them, in which cancellations arrive. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      await nextTurn();
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

/** The topic is known to the session only: codecs read payloads without it; who chooses one is given it. */
function contextOf({ payload: _, ...properties }: StoredMessage): PayloadContext {
  return { topic: '', ...properties };
}
