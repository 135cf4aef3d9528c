import { MessageChannel, Worker } from 'node:worker_threads';
import { ContractClient } from '#app/contract/client.ts';
import { FailureError } from '#app/contract/failure.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { Transport } from '#app/contract/transport.ts';
import { DEFAULT_LOG_BUDGET, newProfile, newSubscription } from '#app/profile/defaults.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { AskTopics } from '#main/readers/search/topic-names.ts';
import {
  type FromSession,
  type SessionInit,
  type ToSession,
  YOUNG_GENERATION_MEGABYTES,
} from '#main/session/control.ts';
import { LogReader } from '#main/session/log/log-reader.ts';
import type { SharedLogUpdate } from '#main/session/log/shared-log.ts';
import { plainTls, plainTransport } from '#main/session/plain-settings.ts';
import type { ConnectionSettings } from '#main/session/settings.ts';

export const SESSION_ID = 'bench';

/** A real session worker with a headless client that acknowledges each window at once. */
export interface SessionHarness {
  readonly worker: Worker;
  readonly client: ContractClient;
  /** Reads the log in place, as the decode worker does. */
  readonly log: LogReader;
  readonly state: () => ConnectionState;
  connect(port: number): Promise<void>;
  /** Opens the tree and the stream as a window on screen would. Counts the windows. */
  openFeeds(): { readonly windows: () => number };
  /** Follows the log and names topics, for what reads along with it as the readers worker does. */
  follow(onLog: (update: SharedLogUpdate) => void): AskTopics;
  /** Resolves when the log has reached a sequence number. Returns the time, to about a millisecond. */
  reached(sequence: number, timeout?: number): Promise<number>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly budget?: number;
  readonly subscriptions?: readonly Subscription[];
}

/** Starts a session worker from source, as the main process does. */
export async function startSession(options: HarnessOptions = {}): Promise<SessionHarness> {
  const init: SessionInit = {
    sessionId: SESSION_ID,
    logBudget: options.budget ?? DEFAULT_LOG_BUDGET,
    subscriptions: options.subscriptions ?? [newSubscription('#')],
  };
  const worker = new Worker(new URL('../../main/session/worker.ts', import.meta.url), {
    workerData: init,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES, maxOldGenerationSizeMb: 1024 },
  });
  const log = new LogReader();
  let state: ConnectionState = { kind: 'offline' };
  let call = 0;
  const pending = new Map<number, (message: FromSession & { type: 'done' }) => void>();
  const stateListeners = new Set<() => void>();
  const followers = new Set<(update: SharedLogUpdate) => void>();
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  // Who waits for it is told; nobody waiting is no reason to stop.
  failed.catch(() => {});
  worker.on('message', (message: FromSession) => {
    switch (message.type) {
      case 'log':
        log.apply(message.update);
        for (const follower of followers) {
          follower(message.update);
        }
        break;
      case 'state':
        state = message.state;
        for (const listener of [...stateListeners]) {
          listener();
        }
        break;
      case 'done':
        pending.get(message.call)?.(message);
        pending.delete(message.call);
        break;
      case 'notice':
        process.stderr.write(`session: ${message.notice.message}\n`);
        break;
      case 'ready':
        break;
    }
  });
  const { port1, port2 } = new MessageChannel();
  const post = (message: ToSession) =>
    worker.postMessage(message, message.type === 'attach' ? [message.port] : []);
  post({ type: 'attach', port: port1 });
  const client = new ContractClient(portTransport(port2));
  const connected = () =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (state.kind === 'connected') {
          stateListeners.delete(check);
          resolve();
        } else if (state.kind === 'failed' || state.kind === 'waiting') {
          stateListeners.delete(check);
          reject(new FailureError(state.failure));
        }
      };
      stateListeners.add(check);
      check();
    });
  return {
    worker,
    client,
    log,
    state: () => state,
    async connect(port) {
      call += 1;
      const done = new Promise((resolve) => pending.set(call, resolve));
      post({ type: 'connect', call, settings: plainSettings(port) });
      await Promise.race([done, failed]);
      await Promise.race([connected(), failed]);
    },
    openFeeds() {
      let windows = 0;
      const listener = {
        onWindow: () => {
          windows += 1;
        },
      };
      const tree = { offset: 0, count: 60, sort: { by: 'name' as const, descending: false } };
      client.sessionFeed(SESSION_ID, 'tree', tree, listener);
      client.sessionFeed(SESSION_ID, 'messages', { count: 60, at: { kind: 'live' } }, listener);
      client.sessionFeed(SESSION_ID, 'status', {}, listener);
      client.sessionFeed(SESSION_ID, 'subscriptions', {}, listener);
      return { windows: () => windows };
    },
    follow(onLog) {
      followers.add(onLog);
      return (_sessionId, port) => worker.postMessage({ type: 'topics', port } satisfies ToSession, [port]);
    },
    reached: (sequence, timeout = 120_000) => Promise.race([reached(log, sequence, timeout), failed]),
    async close() {
      client.dispose();
      post({ type: 'shutdown' });
      const timer = setTimeout(() => void worker.terminate(), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Settings of a plain connection to a port of this machine, as a new profile has them. */
function plainSettings(port: number): ConnectionSettings {
  const profile = newProfile();
  return {
    protocol: 'mqtt',
    host: '127.0.0.1',
    port,
    path: profile.path,
    ...plainTransport,
    mqttVersion: profile.mqttVersion,
    clientId: profile.clientId,
    keepAlive: profile.keepAlive,
    connectTimeout: profile.connectTimeout,
    clean: profile.clean,
    sessionExpiryInterval: 0,
    reconnect: { enabled: false, minDelay: 1, maxDelay: 30 },
    username: '',
    tls: plainTls(),
    mqtt5: { userProperties: [] },
  };
}

async function reached(log: LogReader, sequence: number, timeout: number): Promise<number> {
  const end = performance.now() + timeout;
  while (log.newestSequence < sequence) {
    if (performance.now() > end) {
      throw new Error(`only ${log.newestSequence} of ${sequence} messages came within ${timeout} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now();
}

/** A contract client over a MessagePort, as the main process forwards frames. */
export function portTransport(port: MessageChannel['port1']): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listener) => {
      port.on('message', listener);
      return { dispose: () => port.off('message', listener) };
    },
    onClose: (listener) => {
      port.on('close', listener);
      return { dispose: () => port.off('close', listener) };
    },
    close: () => port.close(),
  };
}
