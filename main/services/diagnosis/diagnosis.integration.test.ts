import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import type {
  CapabilityName,
  CapabilityReport,
  DiagnosisProgress,
  DiagnosisTarget,
} from '#app/contract/operations/diagnosis.ts';
import { newProfile, newSubscription, newTls, newWill } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import { createCertificates, type TestCertificates } from '../../../e2e/support/certificates.ts';
import { freePorts } from '../../../e2e/support/free-ports.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { mosquittoPub } from '../../../e2e/support/mosquitto-clients.ts';
import {
  type Script,
  type ScriptedBroker,
  startScriptedBroker,
} from '../../../e2e/support/scripted-broker.ts';
import {
  connack,
  dataProperty,
  numberProperty,
  propertyId,
  scramScript,
} from '../../session/connector/packets.fixture.ts';
import { connectTo, openEngine, waitFor } from '../engine.fixture.ts';
import type { Engine } from '../engine.ts';
import { failureOf } from '../running-engine.fixture.ts';
import { testDirectory } from '../test-directory.fixture.ts';

let certificates: TestCertificates;
let open: Mosquitto;
let guarded: Mosquitto;
let engine: Engine;
let client: ContractClient;
const cleanUp: (() => unknown)[] = [];

beforeAll(async () => {
  certificates = await createCertificates();
  open = await startMosquitto({ certificates });
  guarded = await startMosquitto({ certificates, passwords: { joe: 'open sesame' } });
  const directory = await testDirectory();
  engine = await openEngine(directory.path, {});
  client = await connectTo(engine);
  cleanUp.push(
    () => certificates.dispose(),
    () => directory.dispose(),
    () => engine.close(),
    () => client.dispose(),
  );
}, 30_000);
afterAll(async () => {
  for (const release of cleanUp.reverse()) {
    await release();
  }
  await open?.stop();
  await guarded?.stop();
});

async function scripted(script: Script): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker(script);
  cleanUp.push(() => broker.stop());
  return broker;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function profileTo(port: number, overrides: Partial<Profile> = {}): Profile {
  return newProfile({ host: '127.0.0.1', port, ...overrides });
}

/** A profile under TLS whose authority lies in the vault, as if dropped onto the form. */
async function secureProfile(port: number, overrides: Partial<Profile> = {}): Promise<Profile> {
  const bytes = new TextEncoder().encode(certificates.ca.certificate);
  const { ref } = await client.main('certificates.stage', { fileName: 'ca.pem', bytes });
  return newProfile({
    host: 'localhost',
    port,
    protocol: 'mqtts',
    tls: newTls({ ca: [{ ref, fileName: 'ca.pem' }] }),
    ...overrides,
  });
}

const runId = () => crypto.randomUUID();

