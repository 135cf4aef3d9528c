import { Emitter } from '#app/base/event.ts';
import { ContractClient } from '#app/contract/client.ts';
import type { contract } from '#app/contract/contract.ts';
import type { WindowOf } from '#app/contract/define.ts';
import type { Transport } from '#app/contract/transport.ts';
import { serveClient } from './client-connection.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { openFileKeyVault } from './file-key-vault.ts';

/** Workers without brokers, see the fixtures. */
export const fakeWorkers = {
  session: { url: new URL('./session-worker.fixture.ts', import.meta.url), heapMegabytes: 48 },
  readers: { url: new URL('./readers-worker.fixture.ts', import.meta.url), maxDecodeTime: 300 },
};

/** An engine with workers that need no broker, or with the given ones. */
export function openEngine(
  dataDirectory: string,
  workers: EngineOptions['workers'] = fakeWorkers,
): Promise<Engine> {
  return Engine.open({
    host: 'server',
    version: '0.0.0',
    dataDirectory,
    createVault: (directory, onNotice) =>
      openFileKeyVault({
        directory: directory.file('vault'),
        keyPath: directory.file('vault.key'),
        onNotice,
      }),
    ...(workers === undefined ? {} : { workers }),
  });
}

/** Two ends of a line within the process. */
function transportPair(): readonly [Transport, Transport] {
  const frames = [new Emitter<Uint8Array>(), new Emitter<Uint8Array>()] as const;
  const closed = new Emitter<void>();
  let isClosed = false;
  const end = (own: Emitter<Uint8Array>, other: Emitter<Uint8Array>): Transport => ({
    send: (frame) => {
      queueMicrotask(() => {
        if (!isClosed) {
          other.fire(frame.slice());
        }
      });
    },
    onFrame: own.event,
    onClose: closed.event,
    close: () => {
      if (!isClosed) {
        isClosed = true;
        closed.fire();
      }
    },
  });
  return [end(frames[0], frames[1]), end(frames[1], frames[0])];
}

export async function connectTo(engine: Engine): Promise<ContractClient> {
  const [near, far] = transportPair();
  serveClient(far, engine, { checkToken: () => true });
  const client = new ContractClient(near);
  await client.connect();
  return client;
}

type MainFeeds = typeof contract.main.feeds;

/** Waits for a window of a main feed that fits. */
export function waitFor<K extends keyof MainFeeds & string>(
  client: ContractClient,
  feed: K,
  fits: (window: WindowOf<MainFeeds[K]>) => boolean,
  params: object = {},
): Promise<WindowOf<MainFeeds[K]>> {
  return new Promise((resolve, reject) => {
    const handle = client.mainFeed(feed, params as never, {
      onWindow: (window) => {
        if (fits(window)) {
          setTimeout(() => handle.dispose());
          resolve(window);
        }
      },
      onEnd: (failure) => reject(new Error(failure.message)),
    });
  });
}
