import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { FromReaders, ToReaders } from '../readers/control.ts';
import { type ListeningChange, SessionListening } from '../readers/session-listening.ts';
import { watchReaders } from '../readers/watchdog.ts';
import type { SharedLogUpdate } from '../session/log/shared-log.ts';
import type { Logger } from './logger.ts';
import { SharedLogList } from './shared-log-list.ts';
import { workerUrl } from './worker-urls.ts';

/** Megabytes of V8 heap for decoding: shown text of the largest payloads, several at once. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1024 };

/** For tests: another worker, and less patience (milliseconds) with a codec. */
export interface ReadersOptions {
  readonly url?: URL;
  readonly maxDecodeTime?: number;
  /** A session is to tell the names of its topics through a port. */
  readonly onTopics?: (sessionId: string, port: MessagePort) => void;
}

interface SessionRuleSet {
  readonly rules: readonly Rule[];
  readonly schemas: readonly PayloadSchema[];
}

/**
 * The worker that decodes payloads, read from the sessions' logs in place. It is started with the first client that
 * needs it, and anew after a crash: a payload that breaks a codec costs one answer.
 */
export class ReadersPool {
  readonly #logs = new Map<string, SharedLogList>();
  readonly #rules = new Map<string, SessionRuleSet>();
  readonly #listening = new SessionListening();
  readonly #logger: Logger;
  readonly #url: URL;
  readonly #maxDecodeTime: number | undefined;
  readonly #onTopics: ReadersOptions['onTopics'];
  #current: RunningReaders | undefined;
  #isClosed = false;

  constructor(logger: Logger, options: ReadersOptions = {}) {
    this.#logger = logger;
    this.#url = options.url ?? workerUrl('readers');
    this.#maxDecodeTime = options.maxDecodeTime;
    this.#onTopics = options.onTopics;
  }

  /** A port for the frames of one client; it closes with the worker. */
  attach(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#isClosed) {
      port1.close();
      return port1;
    }
    this.#current ??= this.#start();
    const { worker, ports } = this.#current;
    ports.add(port1);
    port1.on('close', () => ports.delete(port1));
    post(worker, { type: 'attach', port: port2 }, [port2]);
    return port1;
  }

  onLog(sessionId: string, update: SharedLogUpdate): void {
    let list = this.#logs.get(sessionId);
    if (list === undefined) {
      list = new SharedLogList();
      this.#logs.set(sessionId, list);
    }
    list.apply(update);
    if (this.#current !== undefined) {
      post(this.#current.worker, { type: 'log', sessionId, update });
    }
  }

  onLogClosed(sessionId: string): void {
    if (this.#logs.delete(sessionId) && this.#current !== undefined) {
      post(this.#current.worker, { type: 'log-closed', sessionId });
    }
  }

  /** How the messages of a session are decoded where no view is chosen; none once it is closed. */
  onRules(sessionId: string, rules: readonly Rule[], schemas: readonly PayloadSchema[]): void {
    if (rules.length === 0 && schemas.length === 0) {
      if (!this.#rules.delete(sessionId)) {
        return;
      }
    } else {
      this.#rules.set(sessionId, { rules, schemas });
    }
    if (this.#current !== undefined) {
      post(this.#current.worker, { type: 'rules', sessionId, rules, schemas });
    }
  }

  /** What a session can hear from now on; `undefined`: it is closed. */
  onListening(sessionId: string, change: ListeningChange | undefined): void {
    if (change === undefined) {
      this.#listening.remove(sessionId);
    } else {
      this.#listening.add(sessionId, change);
    }
    if (this.#current !== undefined) {
      post(
        this.#current.worker,
        change === undefined
          ? { type: 'session-closed', sessionId }
          : { type: 'listening', sessionId, change },
      );
    }
  }

  /** Nothing is to be flushed there, and no socket is open: the worker may be ended as it is. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#current?.worker.terminate();
  }

  #start(): RunningReaders {
    const worker = new Worker(this.#url, { name: 'readers', resourceLimits: RESOURCE_LIMITS });
    const running: RunningReaders = { worker, ports: new Set() };
    const forget = () => {
      if (this.#current === running) {
        this.#current = undefined;
      }
    };
    watchReaders(
      worker,
      (codec) => {
        this.#logger.log('error', 'A codec did not end, and was ended with its worker', { codec });
        forget();
        void worker.terminate();
      },
      this.#maxDecodeTime,
    );
    worker.on('message', (message: FromReaders) => {
      if (message.type === 'topics') {
        this.#onTopics?.(message.sessionId, message.port);
      }
    });
    worker.on('error', (error) => {
      this.#logger.log('error', 'The readers worker failed', { error });
      forget();
    });
    worker.once('exit', () => {
      forget();
      // The clients open a new port with their next request.
      for (const port of running.ports) {
        port.close();
      }
    });
    for (const [sessionId, list] of this.#logs) {
      for (const update of list.current) {
        post(worker, { type: 'log', sessionId, update });
      }
    }
    for (const [sessionId, changes] of this.#listening.all) {
      for (const change of changes) {
        post(worker, { type: 'listening', sessionId, change });
      }
    }
    for (const [sessionId, ruleSet] of this.#rules) {
      post(worker, { type: 'rules', sessionId, ...ruleSet });
    }
    return running;
  }
}

interface RunningReaders {
  readonly worker: Worker;
  readonly ports: Set<MessagePort>;
}

function post(worker: Worker, message: ToReaders, transfer: readonly MessagePort[] = []): void {
  worker.postMessage(message, transfer);
}