describe('connection.test', () => {
  it('runs the whole ladder of an unsaved profile, and leaves nothing behind', async () => {
    const profile = await secureProfile(open.ports.mqtts, {
      clientId: 'plant-1',
      will: { ...newWill(), enabled: true, topic: 'state', payload: 'gone' },
      sessionExpiryInterval: 1000,
    });
    const before = open.log().length;
    const report = await client.main('connection.test', { runId: runId(), target: { profile } });
    expect(report).toMatchObject({
      outcome: 'connected',
      endpoint: { protocol: 'mqtts', host: 'localhost', port: open.ports.mqtts },
      tls: { authorized: true },
      connack: { sessionPresent: false },
    });
    expect(report.steps.map(({ stage, outcome }) => [stage, outcome])).toEqual([
      ['dns', 'done'],
      ['tcp', 'done'],
      ['tls', 'done'],
      ['connect', 'done'],
    ]);
    expect(report.clientId).toMatch(/^plant-1-[0-9a-z]{4}$/);
    expect(report.notes.join(' ')).toMatch(/will was not armed.*client ID was plant-1-/);
    expect(report.reportText).toMatch(/Result: connected/);
    await open.waitForLog(new RegExp(`Received DISCONNECT from ${report.clientId}`), before);
    expect(open.log().slice(before)).toMatch(new RegExp(`as ${report.clientId} \\(p5, c1`));
    expect((await waitFor(client, 'profiles', () => true)).profiles).toEqual([]);
  });

  it('takes typed secrets, and tells none', async () => {
    const profile = profileTo(guarded.ports.ws, { protocol: 'ws', username: 'joe' });
    const right = await client.main('connection.test', {
      runId: runId(),
      target: { profile, password: 'open sesame' },
    });
    expect(right.outcome).toBe('connected');
    expect(right.steps.map(({ stage }) => stage)).toEqual(['dns', 'tcp', 'websocket', 'connect']);
    const wrong = await client.main('connection.test', {
      runId: runId(),
      target: { profile, password: 'open barley' },
    });
    expect(wrong).toMatchObject({ outcome: 'failed', failure: { code: 'connect.refused' } });
    expect(wrong.steps.at(-1)).toMatchObject({ stage: 'connect', outcome: 'failed' });
    expect(JSON.stringify([right, wrong])).not.toMatch(/sesame|barley/);
  });

  it('takes what is stored, unless the form removes it; refs from the form count for nothing', async () => {
    const saved = await client.main('profiles.save', {
      profile: profileTo(guarded.ports.mqtt, { username: 'joe' }),
      password: 'open sesame',
    });
    const test = (target: DiagnosisTarget) => client.main('connection.test', { runId: runId(), target });
    expect((await test({ profile: saved })).outcome).toBe('connected');
    expect((await test({ profile: saved, password: null })).outcome).toBe('failed');
    const thief = profileTo(guarded.ports.mqtt, {
      username: 'joe',
      ...(saved.passwordRef === undefined ? {} : { passwordRef: saved.passwordRef }),
    });
    expect((await test({ profile: thief })).outcome).toBe('failed');
    await client.main('profiles.delete', { profileId: saved.id });
  });

  it('tests an open session as the engine has it, and asks for what is asked with each connect', async () => {
    await client.main('environments.save', {
      environment: { id: 'lab', name: 'Lab', variables: [{ name: 'site', value: '127.0.0.1' }] },
    });
    const { id } = await client.main('profiles.save', {
      profile: profileTo(guarded.ports.mqtt, {
        host: '{{site}}',
        environmentId: 'lab',
        askCredentials: true,
        subscriptions: [newSubscription('{{site}}/#')],
      }),
    });
    const { sessionId } = await client.main('sessions.open', { profileId: id, connect: false });
    const asked = failureOf(client.main('connection.test', { runId: runId(), target: { sessionId } }));
    expect((await asked).code).toBe('diagnosis.sign-in');
    const target = { sessionId, signIn: { username: 'joe', password: 'open sesame' } };
    const report = await client.main('connection.test', { runId: runId(), target });
    expect(report).toMatchObject({ outcome: 'connected', endpoint: { host: '127.0.0.1' } });
    const card = await client.main('diagnosis.capabilities', { runId: runId(), target });
    expect(card.subscriptions.map(({ filter }) => filter)).toEqual(['127.0.0.1/#']);
    await client.main('sessions.close', { sessionId });
    await client.main('profiles.delete', { profileId: id });
  });

  it('asks for what a form asks for with each connect, and takes no password from before', async () => {
    const saved = await client.main('profiles.save', {
      profile: profileTo(guarded.ports.mqtt, { username: 'joe' }),
      password: 'open sesame',
    });
    const profile = { ...saved, askCredentials: true };
    const test = (target: DiagnosisTarget) => client.main('connection.test', { runId: runId(), target });
    expect((await failureOf(test({ profile }))).code).toBe('diagnosis.sign-in');
    expect((await test({ profile, password: 'open sesame' })).outcome).toBe('connected');
    const wrong = { username: 'joe', password: '' };
    expect((await test({ profile, signIn: wrong })).outcome).toBe('failed');
    const right = { username: 'joe', password: 'open sesame' };
    expect((await test({ profile, signIn: right })).outcome).toBe('connected');
    await client.main('profiles.delete', { profileId: saved.id });
  });

  it('names the rung that fails, with cause and remedy', async () => {
    const [closed = 0] = await freePorts(1);
    const nothing = await client.main('connection.test', {
      runId: runId(),
      target: { profile: profileTo(closed) },
    });
    expect(nothing.failure?.code).toBe('tcp.refused');
    expect(nothing.steps.map(({ stage, outcome }) => [stage, outcome])).toEqual([
      ['dns', 'done'],
      ['tcp', 'failed'],
    ]);
    expect(nothing.reportText).toMatch(/Result: failed, tcp\.refused[\s\S]*What to do: [\s\S]*TCP .*failed/);
    const untrusted = await client.main('connection.test', {
      runId: runId(),
      target: { profile: await secureProfile(open.ports.mqtts, { tls: newTls() }) },
    });
    expect(untrusted.failure?.code).toMatch(/^tls\./);
    expect(untrusted.steps.at(-1)).toMatchObject({ stage: 'tls', outcome: 'failed' });
  });

  it('shows its steps while they run, can be cancelled, and ends with its caller', async () => {
    const silent = await listening(createServer((socket) => socket.on('error', () => undefined)));
    const id = runId();
    const pending = failureOf(
      client.main('connection.test', { runId: id, target: { profile: profileTo(silent) } }),
    );
    const isWaiting = (progress: DiagnosisProgress) =>
      progress.kind === 'running' && progress.steps.at(-1)?.stage === 'connect';
    await waitFor(client, 'diagnosis', isWaiting, { runId: id });
    await client.main('diagnosis.cancel', { runId: id });
    expect((await pending).code).toBe('diagnosis.cancelled');
    expect((await waitFor(client, 'diagnosis', () => true, { runId: id })).kind).toBe('none');

    const other = await connectTo(engine);
    const otherId = runId();
    const gone = failureOf(
      other.main('connection.test', { runId: otherId, target: { profile: profileTo(silent) } }),
    );
    await waitFor(client, 'diagnosis', isWaiting, { runId: otherId });
    other.dispose();
    await gone;
    await waitFor(client, 'diagnosis', ({ kind }) => kind === 'none', { runId: otherId });
  });

  it('speaks SCRAM', async () => {
    const broker = await scripted(scramScript('SCRAM-SHA-512'));
    const profile = profileTo(broker.port, {
      username: 'joe',
      mqtt5: { userProperties: [], authenticationMethod: 'SCRAM-SHA-512' },
    });
    const report = await client.main('connection.test', {
      runId: runId(),
      target: { profile, password: 'pencil' },
    });
    expect(report.outcome).toBe('connected');
  });
});

