import type { MessagePort } from 'node:worker_threads';
import { type Disposable, DisposableStore } from '#app/base/disposable.ts';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import { CONTRACT_VERSION, decodeFrame, decodeHeader, encodeFrame, FrameKind } from '#app/contract/frames.ts';
import type { Transport } from '#app/contract/transport.ts';
import type { Engine } from './engine.ts';
import { postFrame } from './frame-port.ts';
import { endedFailure } from './session-worker.ts';

export interface ServeOptions {
  /** Judges the token of the client's first frame. */
  readonly checkToken: (token: string | undefined) => boolean | Promise<boolean>;
  /** Milliseconds that a client has for its first frame. */
  readonly helloTimeout?: number;
}

/** Targets that one client may have a line to: sessions are few, more is a client gone wrong. */
const MAX_LINKS = 200;
/** Bytes of a first frame: version and token. Whoever sends it is not known yet. */
const MAX_HELLO_BYTES = 64 * 1024;
/** Milliseconds between the end of a port and that of its worker. */
const GRACE = 100;

/**
 * Serves one client over any transport: agrees on version and token, then hands each frame to whom its header names.
 * Frames for sessions and readers are forwarded unread. A malformed frame closes this client and nobody else.
 */
export function serveClient(transport: Transport, engine: Engine, options: ServeOptions): Disposable {
  const disposables = new DisposableStore();
  const links = new Map<string, Link>();
  let greeting: 'awaited' | 'checked' | 'done' = 'awaited';

  const send = (frame: Uint8Array) => transport.send(frame);
  const end = () => {
    clearTimeout(timer);
    disposables.dispose();
    for (const link of [...links.values()]) {
      link.dispose();
    }
    links.clear();
  };
  const refuse = (failure: Failure) => {
    send(encodeFrame({ kind: FrameKind.ended, channel: 0, target: 'main', body: { failure } }));
    transport.close();
    end();
  };
  const timer = setTimeout(
    () => refuse(fail('contract.timeout', 'The window did not introduce itself in time.').failure),
    options.helloTimeout ?? 10_000,
  );
  const main = disposables.add(engine.serveMain(send));

  const greet = async (bytes: Uint8Array) => {
    const frame = bytes.length <= MAX_HELLO_BYTES ? decodeFrame(bytes) : undefined;
    if (frame?.kind !== FrameKind.hello) {
      throw fail('contract.hello', 'The first frame has to introduce the window.');
    }
    const { version, token } = readHello(frame.body);
    greeting = 'checked';
    if (!(await options.checkToken(token))) {
      refuse(
        fail(
          'access.denied',
          'The access token or password is wrong.',
          'Use the address that Topicscope printed when it started, or enter the password again.',
        ).failure,
      );
      return;
    }
    clearTimeout(timer);
    greeting = 'done';
    send(
      encodeFrame({
        kind: FrameKind.welcome,
        channel: 0,
        target: 'main',
        body: { version: CONTRACT_VERSION },
      }),
    );
    if (version !== CONTRACT_VERSION) {
      // The welcome tells the client why; nothing of another version is served.
      transport.close();
      end();
    }
  };

  const forward = (bytes: Uint8Array) => {
    const { target, kind, channel } = decodeHeader(bytes);
    if (target === 'main') {
      main.receive(decodeFrame(bytes));
      return;
    }
    let link = links.get(target);
    if (link === undefined) {
      // Only these two begin something; the others are for channels that a lost link has ended already.
      if (kind !== FrameKind.request && kind !== FrameKind.open) {
        return;
      }
      const port = links.size < MAX_LINKS ? engine.attach(target) : tooManyLinks.failure;
      if ('code' in port) {
        send(endOf(kind, channel, target, port));
        return;
      }
      link = new Link(target, port, send, () => links.delete(target));
      links.set(target, link);
    }
    link.forward(kind, channel, bytes);
  };

  disposables.add(
    transport.onFrame((bytes) => {
      try {
        if (greeting === 'done') {
          forward(bytes);
        } else if (greeting === 'awaited') {
          greet(bytes).catch((error: unknown) => refuse(toFailure(error)));
        } else {
          // Frames sent along with the hello, before its answer, are a client that does not keep to the contract.
          throw fail('contract.hello', 'The window did not wait for its welcome.');
        }
      } catch (error) {
        engine.logger.log('warning', 'A client was closed', { failure: toFailure(error) });
        refuse(toFailure(error));
      }
    }),
  );
  disposables.add(transport.onClose(end));
  return {
    dispose() {
      transport.close();
      end();
    },
  };
}

const tooManyLinks = fail('contract.channels', 'Too many sessions are in use by one window.');

/** A client's line to one worker. Remembers what is under way there, to end it when the worker goes. */
class Link implements Disposable {
  readonly #target: string;
  readonly #port: MessagePort;
  readonly #send: (frame: Uint8Array) => void;
  readonly #onGone: () => void;
  readonly #requests = new Set<number>();
  readonly #feeds = new Set<number>();
  #isDisposed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(target: string, port: MessagePort, send: (frame: Uint8Array) => void, onGone: () => void) {
    this.#target = target;
    this.#port = port;
    this.#send = send;
    this.#onGone = onGone;
    port.on('message', (frame: Uint8Array) => this.#receive(frame));
    port.once('close', () => this.#onClose());
  }

  forward(kind: FrameKind, channel: number, bytes: Uint8Array): void {
    if (kind === FrameKind.request) {
      this.#requests.add(channel);
    } else if (kind === FrameKind.open) {
      this.#feeds.add(channel);
    } else if (kind === FrameKind.close) {
      this.#feeds.delete(channel);
    }
    postFrame(this.#port, bytes);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#port.close();
  }

  #receive(frame: Uint8Array): void {
    if (this.#isDisposed) {
      return;
    }
    const { kind, channel } = decodeHeader(frame);
    if (kind === FrameKind.response) {
      this.#requests.delete(channel);
    } else if (kind === FrameKind.ended) {
      this.#feeds.delete(channel);
    }
    this.#send(frame);
  }

  /** The port of a dying worker closes a little before the worker is known to be gone: a retry is to reach the next one. */
  #onClose(): void {
    if (!this.#isDisposed) {
      this.#timer = setTimeout(() => this.#report(), GRACE);
    }
  }

  #report(): void {
    this.#isDisposed = true;
    this.#onGone();
    const { failure } = this.#target === 'readers' ? decoderEnded : endedFailure();
    for (const channel of this.#requests) {
      this.#send(endOf(FrameKind.request, channel, this.#target, failure));
    }
    for (const channel of this.#feeds) {
      this.#send(endOf(FrameKind.open, channel, this.#target, failure));
    }
  }
}

const decoderEnded = fail(
  'readers.ended',
  'The payload could not be decoded: the decoder ended.',
  'Try again, or choose another view.',
);

/** The frame that ends a request or a feed with a failure. */
function endOf(kind: FrameKind, channel: number, target: string, failure: Failure): Uint8Array {
  return kind === FrameKind.request
    ? encodeFrame({ kind: FrameKind.response, channel, target, body: { ok: false, failure } })
    : encodeFrame({ kind: FrameKind.ended, channel, target, body: { failure } });
}

function readHello(body: unknown): { readonly version: unknown; readonly token: string | undefined } {
  const version = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined;
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  return { version, token: typeof token === 'string' ? token : undefined };
}
