import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ToReaders } from '../readers/control.ts';
import { watchReaders } from '../readers/watchdog.ts';
import type { SharedLogUpdate } from '../session/log/shared-log.ts';
import type { Logger } from './logger.ts';
import { SharedLogList } from './shared-log-list.ts';
import { workerUrl } from './worker-urls.ts';

const LEAVE_TIMEOUT = 2_000;
/** Megabytes of V8 heap for decoding: shown text of the largest payloads, several at once. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1024 };

/**
 * The worker that decodes payloads, read from the sessions' logs in place. It is started with the first client that
 * needs it, and anew after a crash: a payload that breaks a codec costs one answer.
 */
export class ReadersPool {
  readonly #logs = new Map<string, SharedLogList>();
  readonly #logger: Logger;
  readonly #url: URL;
  readonly #ports = new Set<MessagePort>();
  #worker: Worker | undefined;
  #isClosed = false;

  constructor(logger: Logger, url: URL = workerUrl('readers')) {
    this.#logger = logger;
    this.#url = url;
  }

  /** A port for the frames of one client; it closes with the worker. */
  attach(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#isClosed) {
      port1.close();
      return port1;
    }
    this.#ports.add(port1);
    port1.on('close', () => this.#ports.delete(port1));
    this.#post(this.#start(), { type: 'attach', port: port2 }, [port2]);
    return port1;
  }

  onLog(sessionId: string, update: SharedLogUpdate): void {
    let list = this.#logs.get(sessionId);
    if (list === undefined) {
      list = new SharedLogList();
      this.#logs.set(sessionId, list);
    }
    list.apply(update);
    if (this.#worker !== undefined) {
      this.#post(this.#worker, { type: 'log', sessionId, update });
    }
  }

  onLogClosed(sessionId: string): void {
    if (this.#logs.delete(sessionId) && this.#worker !== undefined) {
      this.#post(this.#worker, { type: 'log-closed', sessionId });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const port of this.#ports) {
      port.close();
    }
    const worker = this.#worker;
    if (worker === undefined) {
      return;
    }
    // Nothing to flush there: with its ports closed and its parent's port unreferenced it is only waiting.
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const timer = setTimeout(
      () => this.#logger.log('warning', 'The readers worker is slow to end'),
      LEAVE_TIMEOUT,
    );
    void worker.terminate();
    await exited;
    clearTimeout(timer);
  }

  #start(): Worker {
    if (this.#worker !== undefined) {
      return this.#worker;
    }
    const worker = new Worker(this.#url, { name: 'readers', resourceLimits: RESOURCE_LIMITS });
    this.#worker = worker;
    worker.on('error', (error) => this.#logger.log('error', 'The readers worker failed', { error }));
    watchReaders(worker, (codec) => {
      this.#logger.log('error', 'A codec did not come to an end; the readers worker is started anew', {
        codec,
      });
      void worker.terminate();
    });
    worker.once('exit', () => {
      if (this.#worker === worker) {
        this.#worker = undefined;
      }
      // The clients open a new port with their next request.
      for (const port of this.#ports) {
        port.close();
      }
    });
    for (const [sessionId, list] of this.#logs) {
      for (const update of list.current) {
        this.#post(worker, { type: 'log', sessionId, update });
      }
    }
    return worker;
  }

  #post(worker: Worker, message: ToReaders, transfer: readonly MessagePort[] = []): void {
    worker.postMessage(message, transfer);
  }
}