describe('server redirection', () => {
  it('is followed when the user says so, once or for good', async () => {
    const broker = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1) {
          const reference = `127.0.0.1:${open.ports.mqtt}`;
          connection.send(...connack(0x9d, dataProperty(propertyId.serverReference, reference)));
        }
      },
    });
    const { id } = await client.main('profiles.save', { profile: profileTo(broker.port) });
    const { sessionId } = await client.main('sessions.open', { profileId: id });
    const reach = (kind: string) =>
      waitFor(client, 'sessions', ({ sessions }) =>
        sessions.some((session) => session.sessionId === sessionId && session.state.kind === kind),
      );
    const { sessions } = await reach('failed');
    expect(sessions.find((session) => session.sessionId === sessionId)?.state).toMatchObject({
      redirect: { permanent: true, servers: [{ host: '127.0.0.1', port: open.ports.mqtt }] },
    });
    expect((await failureOf(client.main('connection.follow', { sessionId, server: 1 }))).code).toBe(
      'session.no-redirect',
    );
    await client.main('connection.follow', { sessionId, server: 0 });
    await reach('connected');
    const portOf = async () =>
      (await waitFor(client, 'profile', () => true, { profileId: id })).profile?.port;
    expect(await portOf()).toBe(broker.port);
    expect((await failureOf(client.main('connection.follow', { sessionId, server: 0 }))).code).toBe(
      'session.no-redirect',
    );
    await client.main('sessions.connect', { sessionId });
    await reach('failed');
    await client.main('connection.follow', { sessionId, server: 0, keep: true });
    await reach('connected');
    expect(await portOf()).toBe(open.ports.mqtt);
    await client.main('sessions.close', { sessionId });
  });
});

