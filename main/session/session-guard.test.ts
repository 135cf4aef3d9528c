import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { FailureError } from '#app/contract/failure.ts';
import type { Guard } from '#app/profile/profile.ts';
import type { Connector, OutgoingMessage } from './connector/connector.ts';
import { plainTls, plainTransport } from './plain-settings.ts';
import { Session } from './session.ts';
import type { ConnectionSettings } from './settings.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) {
    close();
  }
});

/** A session whose connector only writes down what it is told. */
function start(guard: Guard) {
  const published: OutgoingMessage[] = [];
  const connected: ConnectionSettings[] = [];
  const disarmed: number[] = [];
  const connector: Connector = {
    connect: (settings) => void connected.push(settings),
    disconnect: async () => {},
    disarmWill: () => disarmed.push(connected.length),
    drop: async () => {},
    setSubscriptions: async () => {},
    publish: async (message, onSent) => {
      published.push(message);
      onSent(1);
      return { sentAt: 1 };
    },
    backlog: 0,
    tap: () => {},
    dispose: async () => {},
  };
  const session = new Session(
    { sessionId: 's1', logBudget: 8 * 1024 * 1024, subscriptions: [], guard },
    () => connector,
    () => {},
  );
  const { port1, port2 } = new MessageChannel();
  void session.handle({ type: 'attach', port: port1 });
  const client = new ContractClient({
    send: (frame) => port2.postMessage(frame),
    onFrame: (listener) => {
      port2.on('message', listener);
      return { dispose: () => port2.off('message', listener) };
    },
    onClose: () => ({ dispose: () => {} }),
    close: () => port2.close(),
  });
  closers.push(
    () => client.dispose(),
    () => void session.handle({ type: 'shutdown' }),
  );
  const publish = (confirmation?: string) =>
    client
      .session('s1', 'publish', {
        topic: 'a/b',
        payload: new Uint8Array([1]),
        qos: 0,
        retain: true,
        ...(confirmation === undefined ? {} : { confirmation }),
      })
      .then(
        () => 'sent',
        (error: unknown) => (error instanceof FailureError ? error.failure.code : 'other'),
      );
  return { session, client, published, connected, disarmed, publish };
}

describe('a guarded session', () => {
  it('of a read-only profile sends nothing, also not to clear a retained message', async () => {
    const { client, published, publish, session } = start('readOnly');
    expect(await publish()).toBe('guard.readOnly');
    const { token } = await client.session('s1', 'publish.hold', { way: 'twice' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await publish(token)).toBe('guard.readOnly');
    expect(published).toEqual([]);
    await session.handle({ type: 'guard', guard: 'none' });
    expect(await publish()).toBe('sent');
    expect(published).toHaveLength(1);
  });

  it('made read-only while it is connected arms no last will with the next attempt', async () => {
    const { session, disarmed } = start('none');
    await session.handle({ type: 'guard', guard: 'confirm' });
    expect(disarmed).toEqual([]);
    await session.handle({ type: 'guard', guard: 'readOnly' });
    expect(disarmed).toHaveLength(1);
  });

  it('has its last will rehearsed only as it publishes', async () => {
    const { client, session } = start('readOnly');
    const rehearse = () =>
      client.session('s1', 'will.rehearse', {}).then(
        () => 'begun',
        (error: unknown) => (error instanceof FailureError ? error.failure.code : 'other'),
      );
    expect(await rehearse()).toBe('guard.readOnly');
    await session.handle({ type: 'guard', guard: 'confirm' });
    expect(await rehearse()).toBe('guard.confirm');
    await session.handle({ type: 'guard', guard: 'none' });
    expect(await rehearse()).toBe('rehearsal.offline');
  });

  it('of a production profile sends what was held for, and only that', async () => {
    const { client, published, publish } = start('confirm');
    expect(await publish()).toBe('guard.confirm');
    const { token, holdFor } = await client.session('s1', 'publish.hold', { way: 'twice' });
    expect(await publish(token)).toBe('guard.confirm');
    const held = await client.session('s1', 'publish.hold', { way: 'twice' });
    await new Promise((resolve) => setTimeout(resolve, holdFor + 20));
    expect(await publish(held.token)).toBe('sent');
    expect(await publish(held.token)).toBe('guard.confirm');
    expect(published).toHaveLength(1);
  });
});

describe('what the user entered for one session', () => {
  it('is used again where the session goes on, and replaced where it was asked for anew', async () => {
    const { session, connected } = start('none');
    const { secrets, ...transport } = plainTransport;
    const settings: ConnectionSettings = {
      ...transport,
      secrets,
      protocol: 'mqtt',
      host: 'h',
      port: 1883,
      path: '',
      mqttVersion: '5.0',
      clientId: 'c',
      keepAlive: 60,
      connectTimeout: 5,
      clean: true,
      sessionExpiryInterval: 0,
      reconnect: { enabled: false, minDelay: 1, maxDelay: 1 },
      username: 'of the profile',
      tls: plainTls(),
      mqtt5: { userProperties: [] },
    };
    const entered = { ...settings, username: 'bob', password: 'secret' };
    await session.handle({ type: 'connect', call: 1, settings: entered });
    await session.handle({
      type: 'connect',
      call: 2,
      settings: { ...settings, host: 'other' },
      keepsSignIn: true,
    });
    await session.handle({ type: 'connect', call: 3, settings });
    expect(connected.map(({ host, username, password }) => [host, username, password])).toEqual([
      ['h', 'bob', 'secret'],
      ['other', 'bob', 'secret'],
      ['h', 'of the profile', undefined],
    ]);
  });
});
