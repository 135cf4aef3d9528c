import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { contract } from './contract.ts';
import type { FeedMap, InputOf, OperationMap, OutputOf, ParamsOf, WindowOf } from './define.ts';
import { type Failure, FailureError, fail } from './failure.ts';
import {
  CONTRACT_VERSION,
  decodeFrame,
  encodeFrame,
  type Frame,
  FrameKind,
  MAX_FRAME_BYTES,
  tooLargeFailure,
} from './frames.ts';
import type { Transport } from './transport.ts';

/** An open feed as the client holds it. Disposing closes it. */
export interface FeedHandle<Params> extends Disposable {
  update(params: Params): void;
}

export interface FeedListener<Window> {
  /** A new window. It is acknowledged when `onWindow` returns, or when the promise it returns settles. */
  onWindow(window: Window): void | Promise<void>;
  onEnd?(failure: Failure): void;
}

interface PendingRequest {
  settle(body: unknown): void;
  abandon(failure: Failure): void;
}

interface OpenFeed {
  readonly listener: FeedListener<never>;
}

export interface RequestOptions {
  /** Resolves or rejects elsewhere; the returned function registers a cancel callback. */
  readonly onCancel?: (cancel: () => void) => void;
  /** Milliseconds; default is the operation's own. */
  readonly timeout?: number;
}

/**
 * The calling end of the contract over any {@link Transport}. Requests reject with a {@link FailureError};
 * they time out loudly, and all end when the transport closes.
 */
export class ContractClient implements Disposable {
  readonly #transport: Transport;
  readonly #requests = new Map<number, PendingRequest>();
  readonly #feeds = new Map<number, OpenFeed>();
  readonly #disposables = new DisposableStore();
  readonly #closed = new Emitter<void>();
  #nextChannel = 1;
  #isClosed = false;
  #welcome: ((failure?: Failure) => void) | undefined;

