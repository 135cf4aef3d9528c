import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { createCertificates } from '../../e2e/support/certificates.ts';
import { startMosquitto } from '../../e2e/support/mosquitto.ts';
import { connectTo, openEngine, waitFor } from './engine.fixture.ts';
import { testDirectory } from './test-directory.fixture.ts';

const cleanUp: (() => unknown)[] = [];
let client: ContractClient;
let port = 0;
let fingerprint256 = '';
beforeAll(async () => {
  const certificates = await createCertificates();
  const broker = await startMosquitto({ certificates });
  const directory = await testDirectory();
  const engine = await openEngine(directory.path, {});
  client = await connectTo(engine);
  port = broker.ports.mqtts;
  ({ fingerprint256 } = new X509Certificate(certificates.server.certificate));
  cleanUp.push(
    () => certificates.dispose(),
    () => broker.stop(),
    () => directory.dispose(),
    () => engine.close(),
    () => client.dispose(),
  );
}, 60_000);
afterAll(async () => {
  for (const release of cleanUp.reverse()) {
    await release();
  }
});

/** The session once it fits. */
async function sessionWhen(sessionId: string, fits: (session: SessionSummary) => boolean) {
  const find = ({ sessions }: { readonly sessions: readonly SessionSummary[] }) =>
    sessions.find((session) => session.sessionId === sessionId && fits(session));
  const found = find(await waitFor(client, 'sessions', (window) => find(window) !== undefined));
  if (found === undefined) {
    throw new Error('The session is gone');
  }
  return found;
}

it('a certificate trusted in a temporary session holds for it, and goes along when it is saved', async () => {
  const { sessionId } = await client.main('sessions.openUrl', { url: `mqtts://localhost:${port}` });
  await sessionWhen(sessionId, ({ state }) => state.kind === 'failed');
  const pin = { fingerprint256, subject: 'CN=localhost', pinnedAt: 1 };
  await client.main('sessions.trust', { sessionId, pin });
  await client.main('sessions.connect', { sessionId });
  const connected = await sessionWhen(sessionId, ({ state }) => state.kind === 'connected');
  expect(connected).toMatchObject({ temporary: true, state: { tls: { pinned: true } } });

  const saved = await client.main('profiles.save', { profile: connected.profile });
  expect(saved.tls.pin?.fingerprint256).toBe(fingerprint256);
  const other = `${fingerprint256.startsWith('00') ? '11' : '00'}${fingerprint256.slice(2)}`;
  await client.main('sessions.trust', { sessionId, pin: { ...pin, fingerprint256: other } });
  await client.main('sessions.connect', { sessionId });
  const refused = await sessionWhen(sessionId, ({ state }) => state.kind === 'failed');
  expect(refused).toMatchObject({ temporary: false, profile: { tls: { pin: { fingerprint256: other } } } });
});