describe('diagnosis.capabilities', () => {
  const probe = (profile: Profile, allowPublish = false) =>
    client.main('diagnosis.capabilities', { runId: runId(), target: { profile }, allowPublish });
  const about = (report: CapabilityReport, name: CapabilityName) =>
    report.capabilities.find((capability) => capability.name === name);

  it('publishes nothing for a read-only profile, also from a form that is about to lift that', async () => {
    const profile = profileTo(open.ports.mqtt, { guard: 'readOnly' });
    expect((await failureOf(probe(profile, true))).code).toBe('guard.readOnly');
    const saved = await client.main('profiles.save', { profile });
    expect((await failureOf(probe({ ...saved, guard: 'none' }, true))).code).toBe('guard.readOnly');
    const { sessionId } = await client.main('sessions.open', { profileId: saved.id, connect: false });
    const target = { sessionId };
    const live = client.main('diagnosis.capabilities', { runId: runId(), target, allowPublish: true });
    expect((await failureOf(live)).code).toBe('guard.readOnly');
    expect((await probe(profile)).failure).toBeUndefined();
    await client.main('sessions.close', { sessionId });
    await client.main('profiles.delete', { profileId: saved.id });
  });

  it('publishes for a production profile what was held for, and only that', async () => {
    const profile = profileTo(open.ports.mqtt, { guard: 'confirm' });
    const publish = (confirmation?: string) =>
      client.main('diagnosis.capabilities', {
        runId: runId(),
        target: { profile },
        allowPublish: true,
        ...(confirmation === undefined ? {} : { confirmation }),
      });
    expect((await failureOf(publish())).code).toBe('guard.confirm');
    const { token } = await client.main('diagnosis.hold', {});
    expect((await failureOf(publish(token))).code).toBe('guard.confirm');
    expect((await probe(profile)).failure).toBeUndefined();
    const held = await client.main('diagnosis.hold', {});
    await new Promise((resolve) => setTimeout(resolve, held.holdFor + 20));
    expect((await publish(held.token)).failure).toBeUndefined();
    const saved = await client.main('profiles.save', { profile });
    expect((await failureOf(probe({ ...saved, guard: 'none' }, true))).code).toBe('guard.confirm');
    await client.main('profiles.delete', { profileId: saved.id });
  });

  it('of Mosquitto in 5.0: stated, default and probed', async () => {
    const profile = profileTo(open.ports.mqtt, {
      subscriptions: [newSubscription('plant/#', { qos: 2 }), newSubscription('off', { enabled: false })],
    });
    const before = open.log().length;
    const report = await probe(profile);
    expect(report.failure).toBeUndefined();
    expect(report.subscriptions).toEqual([{ filter: 'plant/#', requestedQos: 2, grantedQos: 2 }]);
    expect(about(report, 'maximumQos')).toMatchObject({ value: 2, source: 'probed' });
    expect(about(report, 'wildcardSubscriptions')).toMatchObject({ value: true, source: 'probed' });
    expect(about(report, 'sharedSubscriptions')).toMatchObject({ value: true, source: 'probed' });
    expect(about(report, 'subscriptionIdentifiers')).toMatchObject({ value: true, source: 'probed' });
    expect(about(report, 'retain')).toMatchObject({ value: true, source: 'default' });
    expect(about(report, 'topicAliasMaximum')).toMatchObject({ value: 10, source: 'stated' });
    expect(about(report, 'receiveMaximum')).toMatchObject({ value: 20, source: 'stated' });
    expect(about(report, 'keepAlive')).toMatchObject({ value: 60, source: 'default' });
    expect(report.notes.join(' ')).toContain('nothing was published');
    expect(open.log().slice(before)).not.toMatch(/Received PUBLISH/);
    expect(report.reportText).toMatch(/Maximum QoS +2 +probed/);
  });

  it.each(['5.0', '3.1.1'] as const)(
    'publishes when allowed, and takes it back (%s)',
    async (mqttVersion) => {
      const before = open.log().length;
      const report = await probe(profileTo(open.ports.mqtt, { mqttVersion }), true);
      expect(about(report, 'retain')).toMatchObject({ value: true, source: 'probed' });
      expect(about(report, 'sharedSubscriptions')).toMatchObject({ value: true, source: 'probed' });
      expect(about(report, 'maximumQos')).toMatchObject({ value: 2, source: 'probed' });
      const published = [
        ...open
          .log()
          .slice(before)
          .matchAll(/Received PUBLISH from \S+ \(.*?'([^']*)'.*?\((\d+) bytes\)\)/g),
      ];
      expect(published.length).toBeGreaterThan(0);
      for (const [, topic] of published) {
        expect(topic).toMatch(/^topicscope\/probe\/[0-9a-f-]{36}$/);
      }
      const retained = published.filter(([line]) => line.includes(', r1,'));
      expect(retained.map(([, , size]) => size)).toEqual(['5', '0']);
    },
  );

  it('of a limited broker: says so, and does not probe what is stated', async () => {
    const broker = await scripted({
      onPacket: ({ type, body }, connection) => {
        if (type === 1) {
          connection.send(
            ...connack(0, [
              ...numberProperty(propertyId.maximumQos, 1, 1),
              ...numberProperty(propertyId.retainAvailable, 0, 1),
              ...numberProperty(propertyId.wildcardAvailable, 0, 1),
              ...numberProperty(propertyId.maximumPacketSize, 4096, 4),
              ...numberProperty(propertyId.serverKeepAlive, 30, 2),
            ]),
          );
        }
        if (type === 8) {
          // Ends the connection over shared subscriptions and identifiers, as MQTT 5.0 section 3.8.3 and 3.2.2.3 have it.
          const isShared = Buffer.from(body).includes('$share/');
          if (isShared || (body[2] ?? 0) > 0) {
            connection.send(0xe0, 2, isShared ? 0x9e : 0xa1, 0);
            connection.close();
          } else {
            connection.send(0x90, 4, body[0] ?? 0, body[1] ?? 0, 0, 0);
          }
        }
        if (type === 10) {
          connection.send(0xb0, 4, body[0] ?? 0, body[1] ?? 0, 0, 0);
        }
      },
    });
    const report = await probe(profileTo(broker.port), true);
    expect(about(report, 'maximumQos')).toMatchObject({ value: 1, source: 'stated' });
    expect(about(report, 'retain')).toMatchObject({ value: false, source: 'stated' });
    expect(about(report, 'wildcardSubscriptions')).toMatchObject({ value: false, source: 'stated' });
    expect(about(report, 'maximumPacketSize')).toMatchObject({ value: 4096, source: 'stated' });
    expect(about(report, 'keepAlive')).toMatchObject({ value: 30, source: 'stated' });
    expect(about(report, 'sharedSubscriptions')).toMatchObject({ value: false, source: 'probed' });
    expect(about(report, 'subscriptionIdentifiers')).toMatchObject({ value: false, source: 'probed' });
    expect(broker.connections.length).toBeGreaterThan(1);
  });

  it('does not take for a limit of the broker what this user may not do', async () => {
    const mute = await startMosquitto({ listeners: ['mqtt'], acl: 'topic read #' });
    cleanUp.push(() => mute.stop());
    for (const mqttVersion of ['3.1.1', '5.0'] as const) {
      const report = await probe(profileTo(mute.ports.mqtt, { mqttVersion }), true);
      expect(about(report, 'retain')).not.toHaveProperty('value');
      expect(about(report, 'maximumQos')?.value).toBe(2);
      expect(about(report, 'sharedSubscriptions')).not.toHaveProperty('value');
      expect(about(report, 'sharedSubscriptions')?.note).toContain('may not publish or read');
    }
  });

  it('draws no conclusion where not even a plain subscription is granted', async () => {
    const broker = await scripted({
      onPacket: ({ type, body }, connection) => {
        if (type === 1) {
          connection.send(...connack(0));
        }
        if (type === 8) {
          connection.send(0x90, 4, body[0] ?? 0, body[1] ?? 0, 0, 0x87);
        }
        if (type === 10) {
          connection.send(0xb0, 4, body[0] ?? 0, body[1] ?? 0, 0, 0);
        }
      },
    });
    const report = await probe(profileTo(broker.port), true);
    expect(about(report, 'wildcardSubscriptions')).toMatchObject({ value: true, source: 'default' });
    expect(about(report, 'wildcardSubscriptions')?.note).toContain('could not be tried out');
    expect(broker.connections[0]?.packets.some(({ type }) => type === 3)).toBe(false);
  });

  it('of 3.1.1 without publishing: does not claim what it can’t know', async () => {
    const report = await probe(profileTo(open.ports.mqtt, { mqttVersion: '3.1.1' }));
    expect(about(report, 'sharedSubscriptions')).not.toHaveProperty('value');
    expect(about(report, 'subscriptionIdentifiers')).toMatchObject({ source: 'unknown' });
    expect(about(report, 'retain')).toMatchObject({ source: 'unknown' });
  });

  it('of none: the failure', async () => {
    const [closed = 0] = await freePorts(1);
    const report = await probe(profileTo(closed));
    expect(report).toMatchObject({ failure: { code: 'tcp.refused' }, capabilities: [], subscriptions: [] });
  });
});