  /** Fires once when the connection to the engine is lost. */
  readonly onDidClose = this.#closed.event;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#disposables.add(transport.onFrame((bytes) => this.#receive(decodeFrame(bytes))));
    this.#disposables.add(transport.onClose(() => this.#onClose()));
  }

  /** Agrees on the contract's version. Rejects when the engine is of another version or refuses the token. */
  connect(token?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#welcome = (failure) => {
        this.#welcome = undefined;
        clearTimeout(timer);
        if (failure === undefined) {
          resolve();
        } else {
          reject(new FailureError(failure));
        }
      };
      const timer = setTimeout(
        () => this.#welcome?.({ code: 'contract.timeout', message: 'The engine did not answer.' }),
        15_000,
      );
      this.#post(FrameKind.hello, 0, 'main', { version: CONTRACT_VERSION, token });
    });
  }

  main<K extends keyof MainOperations & string>(
    operation: K,
    input: InputOf<MainOperations[K]>,
    options?: RequestOptions,
  ): Promise<OutputOf<MainOperations[K]>> {
    return this.#request('main', contract.main.operations, operation, input, options);
  }

  readers<K extends keyof ReaderOperations & string>(
    operation: K,
    input: InputOf<ReaderOperations[K]>,
    options?: RequestOptions,
  ): Promise<OutputOf<ReaderOperations[K]>> {
    return this.#request('readers', contract.readers.operations, operation, input, options);
  }

  session<K extends keyof SessionOperations & string>(
    sessionId: string,
    operation: K,
    input: InputOf<SessionOperations[K]>,
    options?: RequestOptions,
  ): Promise<OutputOf<SessionOperations[K]>> {
    return this.#request(sessionId, contract.session.operations, operation, input, options);
  }

  mainFeed<K extends keyof MainFeeds & string>(
    feed: K,
    params: ParamsOf<MainFeeds[K]>,
    listener: FeedListener<WindowOf<MainFeeds[K]>>,
  ): FeedHandle<ParamsOf<MainFeeds[K]>> {
    return this.#open('main', feed, params, listener);
  }

  sessionFeed<K extends keyof SessionFeeds & string>(
    sessionId: string,
    feed: K,
    params: ParamsOf<SessionFeeds[K]>,
    listener: FeedListener<WindowOf<SessionFeeds[K]>>,
  ): FeedHandle<ParamsOf<SessionFeeds[K]>> {
    return this.#open(sessionId, feed, params, listener);
  }

  readersFeed<K extends keyof ReaderFeeds & string>(
    feed: K,
    params: ParamsOf<ReaderFeeds[K]>,
    listener: FeedListener<WindowOf<ReaderFeeds[K]>>,
  ): FeedHandle<ParamsOf<ReaderFeeds[K]>> {
    return this.#open('readers', feed, params, listener);
  }

  dispose(): void {
    this.#transport.close();
    this.#onClose();
    this.#disposables.dispose();
  }

  #request<M extends OperationMap, K extends keyof M & string>(
    target: string,
    operations: M,
    operation: K,
    input: unknown,
    options: RequestOptions = {},
  ): Promise<OutputOf<M[K]>> {
    if (this.#isClosed) {
      return Promise.reject(new FailureError(closedFailure));
    }
    const channel = this.#nextChannel++;
    const definition = operations[operation];
    return new Promise((resolve, reject) => {
      const abandon = (failure: Failure) => {
        clearTimeout(timer);
        this.#requests.delete(channel);
        reject(new FailureError(failure));
      };
      const timer = setTimeout(
        () => {
          this.#post(FrameKind.cancel, channel, target, {});
          abandon({ code: 'contract.timeout', message: `The engine did not answer “${operation}” in time.` });
        },
        options.timeout ?? definition?.timeout ?? 30_000,
      );
      options.onCancel?.(() => {
        this.#post(FrameKind.cancel, channel, target, {});
        abandon({ code: 'contract.cancelled', message: 'Cancelled.' });
      });
      const settle = (body: unknown) => {
        clearTimeout(timer);
        this.#requests.delete(channel);
        const response = body as { ok: true; value: OutputOf<M[K]> } | { ok: false; failure: Failure };
        if (response.ok) {
          resolve(response.value);
        } else {
          reject(new FailureError(response.failure));
        }
      };
      this.#requests.set(channel, { settle, abandon });
      this.#post(FrameKind.request, channel, target, { operation, input });
    });
  }

  #open<M extends FeedMap, K extends keyof M & string>(
    target: string,
    feed: K,
    params: unknown,
    listener: FeedListener<WindowOf<M[K]>>,
  ): FeedHandle<never> {
    const channel = this.#nextChannel++;
    this.#feeds.set(channel, { listener: listener as FeedListener<never> });
    this.#post(FrameKind.open, channel, target, { feed, params });
    const closing = toDisposable(() => {
      if (this.#feeds.delete(channel)) {
        this.#post(FrameKind.close, channel, target, {});
      }
    });
    return {
      update: (next: unknown) => {
        if (this.#feeds.has(channel)) {
          this.#post(FrameKind.update, channel, target, { params: next });
        }
      },
      dispose: () => closing.dispose(),
    };
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case FrameKind.welcome: {
        const { version } = frame.body as { version: number };
        this.#welcome?.(
          version === CONTRACT_VERSION
            ? undefined
            : fail(
                'contract.version',
                'The window and the engine are of different versions.',
                'Reload the window; if that does not help, restart Topicscope.',
              ).failure,
        );
        break;
      }
      case FrameKind.response:
        this.#requests.get(frame.channel)?.settle(frame.body);
        break;
      case FrameKind.window:
        void this.#deliver(frame);
        break;
      case FrameKind.ended: {
        const { failure } = frame.body as { failure: Failure };
        if (frame.channel === 0) {
          this.#welcome?.(failure);
          break;
        }
        const open = this.#feeds.get(frame.channel);
        this.#feeds.delete(frame.channel);
        open?.listener.onEnd?.(failure);
        break;
      }
      default:
        break;
    }
  }

  async #deliver(frame: Frame): Promise<void> {
    const open = this.#feeds.get(frame.channel);
    const { revision, window } = frame.body as { revision: number; window: never };
    try {
      await open?.listener.onWindow(window);
    } finally {
      if (open !== undefined) {
        this.#post(FrameKind.ack, frame.channel, frame.target, { revision });
      }
    }
  }

  #onClose(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#welcome?.(closedFailure);
    for (const request of [...this.#requests.values()]) {
      request.abandon(closedFailure);
    }
    for (const { listener } of [...this.#feeds.values()]) {
      listener.onEnd?.(closedFailure);
    }
    this.#feeds.clear();
    this.#closed.fire();
  }

  #post(kind: FrameKind, channel: number, target: string, body: unknown): void {
    if (this.#isClosed) {
      return;
    }
    const bytes = encodeFrame({ kind, channel, target, body });
    if (bytes.length <= MAX_FRAME_BYTES) {
      this.#transport.send(bytes);
    } else {
      this.#requests.get(channel)?.abandon(tooLargeFailure);
    }
  }
}

/** What calls and feeds end with when the line to the engine is down. */
export const closedFailure: Failure = {
  code: 'contract.closed',
  message: 'The connection to the engine was lost.',
  hint: 'Topicscope reconnects by itself; your sessions go on in the engine.',
};

type MainOperations = typeof contract.main.operations;
type SessionOperations = typeof contract.session.operations;
type ReaderOperations = typeof contract.readers.operations;
type MainFeeds = typeof contract.main.feeds;
type SessionFeeds = typeof contract.session.feeds;
type ReaderFeeds = typeof contract.readers.feeds;
