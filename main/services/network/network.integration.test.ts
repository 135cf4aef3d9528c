import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { newProfile, newTls } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import {
  PROXY_ONLY_NAME,
  startConnectProxy,
  startSocksProxy,
  type TestProxy,
} from '../../session/connector/proxies.fixture.ts';
import { connectTo, openEngine, waitFor } from '../engine.fixture.ts';
import type { Engine } from '../engine.ts';
import { testDirectory } from '../test-directory.fixture.ts';

let broker: Mosquitto;
let proxy: TestProxy;
let directory: Awaited<ReturnType<typeof testDirectory>>;
let engine: Engine;
let client: ContractClient;

async function start(): Promise<void> {
  engine = await openEngine(directory.path, {});
  client = await connectTo(engine);
}

async function stop(): Promise<void> {
  client.dispose();
  await engine.close();
}

beforeAll(async () => {
  broker = await startMosquitto();
  proxy = await startConnectProxy({ login: 'me:pr0xy-secret' });
}, 30_000);
afterAll(async () => {
  await proxy?.stop();
  await broker?.stop();
});
beforeEach(async () => {
  directory = await testDirectory();
  await start();
});
afterEach(async () => {
  await stop();
  await directory.dispose();
});

/** Saves, opens and connects; resolves once the session is up or has failed. */
async function outcomeOf(
  overrides: Partial<Profile>,
  secrets: { readonly proxyPassword?: string } = {},
): Promise<{ readonly sessionId: string; readonly outcome: string }> {
  const profile = newProfile({
    host: PROXY_ONLY_NAME,
    port: broker.ports.mqtt,
    connectTimeout: 5,
    ...overrides,
  });
  await client.main('profiles.save', { profile, secrets });
  const { sessionId } = await client.main('sessions.open', { profileId: profile.id });
  let outcome = '';
  await waitFor(client, 'sessions', ({ sessions }) => {
    const state = sessions.find((session) => session.sessionId === sessionId)?.state;
    outcome =
      state?.kind === 'connected'
        ? `connected ${state.endpoint.proxy?.kind ?? 'directly'}`
        : state?.kind === 'waiting' || state?.kind === 'failed'
          ? state.failure.code
          : '';
    return outcome !== '';
  });
  return { sessionId, outcome };
}

/** The proxy of the settings, reached with the right password unless told otherwise. */
const http = () => ({ kind: 'http', host: '127.0.0.1', port: proxy.port, username: 'me' }) as const;
const none = { kind: 'none', host: '', port: 8080, username: '' } as const;

describe('the proxy of the settings', () => {
  it('is for all profiles that say nothing else, its password in the vault only', async () => {
    const settings = await client.main('settings.change', {
      proxy: { ...http(), password: 'pr0xy-secret' },
    });
    expect(settings.proxy).toEqual({ ...http(), passwordRef: expect.stringMatching(/^secret-/) });
    for (const name of await readdir(directory.path, { recursive: true })) {
      const text = await readFile(join(directory.path, name)).catch(() => Buffer.alloc(0));
      expect(text.includes('pr0xy-secret'), name).toBe(false);
    }
    expect((await outcomeOf({})).outcome).toBe('connected http');
    expect(proxy.asked.at(-1)).toContain(PROXY_ONLY_NAME);
    expect((await outcomeOf({ host: '127.0.0.1' })).outcome).toBe('connected directly');
    expect((await outcomeOf({ proxy: none })).outcome).toMatch(/^dns\./);
  });

  it('keeps its password through changes and a restart, until it is removed', async () => {
    const first = await client.main('settings.change', { proxy: { ...http(), password: 'pr0xy-secret' } });
    await stop();
    await start();
    const moved = await client.main('settings.change', { proxy: { ...http(), username: 'you' } });
    expect(moved.proxy.passwordRef).toBe(first.proxy.passwordRef);
    expect((await outcomeOf({})).outcome).toBe('proxy.login');
    const other = await client.main('settings.change', { theme: 'dark' });
    expect(other.proxy).toEqual(moved.proxy);
    const replaced = await client.main('settings.change', { proxy: { ...http(), password: 'new' } });
    expect(replaced.proxy.passwordRef).not.toBe(first.proxy.passwordRef);
    const removed = await client.main('settings.change', { proxy: { ...http(), password: null } });
    expect(removed.proxy).toEqual(http());
    expect(await readdir(directory.file('vault')).catch(() => [])).toEqual([]);
    expect((await outcomeOf({})).outcome).toBe('proxy.login');
  });

  it('gives way to that of a profile', async () => {
    await client.main('settings.change', { proxy: { ...http(), password: 'wrong' } });
    const socks = await startSocksProxy({ login: 'joe:s3cret' });
    const own = { kind: 'socks5', host: '127.0.0.1', port: socks.port, username: 'joe' } as const;
    const { outcome } = await outcomeOf({ proxy: own }, { proxyPassword: 's3cret' });
    expect(outcome).toBe('connected socks5');
    await stop();
    await socks.stop();
    await start();
  });
});

