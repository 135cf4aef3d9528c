import { z } from 'zod';
import type { Disposable } from '../base/disposable.ts';
import { toDisposable } from '../base/disposable.ts';
import type { FeedMap, OperationMap, OutputOf, ParsedInputOf, ParsedParamsOf, WindowOf } from './define.ts';
import { type Failure, FailureError, toFailure } from './failure.ts';
import { encodeFrame, type Frame, FrameKind, MAX_FRAME_BYTES, tooLargeFailure } from './frames.ts';

/** Told to an operation that its caller has gone or cancelled. */
interface Cancellation {
  readonly isCancelled: boolean;
  onCancel(listener: () => void): Disposable;
}

export type OperationHandlers<M extends OperationMap> = {
  readonly [K in keyof M]: (
    input: ParsedInputOf<M[K]>,
    cancellation: Cancellation,
  ) => OutputOf<M[K]> | Promise<OutputOf<M[K]>>;
};

/** One open feed of one client. `push` may be called once per `pull`; see {@link FeedSource}. */
export interface FeedInstance<Params> extends Disposable {
  /** The client moved its window. */
  update(params: Params): void;
  /**
   * The client has taken the last window (or has none yet) and wants the next one:
   * call `push` now if something is new, otherwise as soon as it is, at the pacer's next tick.
   */
  pull(): void;
}

/** Opens a feed for a client. Each call of `push` sends one window; none may follow before the next `pull`. */
export type FeedSource<Params, Window> = (
  params: Params,
  push: (window: Window) => void,
) => FeedInstance<Params>;

export type FeedSources<M extends FeedMap> = {
  readonly [K in keyof M]: FeedSource<ParsedParamsOf<M[K]>, WindowOf<M[K]>>;
};

export interface ContractServerOptions<O extends OperationMap, F extends FeedMap> {
  readonly operations: O;
  readonly handlers: OperationHandlers<O>;
  readonly feeds: F;
  readonly sources: FeedSources<F>;
}

/** At most this many feeds and running operations per client: beyond it, something is wrong with the client. */
const MAX_CHANNELS = 1000;

interface OpenFeed {
  readonly schema: z.ZodType;
  readonly instance: FeedInstance<unknown>;
  revision: number;
  awaitsAck: boolean;
}

/**
 * Serves one target of the contract to one client. Input is parsed on arrival; whatever a handler throws
 * crosses as a {@link Failure} value. Disposing it closes the client's feeds and cancels its operations.
 */
export class ContractServer<O extends OperationMap, F extends FeedMap> implements Disposable {
  readonly #options: ContractServerOptions<O, F>;
  readonly #target: string;
  readonly #send: (frame: Uint8Array) => void;
  readonly #feeds = new Map<number, OpenFeed>();
  readonly #running = new Map<number, () => void>();
  #isDisposed = false;

  constructor(options: ContractServerOptions<O, F>, target: string, send: (frame: Uint8Array) => void) {
    this.#options = options;
    this.#target = target;
    this.#send = send;
  }

