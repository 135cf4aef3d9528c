import { createServer } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { decodeFrame, encodeFrame, FrameKind } from '#app/contract/frames.ts';
import { newProfile, newSubscription } from '#app/profile/defaults.ts';
import type { FromSession, SessionInit, ToSession } from './control.ts';
import { plainTls, plainTransport } from './plain-settings.ts';

it('runs in a thread: serves a client, reports an attempt that fails, and ends by itself', async () => {
  const init: SessionInit = { sessionId: 's', logBudget: 1 << 20, subscriptions: [newSubscription('#')] };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: init });
  const messages: FromSession[] = [];
  const waiting = new Set<() => void>();
  worker.on('message', (message: FromSession) => {
    messages.push(message);
    for (const check of [...waiting]) {
      check();
    }
  });
  const until = (isWanted: (message: FromSession) => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (messages.some(isWanted)) {
          waiting.delete(check);
          resolve();
        }
      };
      waiting.add(check);
      check();
    });
  const post = (message: ToSession) =>
    worker.postMessage(message, message.type === 'attach' ? [message.port] : []);
  await until(({ type }) => type === 'ready');
  expect(messages.find(({ type }) => type === 'log')).toMatchObject({ update: { type: 'open' } });

  const { port1, port2 } = new MessageChannel();
  post({ type: 'attach', port: port1 });
  const answer = new Promise<Uint8Array>((resolve) => port2.once('message', resolve));
  const body = { feed: 'status', params: {} };
  port2.postMessage(encodeFrame({ kind: FrameKind.open, channel: 7, target: 's', body }));
  expect(decodeFrame(await answer)).toMatchObject({
    kind: FrameKind.window,
    channel: 7,
    target: 's',
    body: { revision: 1, window: { state: { kind: 'offline' }, ledger: { received: 0, kept: 0 } } },
  });

  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await new Promise((resolve) => server.close(resolve));
  const profile = newProfile({ host: '127.0.0.1', port });
  const { username, protocol, host, path, mqttVersion, clientId, keepAlive, connectTimeout, clean, mqtt5 } =
    profile;
  post({
    type: 'connect',
    call: 1,
    settings: {
      ...{
        username,
        protocol,
        host,
        port,
        path,
        mqttVersion,
        clientId,
        keepAlive,
        connectTimeout,
        clean,
        mqtt5,
      },
      ...plainTransport,
      sessionExpiryInterval: 0,
      mqtt5: { userProperties: [] },
      reconnect: { enabled: true, minDelay: 30, maxDelay: 30 },
      tls: plainTls(),
    },
  });
  await until((message) => message.type === 'done' && message.call === 1);
  await until((message) => message.type === 'state' && message.state.kind === 'waiting');

  const ended = new Promise<number>((resolve) => worker.once('exit', resolve));
  const portClosed = new Promise((resolve) => port2.once('close', resolve));
  post({ type: 'shutdown' });
  await portClosed;
  expect(await ended).toBe(0);
});