describe('the system’s proxy', () => {
  it('is asked for anew with each attempt', async () => {
    const before = process.env.http_proxy;
    const second = await startSocksProxy();
    try {
      const first = await startConnectProxy();
      process.env.http_proxy = `http://127.0.0.1:${first.port}`;
      const { outcome, sessionId } = await outcomeOf({
        proxy: { ...none, kind: 'system' },
        reconnect: { enabled: true, minDelay: 0.1, maxDelay: 0.2 },
      });
      expect(outcome).toBe('connected http');
      process.env.http_proxy = 'gopher://127.0.0.1:1';
      await first.stop();
      const stateOf = (sessions: readonly SessionSummary[]) =>
        sessions.find((session) => session.sessionId === sessionId)?.state;
      await waitFor(client, 'sessions', ({ sessions }) => {
        const state = stateOf(sessions);
        return state?.kind === 'waiting' && state.failure.code === 'proxy.system';
      });
      process.env.http_proxy = `socks5://127.0.0.1:${second.port}`;
      await waitFor(client, 'sessions', ({ sessions }) => {
        const state = stateOf(sessions);
        return state?.kind === 'connected' && state.endpoint.proxy?.kind === 'socks5';
      });
      await client.main('sessions.close', { sessionId });
    } finally {
      if (before === undefined) {
        delete process.env.http_proxy;
      } else {
        process.env.http_proxy = before;
      }
      await second.stop();
    }
  });
});

describe('the key log', () => {
  const secured = async (keyLogFile: string) => {
    const bytes = new TextEncoder().encode(broker.certificates?.ca.certificate);
    const { ref } = await client.main('certificates.stage', { fileName: 'ca.pem', bytes });
    return outcomeOf({
      protocol: 'mqtts',
      host: 'localhost',
      port: broker.ports.mqtts,
      tls: newTls({ ca: [{ ref, fileName: 'ca.pem' }], keyLogFile }),
    });
  };

  it('gets the secrets of a session, for its owner only', async () => {
    const path = directory.file('keys.log');
    const { outcome, sessionId } = await secured(path);
    expect(outcome).toBe('connected directly');
    await client.main('sessions.close', { sessionId });
    await stop();
    expect(await readFile(path, 'utf8')).toMatch(/^(SERVER|CLIENT)_[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const log = await readFile(directory.file('topicscope.log'), 'utf8');
    expect(log).not.toMatch(/TRAFFIC_SECRET/);
    await start();
  });

  it('says why it can not be written, and connects nevertheless', async () => {
    const path = directory.file('missing', 'keys.log');
    expect((await secured(path)).outcome).toBe('connected directly');
    const { notices } = await waitFor(client, 'notices', ({ notices: all }) =>
      all.some(({ message }) => message.includes('key log')),
    );
    const notice = notices.find(({ message }) => message.includes('key log'));
    expect(notice?.message).toBe(`The key log could not be written to ${path}. Its folder does not exist.`);
    expect(notice?.hint).toMatch(/goes on without it/);
  });
});
