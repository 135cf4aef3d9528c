import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type Failure, FailureError, fail } from '#app/contract/failure.ts';
import {
  type FromSession,
  type SessionInit,
  type ToSession,
  YOUNG_GENERATION_MEGABYTES,
} from '../session/control.ts';
import { workerUrl } from './worker-urls.ts';

/** Milliseconds that a worker has for answering a command, and for leaving by itself. */
const CALL_TIMEOUT = 10_000;
const LEAVE_TIMEOUT = 6_000;

/**
 * Megabytes of V8 heap: a worker beyond it ends alone instead of taking the process with it. Messages lie in
 * shared buffers outside of this heap; what is left is mostly the names of topics.
 */
const HEAP_MEGABYTES = 1024;

/** For tests: another worker, with less memory. */
export interface SessionWorkerOptions {
  readonly url?: URL;
  readonly heapMegabytes?: number;
}

export interface SessionWorkerEvents {
  onMessage(message: Exclude<FromSession, { type: 'done' | 'ready' }>): void;
  /** The worker is gone without having been asked. */
  onCrash(failure: Failure): void;
}

/** A command for the worker as its caller writes it: the number of the call is added. */
export type SessionCommand = ToSession extends infer T
  ? T extends { readonly call: number }
    ? Omit<T, 'call'>
    : never
  : never;

/** One session worker: its thread, its open calls and the ports of its clients. Never restarts itself. */
export class SessionWorker {
  readonly #worker: Worker;
  readonly #events: SessionWorkerEvents;
  readonly #calls = new Map<number, { resolve(): void; reject(error: Error): void }>();
  readonly #ports = new Set<MessagePort>();
  readonly #exited: Promise<void>;
  #nextCall = 1;
  #error: unknown;
  #isLeaving = false;
  #hasExited = false;

  constructor(init: SessionInit, events: SessionWorkerEvents, options: SessionWorkerOptions = {}) {
    this.#events = events;
    this.#worker = new Worker(options.url ?? workerUrl('session'), {
      workerData: init,
      name: `session ${init.sessionId}`,
      resourceLimits: {
        maxOldGenerationSizeMb: options.heapMegabytes ?? HEAP_MEGABYTES,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
      },
    });
    this.#worker.on('message', (message: FromSession) => this.#receive(message));
    this.#worker.on('error', (error) => {
      this.#error = error;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#onExit(code);
        resolve();
      });
    });
  }

  /** A port for the frames of one client; it closes with the worker. */
  attach(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#hasExited) {
      port1.close();
      return port1;
    }
    this.#ports.add(port1);
    port1.on('close', () => this.#ports.delete(port1));
    this.#post({ type: 'attach', port: port2 }, [port2]);
    return port1;
  }

  /** Resolves when the worker has done it; rejects with its failure, or `session.stuck` when it does not answer. */
  call(command: SessionCommand, timeout: number = CALL_TIMEOUT): Promise<void> {
    if (this.#hasExited || this.#isLeaving) {
      return Promise.reject(endedFailure());
    }
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(call);
        reject(
          fail(
            'session.stuck',
            'The session does not answer.',
            'Disconnect and connect again: a session that hangs is then started anew.',
          ),
        );
      }, timeout);
      this.#calls.set(call, {
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#post({ ...command, call } as ToSession);
    });
  }

  /** Says something that needs no answer; to a worker that is gone, nothing. */
  tell(message: Extract<ToSession, { type: 'guard' | 'environment' | 'rules' | 'proxy' }>): void {
    if (!this.#hasExited && !this.#isLeaving) {
      this.#post(message);
    }
  }

  /** Has the names of its topics told through a port. */
  tellTopics(port: MessagePort): void {
    if (this.#hasExited || this.#isLeaving) {
      port.close();
    } else {
      this.#post({ type: 'topics', port }, [port]);
    }
  }

  /** Asks the worker to disconnect and leave. Ends it by force only when it does not: that may abort the process. */
  async leave(timeout: number = LEAVE_TIMEOUT): Promise<void> {
    this.#isLeaving = true;
    if (this.#hasExited) {
      return;
    }
    this.#post({ type: 'shutdown' });
    const timer = setTimeout(() => void this.#worker.terminate(), timeout);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends a worker that hangs; reported like a crash. */
  kill(reason: Failure): void {
    this.#error = new FailureError(reason);
    void this.#worker.terminate();
  }

  #receive(message: FromSession): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'done': {
        const call = this.#calls.get(message.call);
        this.#calls.delete(message.call);
        if (message.failure === undefined) {
          call?.resolve();
        } else {
          call?.reject(new FailureError(message.failure));
        }
        break;
      }
      default:
        this.#events.onMessage(message);
    }
  }

  #onExit(code: number): void {
    this.#hasExited = true;
    const failure = this.#isLeaving ? endedFailure() : crashFailure(this.#error, code);
    for (const call of [...this.#calls.values()]) {
      call.reject(failure);
    }
    this.#calls.clear();
    for (const port of this.#ports) {
      port.close();
    }
    if (!this.#isLeaving) {
      this.#events.onCrash(failure.failure);
    }
  }

  #post(message: ToSession, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

/** The failure of whatever is asked of a session that is gone. */
export function endedFailure(): FailureError {
  return fail('session.closed', 'This session is closed.', 'Open the connection again.');
}

function crashFailure(error: unknown, code: number): FailureError {
  if (error instanceof FailureError) {
    return error;
  }
  const isOutOfMemory =
    error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory
    ? fail(
        'session.memory',
        'The session ran out of memory.',
        'Subscribe to fewer topics: each one takes memory for as long as the session is open.',
      )
    : fail(
        'session.crashed',
        'The session ended by an error of Topicscope.',
        'If it happens again, report it with the detail below.',
        error instanceof Error ? (error.stack ?? error.message) : `Exit code ${code}`,
      );
}
