import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { FromScript, ScriptRequest, ToScript } from '#app/script/script-messages.ts';
import type { Sandbox, SandboxEvent } from './sandbox.ts';

/** Timers that a script may have at a time, publishes and subscribes without an answer, and handlers of messages. */
const MAX_TIMERS = 1000;
const MAX_CALLS = 1000;
const MAX_HANDLERS = 1000;
/** Bytes of payloads without an outcome. */
const MAX_CALL_BYTES = 8_000_000;
/** Calls that leave in one stretch of so many milliseconds, so that a flood leaves the session time for the others. */
const CALLS_AT_ONCE = 200;
const STRETCH = 100;
/** Lines, and checks, that pass in a second; the others are counted. */
const MAX_LINES = 500;
/** Milliseconds between two signs of life while there is much to do: a ping waits behind all of it. */
const SIGN = 1000;

/** What the outside answers. */
type ScriptCall = Extract<ScriptRequest, { readonly kind: 'publish' | 'subscribe' | 'unsubscribe' }>;

/** The event loop of one script: turns what comes from outside and its timers into turns of the sandbox. */
export class ScriptLoop {
  readonly #sandbox: Sandbox;
  readonly #post: (message: FromScript) => void;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  /** Calls without an outcome, with the bytes of their payloads. */
  readonly #open = new Map<number, number>();
  #openBytes = 0;
  /** Calls that wait for the next stretch; part of the open ones. */
  #queued: ScriptCall[] = [];
  #stretch: NodeJS.Timeout | undefined;
  #callsLeft = CALLS_AT_ONCE;
  readonly #listeners = new Set<number>();
  #commands = 0;
  #second = 0;
  /** Of this second, and what of them did not pass. */
  #lines = 0;
  #checks = 0;
  #leftOut = 0;
  #unlisted = { passed: 0, failed: 0 };
  /** Checks that have begun and not ended, and how many of them the outside knows of. */
  #pending = 0;
  #toldPending = 0;
  #isOver = false;
  #signedAt = 0;

  constructor(sandbox: Sandbox, post: (message: FromScript) => void) {
    this.#sandbox = sandbox;
    this.#post = post;
  }

  receive(message: Exclude<ToScript, { readonly type: 'leave' }>): void {
    switch (message.type) {
      case 'ping':
        this.#sayLeftOut();
        this.#post({ type: 'pong' });
        return;
      case 'start':
        this.#after(() => this.#sandbox.run(message.source));
        return;
      case 'settle': {
        const { type, ...settled } = message;
        this.#openBytes -= this.#open.get(settled.call) ?? 0;
        this.#open.delete(settled.call);
        this.#handle({ kind: 'settle', ...settled });
        return;
      }
      case 'message':
        this.#handle({ kind: 'message', message: message.message });
        this.#post({ type: 'took' });
        return;
      case 'connected':
      case 'disconnected':
        this.#handle({ kind: message.type });
        return;
      case 'command':
        this.#handle({ kind: 'command', name: message.name, argument: message.argument });
    }
  }

  /** What the sandbox asks for, during a turn; throws words for the script. */
  onRequest(request: ScriptRequest): void {
    switch (request.kind) {
      case 'timer':
        this.#setTimer(request.timer, request.after);
        return;
      case 'clearTimer':
        clearTimeout(this.#timers.get(request.timer));
        this.#timers.delete(request.timer);
        return;
      case 'publish':
      case 'subscribe':
      case 'unsubscribe':
        this.#call(request);
        return;
      case 'listen':
        checkFilter(request.filter);
        this.#countHandler();
        this.#listeners.add(request.handler);
        break;
      case 'forget':
        this.#listeners.delete(request.handler);
        break;
      case 'command':
        this.#countHandler();
        this.#commands += 1;
        break;
      case 'line':
        this.#turnSecond();
        this.#lines += 1;
        if (this.#lines > MAX_LINES) {
          this.#leftOut += 1;
          return;
        }
        break;
      case 'checking':
        this.#pending += 1;
        return;
      case 'check':
        this.#pending -= request.waited === true ? 1 : 0;
        this.#turnSecond();
        this.#checks += 1;
        if (this.#checks > MAX_LINES) {
          this.#unlisted[request.passed ? 'passed' : 'failed'] += 1;
          return;
        }
    }
    this.#post({ type: 'request', request });
  }

  dispose(): void {
    this.#isOver = true;
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    this.#timers.clear();
    clearTimeout(this.#stretch);
    this.#queued = [];
  }

  #countHandler(): void {
    if (this.#listeners.size + this.#commands >= MAX_HANDLERS) {
      throw new Error(`A script can have ${MAX_HANDLERS} handlers`);
    }
  }

  #call(request: ScriptCall): void {
    const bytes = request.kind === 'publish' ? request.message.payload.length : 0;
    if (this.#open.size >= MAX_CALLS || (this.#open.size > 0 && this.#openBytes + bytes > MAX_CALL_BYTES)) {
      throw new Error(
        `${this.#open.size} publishes of ${this.#openBytes} bytes wait for their outcome: await some of them first`,
      );
    }
    this.#open.set(request.call, bytes);
    this.#openBytes += bytes;
    this.#queued.push(request);
    this.#sendCalls();
  }

  #sendCalls(): void {
    const now = this.#queued.splice(0, this.#callsLeft);
    this.#callsLeft -= now.length;
    for (const request of now) {
      this.#post({ type: 'request', request });
    }
    if (this.#callsLeft < CALLS_AT_ONCE) {
      this.#stretch ??= setTimeout(() => {
        this.#stretch = undefined;
        this.#callsLeft = CALLS_AT_ONCE;
        this.#sendCalls();
      }, STRETCH);
    }
  }

  #handle(event: SandboxEvent): void {
    this.#after(() => this.#sandbox.handle(event));
  }

  #after(turn: () => ReturnType<Sandbox['handle']>): void {
    if (this.#isOver) {
      return;
    }
    const fault = turn();
    const now = performance.now();
    if (now - this.#signedAt >= SIGN) {
      this.#signedAt = now;
      this.#post({ type: 'pong' });
    }
    if (this.#pending !== this.#toldPending) {
      this.#toldPending = this.#pending;
      this.#post({ type: 'pending', checks: this.#pending });
    }
    if (fault !== undefined) {
      this.#sayLeftOut();
      this.dispose();
      this.#post({ type: 'failed', fault });
    }
  }

  #setTimer(timer: number, after: number): void {
    if (this.#timers.size >= MAX_TIMERS) {
      throw new Error(`A script can have ${MAX_TIMERS} timers`);
    }
    clearTimeout(this.#timers.get(timer));
    this.#timers.set(
      timer,
      setTimeout(() => {
        this.#timers.delete(timer);
        this.#handle({ kind: 'timer', timer });
      }, after),
    );
  }

  #turnSecond(): void {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#sayLeftOut();
      this.#second = second;
      this.#lines = 0;
      this.#checks = 0;
    }
  }

  #sayLeftOut(): void {
    const { passed, failed } = this.#unlisted;
    if (passed + failed > 0) {
      this.#unlisted = { passed: 0, failed: 0 };
      this.#post({ type: 'checks', passed, failed });
    }
    if (this.#leftOut > 0) {
      const text = `${this.#leftOut} more lines came within a second; they are left out.`;
      this.#leftOut = 0;
      this.#post({ type: 'request', request: { kind: 'line', level: 'warn', text } });
    }
  }
}

/** Throws words for the script. */
function checkFilter(filter: string): void {
  const problem = topicFilterProblem(filter);
  if (problem !== undefined) {
    throw new Error(`“${filter}”: ${problem}`);
  }
}
