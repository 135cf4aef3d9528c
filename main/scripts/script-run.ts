import { Worker } from 'node:worker_threads';
import { toFailure } from '#app/contract/failure.ts';
import type { PublishOutcome } from '#app/contract/operations/session.ts';
import type { Qos } from '#app/profile/profile.ts';
import {
  type FromScript,
  MAX_SCRIPT_PAYLOAD,
  type ScriptCheck,
  type ScriptDelivery,
  type ScriptFault,
  type ScriptLine,
  type ScriptPublish,
  type ScriptRequest,
  type ToScript,
} from '#app/script/script-messages.ts';
import { defaultLimits, type SandboxLimits } from './sandbox.ts';
import { TopicHandlers } from './topic-handlers.ts';

/** Lines and checks that are kept of a run; messages that wait for the script before some are left out. */
const MAX_LINES = 2000;
const MAX_CHECKS = 2000;
const MAX_WAITING = 1000;
/** UTF-16 units of the kept lines, and bytes of the payloads that wait. */
const MAX_LINES_LENGTH = 1_000_000;
const MAX_WAITING_BYTES = 16_000_000;
/** Milliseconds between two pings, and of pings without an answer after which a script is taken to hang. */
const PING = 1000;
const SILENCE = 8000;
/** Milliseconds for leaving by itself. */
const LEAVE = 1000;

export type ScriptState = 'running' | 'stopped' | 'failed';

/** What a script can do outside of its sandbox. Rejections are shown to it with their message. */
export interface ScriptOutside {
  /** Asks the guard first. */
  publish(message: ScriptPublish): Promise<PublishOutcome>;
  subscribe(filter: string, qos: Qos): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
}

export interface ScriptRunOptions {
  readonly workerUrl: URL;
  readonly outside: ScriptOutside;
  /** Something of the run is different now. */
  readonly onChange: () => void;
  /** Once, when it runs no more, whatever ended it. */
  readonly onEnd?: () => void;
  readonly limits?: SandboxLimits;
  /** Milliseconds; for tests. */
  readonly silence?: number;
}

/** A script that was started, in a worker of its own: it can hang without holding up anything else. */
export class ScriptRun {
  readonly #options: ScriptRunOptions;
  readonly #worker: Worker;
  readonly #handlers = new TopicHandlers();
  readonly #commands = new Set<string>();
  readonly #watch: NodeJS.Timeout;
  readonly #lines: ScriptLine[] = [];
  #linesLength = 0;
  readonly #checks: ScriptCheck[] = [];
  /** Bytes of each message that the script did not take yet. */
  readonly #waiting: number[] = [];
  #waitingBytes = 0;
  #missed = 0;
  #passed = 0;
  #pending = 0;
  #failed = 0;
  /** Pings since it was heard. Counted, for time passes also while this thread, or the machine, stands still. */
  #unanswered = 0;
  #state: ScriptState = 'running';
  #fault: ScriptFault | undefined;
  readonly #gone: Promise<void>;