describe('diagnosis.exposure', () => {
  const check = (
    profile: Profile,
    ports: readonly { protocol: 'mqtt' | 'ws'; port: number }[],
    options: { withCredentials?: boolean; password?: string } = {},
  ) => {
    const { password, withCredentials = false } = options;
    const target = { profile, ...(password === undefined ? {} : { password }) };
    return client.main('diagnosis.exposure', {
      runId: runId(),
      target,
      ports: [...ports],
      withCredentials,
      seconds: 0.5,
    });
  };
  const subscriptions = [newSubscription('plant/#')];

  it('finds what everybody can read', async () => {
    await mosquittoPub({ port: open.ports.mqtt, topic: 'plant/a', payload: '12345', retain: true });
    await mosquittoPub({ port: open.ports.mqtt, topic: 'plant/b', payload: '1', retain: true });
    const [closed = 0] = await freePorts(1);
    const http = await listening(createServer((socket) => socket.end('SSH-2.0-x\r\n')));
    const report = await check(await secureProfile(open.ports.mqtts, { subscriptions }), [
      { protocol: 'mqtt', port: open.ports.mqtt },
      { protocol: 'ws', port: open.ports.ws },
      { protocol: 'mqtt', port: open.ports.mqtts },
      { protocol: 'mqtt', port: http },
      { protocol: 'mqtt', port: closed },
    ]);
    expect(report.results.map(({ outcome }) => outcome)).toEqual([
      'readable',
      'readable',
      'tlsOnly',
      'notMqtt',
      'closed',
    ]);
    expect(report.results[0]).toMatchObject({
      login: 'anonymous',
      subscriptions: [{ filter: 'plant/#', grantedQos: 0 }],
      seen: { messages: 2, retained: 2, bytes: 6, topics: 2, sampleTopics: ['plant/a', 'plant/b'] },
    });
    expect(report).toMatchObject({ verdict: 'exposed', host: 'localhost' });
    expect(report.summary).toContain('without any password');
    expect(report.reportText).not.toContain('plant/a');
  });

  it('sends credentials only when told to, and only where they are of use', async () => {
    const profile = await secureProfile(guarded.ports.mqtts, { subscriptions, username: 'joe' });
    const [closed = 0] = await freePorts(1);
    const ports = [
      { protocol: 'mqtt', port: guarded.ports.mqtt },
      { protocol: 'mqtt', port: closed },
    ] as const;
    const password = 'open sesame';
    const without = await check(profile, ports, { password });
    expect(without.results.map(({ login, outcome }) => [login, outcome])).toEqual([
      ['anonymous', 'needsPassword'],
      ['anonymous', 'closed'],
    ]);
    expect(without.verdict).toBe('closed');
    expect(without.summary).toContain('passwords in plain text');

    await mosquittoPub({
      port: guarded.ports.mqtt,
      topic: 'plant/a',
      payload: '1',
      retain: true,
      username: 'joe',
      password,
    });
    const withThem = await check(profile, ports, { password, withCredentials: true });
    expect(withThem.results.map(({ login, outcome }) => [login, outcome])).toEqual([
      ['anonymous', 'needsPassword'],
      ['credentials', 'readable'],
      ['anonymous', 'closed'],
      ['credentials', 'notTried'],
    ]);
    expect(withThem.summary).toContain('with the password');
    const wrong = await check(profile, ports.slice(0, 1), { password: 'barley', withCredentials: true });
    expect(wrong.results[1]?.outcome).toBe('needsPassword');
    expect(JSON.stringify([without, withThem, wrong])).not.toMatch(/sesame|barley/);
  });

  it('needs no sign-in where it sends none', async () => {
    const profile = await secureProfile(guarded.ports.mqtts, { subscriptions, askCredentials: true });
    const ports = [{ protocol: 'mqtt', port: guarded.ports.mqtt }] as const;
    expect((await check(profile, ports)).results[0]?.outcome).toBe('needsPassword');
    const asked = await failureOf(check(profile, ports, { withCredentials: true }));
    expect(asked.code).toBe('diagnosis.sign-in');
  });

  it('never follows a broker to another host', async () => {
    const broker = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1) {
          const reference = `127.0.0.1:${open.ports.mqtt}`;
          connection.send(...connack(0x9c, dataProperty(propertyId.serverReference, reference)));
        }
      },
    });
    const before = open.log().length;
    const report = await check(await secureProfile(open.ports.mqtts, { subscriptions }), [
      { protocol: 'mqtt', port: broker.port },
    ]);
    expect(report.results[0]?.outcome).toBe('refused');
    expect(open.log().slice(before)).not.toMatch(/New connection/);
  });

  it('draws no conclusion where the host can’t be reached, and keeps the credentials', async () => {
    const profile = await secureProfile(1, { host: 'no-such-host.invalid', subscriptions, username: 'joe' });
    const ports = [{ protocol: 'mqtt', port: 1883 }] as const;
    const report = await check(profile, ports, { password: 'open sesame', withCredentials: true });
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['notTried', 'notTried']);
    expect(report.verdict).toBe('unknown');
  });

  it('has nothing to check where there is no TLS', async () => {
    const failure = await failureOf(check(profileTo(open.ports.mqtt), [{ protocol: 'mqtt', port: 1 }]));
    expect(failure.code).toBe('exposure.plain');
  });
});