  /** Takes a decoded frame that was addressed to this target. */
  receive(frame: Frame): void {
    switch (frame.kind) {
      case FrameKind.request:
        void this.#request(frame);
        break;
      case FrameKind.cancel:
        this.#running.get(frame.channel)?.();
        break;
      case FrameKind.open:
        this.#open(frame);
        break;
      case FrameKind.update:
        this.#update(frame);
        break;
      case FrameKind.ack:
        this.#acknowledge(frame);
        break;
      case FrameKind.close:
        this.#closeFeed(frame.channel);
        break;
      default:
        break;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const channel of [...this.#feeds.keys()]) {
      this.#closeFeed(channel);
    }
    for (const cancel of [...this.#running.values()]) {
      cancel();
    }
  }

  async #request(frame: Frame): Promise<void> {
    const { channel } = frame;
    const listeners = new Set<() => void>();
    let isCancelled = false;
    const cancellation: Cancellation = {
      get isCancelled() {
        return isCancelled;
      },
      onCancel(listener) {
        listeners.add(listener);
        return toDisposable(() => listeners.delete(listener));
      },
    };
    let isOurs = false;
    try {
      this.#checkChannel(channel);
      isOurs = true;
      const { operation, input } = parse(requestBody, frame.body, 'request');
      const definition = own(this.#options.operations, operation);
      const handler = own(this.#options.handlers, operation);
      if (definition === undefined || handler === undefined) {
        throw new FailureError({
          code: 'contract.unknown',
          message: `There is no operation “${operation}”.`,
          hint: 'Reload the window: it may be of another version than the engine.',
        });
      }
      this.#running.set(channel, () => {
        isCancelled = true;
        for (const listener of listeners) {
          listener();
        }
      });
      const parsed = parse(definition.input, input, operation);
      const value = await handler(parsed as never, cancellation);
      this.#post(FrameKind.response, channel, { ok: true, value });
    } catch (error) {
      this.#post(FrameKind.response, channel, { ok: false, failure: toFailure(error) });
    } finally {
      // A refused second request on a channel must not make the first one unknown.
      if (isOurs) {
        this.#running.delete(channel);
      }
    }
  }

  #open(frame: Frame): void {
    const { channel } = frame;
    try {
      this.#checkChannel(channel);
      const { feed, params } = parse(openBody, frame.body, 'open');
      const definition = own(this.#options.feeds, feed);
      const source = own(this.#options.sources, feed);
      if (definition === undefined || source === undefined) {
        throw new FailureError({ code: 'contract.unknown', message: `There is no feed “${feed}”.` });
      }
      const push = (window: unknown) => {
        const open = this.#feeds.get(channel);
        if (open !== undefined && !open.awaitsAck) {
          open.revision += 1;
          open.awaitsAck = true;
          this.#post(FrameKind.window, channel, { revision: open.revision, window });
        }
      };
      const instance = source(parse(definition.params, params, feed) as never, push as never);
      this.#feeds.set(channel, {
        schema: definition.params,
        instance: instance as FeedInstance<unknown>,
        revision: 0,
        awaitsAck: false,
      });
      instance.pull();
    } catch (error) {
      this.#end(channel, toFailure(error));
    }
  }

  #update(frame: Frame): void {
    const open = this.#feeds.get(frame.channel);
    if (open === undefined) {
      return;
    }
    try {
      const { params } = parse(updateBody, frame.body, 'update');
      open.instance.update(parse(open.schema, params, 'update'));
    } catch (error) {
      this.#end(frame.channel, toFailure(error));
    }
  }

  #acknowledge(frame: Frame): void {
    const open = this.#feeds.get(frame.channel);
    const body = ackBody.safeParse(frame.body);
    if (open?.awaitsAck === true && body.success && body.data.revision === open.revision) {
      open.awaitsAck = false;
      try {
        open.instance.pull();
      } catch (error) {
        this.#end(frame.channel, toFailure(error));
      }
    }
  }

  #closeFeed(channel: number): void {
    const open = this.#feeds.get(channel);
    this.#feeds.delete(channel);
    open?.instance.dispose();
  }

  #end(channel: number, failure: Failure): void {
    this.#closeFeed(channel);
    this.#post(FrameKind.ended, channel, { failure });
  }

  #checkChannel(channel: number): void {
    if (this.#feeds.has(channel) || this.#running.has(channel)) {
      throw new FailureError({ code: 'contract.channel', message: `Channel ${channel} is in use.` });
    }
    if (this.#feeds.size + this.#running.size >= MAX_CHANNELS) {
      throw new FailureError({
        code: 'contract.channels',
        message: 'Too many requests are running at once.',
      });
    }
  }

  #post(kind: FrameKind, channel: number, body: unknown): void {
    if (this.#isDisposed) {
      return;
    }
    const bytes = encodeFrame({ kind, channel, target: this.#target, body });
    if (bytes.length <= MAX_FRAME_BYTES) {
      this.#send(bytes);
    } else if (kind === FrameKind.window) {
      this.#end(channel, tooLargeFailure);
    } else {
      // A response: a failure is never as long as that.
      this.#post(kind, channel, { ok: false, failure: tooLargeFailure });
    }
  }
}

const requestBody = z.object({ operation: z.string().max(100), input: z.unknown() });
const openBody = z.object({ feed: z.string().max(100), params: z.unknown() });
const updateBody = z.object({ params: z.unknown() });
const ackBody = z.object({ revision: z.int().min(0) });

/** Names come from the wire: only own properties count, so that `constructor` finds nothing. */
function own<M extends object>(map: M, key: string): M[keyof M] | undefined {
  return Object.hasOwn(map, key) ? map[key as keyof M] : undefined;
}

function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new FailureError({
      code: 'contract.input',
      message: result.error.issues[0]?.message ?? 'The input is not valid.',
      detail: `${what}: ${z.prettifyError(result.error)}`,
    });
  }
  return result.data;
}