  constructor(source: string, options: ScriptRunOptions) {
    this.#options = options;
    this.#worker = new Worker(options.workerUrl, {
      name: 'script',
      workerData: options.limits ?? defaultLimits,
      env: {},
      // The script's own memory is WebAssembly's; this is what its requests need on their way.
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    this.#worker.on('message', (message: FromScript) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(toFault(error)));
    this.#gone = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        clearInterval(this.#watch);
        this.#fail({ code: 'script.ended', message: 'The script ended unexpectedly.' });
        resolve();
      });
    });
    this.#watch = setInterval(() => this.#look(), PING);
    this.#post({ type: 'start', source });
  }

  get state(): ScriptState {
    return this.#state;
  }

  get fault(): ScriptFault | undefined {
    return this.#fault;
  }

  /** The newest ones, the oldest first. */
  get lines(): readonly ScriptLine[] {
    return this.#lines;
  }

  get checks(): readonly ScriptCheck[] {
    return this.#checks;
  }

  /** Of all checks, also of those that are not kept any more. */
  get passed(): number {
    return this.#passed;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Checks that have begun and not ended. */
  get pending(): number {
    return this.#pending;
  }

  /** Names that {@link command} takes. */
  get commands(): readonly string[] {
    return [...this.#commands];
  }

  /** Messages that it did not get: it was behind, or they were too large. */
  get missed(): number {
    return this.#missed;
  }

  /** Whether a handler is there for the messages of a topic. */
  wants(topic: string): boolean {
    return this.#state === 'running' && this.#handlers.of(topic).length > 0;
  }

  /** Whether it takes so many bytes more; counts a message as missed if not. */
  hasRoomFor(bytes: number): boolean {
    const hasRoom =
      bytes <= MAX_SCRIPT_PAYLOAD &&
      this.#waiting.length < MAX_WAITING &&
      this.#waitingBytes + bytes <= MAX_WAITING_BYTES;
    if (!hasRoom) {
      this.miss();
    }
    return hasRoom;
  }

  /** Counts a message that it does not get. */
  miss(): void {
    this.#missed += 1;
    this.#options.onChange();
  }

  /** A message was received; what no handler wants does not reach the worker. Keeps no part of `payload`. */
  message(message: Omit<ScriptDelivery, 'handlers'>): void {
    if (this.#state !== 'running') {
      return;
    }
    const handlers = this.#handlers.of(message.topic);
    if (handlers.length === 0 || !this.hasRoomFor(message.payload.length)) {
      return;
    }
    this.#waiting.push(message.payload.length);
    this.#waitingBytes += message.payload.length;
    this.#post({
      type: 'message',
      message: { ...message, payload: Uint8Array.from(message.payload), handlers },
    });
  }

  connected(): void {
    this.#post({ type: 'connected' });
  }

  disconnected(): void {
    this.#post({ type: 'disconnected' });
  }

  /** Runs the handler of `onCommand` with the text that was typed for it; answers whether there is one. */
  command(name: string, argument: string): boolean {
    const isThere = this.#state === 'running' && this.#commands.has(name);
    if (isThere) {
      this.#post({ type: 'command', name, argument });
    }
    return isThere;
  }

  /** Nothing that the script asks for is done from now on. Resolves when its worker is gone. */
  async stop(): Promise<void> {
    this.#end('stopped');
    const timer = setTimeout(() => void this.#worker.terminate(), LEAVE);
    await this.#gone;
    clearTimeout(timer);
  }

  #receive(message: FromScript): void {
    this.#unanswered = 0;
    switch (message.type) {
      case 'request':
        if (this.#state === 'running') {
          this.#onRequest(message.request);
        }
        return;
      case 'took':
        this.#waitingBytes -= this.#waiting.shift() ?? 0;
        return;
      case 'pending':
        if (this.#state === 'running') {
          this.#pending = message.checks;
          this.#options.onChange();
        }
        return;
      case 'checks':
        if (this.#state === 'running') {
          this.#passed += message.passed;
          this.#failed += message.failed;
          this.#options.onChange();
        }
        return;
      case 'failed':
        this.#fail(message.fault);
        return;
      default:
    }
  }

  #onRequest(request: Exclude<ScriptRequest, { readonly kind: 'timer' | 'clearTimer' | 'checking' }>): void {
    const { outside, onChange } = this.#options;
    switch (request.kind) {
      case 'publish':
        void this.#settle(request.call, () => outside.publish(request.message));
        return;
      case 'subscribe':
        void this.#settle(request.call, async () => {
          await outside.subscribe(request.filter, request.qos);
          return undefined;
        });
        return;
      case 'unsubscribe':
        void this.#settle(request.call, async () => {
          await outside.unsubscribe(request.filter);
          return undefined;
        });
        return;
      case 'listen':
        this.#handlers.add(request.handler, request.filter);
        return;
      case 'forget':
        this.#handlers.remove(request.handler);
        return;
      case 'command':
        this.#commands.add(request.name);
        break;
      case 'line': {
        const { kind, text, ...line } = request;
        this.#lines.push({ at: Date.now(), text, ...withoutUndefined(line) });
        this.#linesLength += text.length;
        while (this.#lines.length > MAX_LINES || this.#linesLength > MAX_LINES_LENGTH) {
          this.#linesLength -= this.#lines.shift()?.text.length ?? 0;
        }
        break;
      }
      case 'check': {
        const { kind, waited, ...check } = request;
        this.#checks.splice(0, this.#checks.length + 1 - MAX_CHECKS);
        this.#checks.push(withoutUndefined(check));
        this.#passed += check.passed ? 1 : 0;
        this.#failed += check.passed ? 0 : 1;
      }
    }
    onChange();
  }

  async #settle(call: number, work: () => Promise<PublishOutcome | undefined>): Promise<void> {
    try {
      const outcome = await work();
      this.#post({ type: 'settle', call, ...(outcome === undefined ? {} : { outcome }) });
    } catch (error) {
      this.#post({ type: 'settle', call, problem: toFailure(error).message });
    }
  }

  #look(): void {
    const silence = this.#options.silence ?? SILENCE;
    if (this.#unanswered * PING >= silence) {
      this.#fail({
        code: 'script.stuck',
        message: `The script was stopped: it did not answer for ${silence / 1000} s.`,
      });
      // It can't leave by itself.
      void this.#worker.terminate();
      return;
    }
    this.#unanswered += 1;
    this.#worker.postMessage({ type: 'ping' } satisfies ToScript);
  }

  #fail(fault: ScriptFault): void {
    if (this.#state === 'running') {
      this.#fault = fault;
      this.#end('failed');
    }
  }

  #end(state: ScriptState): void {
    if (this.#state === 'running') {
      this.#state = state;
      this.#worker.postMessage({ type: 'leave' } satisfies ToScript);
      this.#options.onEnd?.();
      this.#options.onChange();
    }
  }

  #post(message: ToScript): void {
    if (this.#state === 'running') {
      this.#worker.postMessage(message);
    }
  }
}

function toFault(error: unknown): ScriptFault {
  const text = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof Error && Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY';
  return { code: isMemory ? 'script.memory' : 'script.ended', message: `The script was stopped: ${text}` };
}

/** Without the keys that zod keeps though they have no value. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
