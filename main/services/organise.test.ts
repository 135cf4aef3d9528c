import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription, newWill } from '#app/profile/defaults.ts';
import type { Environment } from '#app/profile/variables.ts';
import { waitFor } from './engine.fixture.ts';
import { failureOf, RunningEngine } from './running-engine.fixture.ts';

const running = new RunningEngine();
const environment = (
  variables: Record<string, string>,
  overrides: Partial<Environment> = {},
): Environment => ({
  id: 'e',
  name: 'North',
  variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
  ...overrides,
});
const saveEnvironment = (value: Environment) =>
  running.client.main('environments.save', { environment: value });
const sessionOf = async (sessionId: string) => {
  const { sessions } = await waitFor(running.client, 'sessions', () => true);
  return sessions.find((session) => session.sessionId === sessionId);
};

describe('environments', () => {
  it('are kept over a restart, with a backup that serves when the file is damaged', async () => {
    await saveEnvironment(environment({ site: 'north' }));
    await saveEnvironment(environment({ site: 'south' }, { id: 'f', name: 'South' }));
    await saveEnvironment(environment({ site: 'north-2' }));
    await running.stop();
    await writeFile(running.directory.file('environments.json'), '{"schemaVersion":1,"env');
    await running.start();
    const { environments } = await waitFor(running.client, 'environments', () => true);
    expect(environments.map(({ name, variables }) => [name, variables[0]?.value])).toEqual([
      ['North', 'north-2'],
      ['South', 'south'],
    ]);
    const { notices } = await waitFor(running.client, 'notices', (window) => window.notices.length > 0);
    expect(notices[0]?.hint).toContain('environments.json.damaged-');
    await running.client.main('environments.delete', { environmentId: 'f' });
    expect(await failureOf(running.client.main('environments.delete', { environmentId: 'f' }))).toMatchObject(
      {
        code: 'environment.unknown',
      },
    );
  });

  it('of a newer version are left alone', async () => {
    await running.stop();
    const path = running.directory.file('environments.json');
    await writeFile(path, '{"schemaVersion":99,"environments":[]}');
    await running.start();
    expect(await failureOf(saveEnvironment(environment({})))).toMatchObject({ code: 'file.write' });
    expect(await readFile(path, 'utf8')).toContain('99');
  });

  it('have names of their own, and a size that fits a frame', async () => {
    await saveEnvironment(environment({}));
    expect(await failureOf(saveEnvironment(environment({}, { id: 'other' })))).toMatchObject({
      code: 'environment.name',
    });
    const wide = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`v${index}`, 'x'.repeat(4096)]),
    );
    for (let index = 0; index < 4; index++) {
      await saveEnvironment(environment(wide, { id: `w${index}`, name: `w${index}` }));
    }
    expect(await failureOf(saveEnvironment(environment(wide, { id: 'w4', name: 'w4' })))).toMatchObject({
      code: 'environment.size',
    });
    expect(
      await failureOf(saveEnvironment({ id: 'x', name: 'x', variables: [{ name: 'a b', value: '' }] })),
    ).toMatchObject({ code: 'contract.input' });
  });

  it('fill in what a connection is made of; the profile keeps what was written', async () => {
    await saveEnvironment(environment({ site: 'north', line: '7' }));
    await running.save({
      id: 'p',
      environmentId: 'e',
      host: '{{site}}.example.com',
      clientId: 'scope-{{line}}',
      username: '{{site}}',
      will: { ...newWill(), enabled: true, topic: '{{site}}/gone' },
      subscriptions: [newSubscription('{{site}}/+', { id: 's' })],
    });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    const given = await running.given(sessionId);
    expect(given.settings).toMatchObject({
      host: 'north.example.com',
      clientId: 'scope-7',
      username: 'north',
      will: { topic: 'north/gone' },
    });
    expect(given.subscriptions.map(({ filter }) => filter)).toEqual(['north/+']);
    const session = await sessionOf(sessionId);
    expect(session?.profile.host).toBe('{{site}}.example.com');
    expect(session?.resolved).toMatchObject({ host: 'north.example.com', willTopic: 'north/gone' });
  });

  it('are a named problem before connecting when a variable is missing or they are gone', async () => {
    await saveEnvironment(environment({ site: 'north' }));
    await running.save({ id: 'p', environmentId: 'e', host: '{{site}}', clientId: '{{who}}' });
    const open = () => failureOf(running.client.main('sessions.open', { profileId: 'p' }));
    expect(await open()).toMatchObject({
      code: 'environment.variable',
      message: 'The environment “North” has no variable {{who}}.',
      detail: 'clientId: {{who}}',
    });
    await running.client.main('environments.delete', { environmentId: 'e' });
    expect(await open()).toMatchObject({ code: 'environment.gone' });
    await running.save({ id: 'q', host: '{{site}}' });
    expect(await failureOf(running.client.main('sessions.open', { profileId: 'q' }))).toMatchObject({
      code: 'environment.variable',
      message: expect.stringContaining('needs an environment'),
    });
  });

  it('refuse a value that makes the connection impossible', async () => {
    await saveEnvironment(environment({ site: 'x'.repeat(300) }));
    await running.save({ id: 'p', environmentId: 'e', host: '{{site}}' });
    expect(await failureOf(running.client.main('sessions.open', { profileId: 'p' }))).toMatchObject({
      code: 'environment.value',
    });
  });

  it('move the subscriptions of open sessions when a value changes', async () => {
    await saveEnvironment(environment({ site: 'north' }));
    await running.save({
      id: 'p',
      environmentId: 'e',
      subscriptions: [newSubscription('{{site}}/+', { id: 's' }), newSubscription('all/#', { id: 't' })],
    });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await saveEnvironment(environment({ site: 'south' }));
    const filters = async () => (await running.given(sessionId)).subscriptions.map(({ filter }) => filter);
    await expect.poll(filters).toEqual(['south/+', 'all/#']);
    await saveEnvironment(environment({ other: 'x' }));
    await expect.poll(filters).toEqual(['all/#']);
  });

  it('leave the written filter alone when the filled one comes back from the screen', async () => {
    await saveEnvironment(environment({ site: 'north' }));
    await running.save({
      id: 'p',
      environmentId: 'e',
      subscriptions: [newSubscription('{{site}}/+', { id: 's' })],
    });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    const [shown] = (await running.given(sessionId)).subscriptions as ReturnType<typeof newSubscription>[];
    expect(shown?.filter).toBe('north/+');
    const change = (overrides: Partial<ReturnType<typeof newSubscription>>) =>
      running.client.main('subscriptions.change', {
        sessionId,
        subscription: { ...newSubscription('north/+'), ...shown, ...overrides },
      });
    await change({ muted: true });
    const stored = async () => (await running.profiles())[0]?.subscriptions[0];
    expect(await stored()).toMatchObject({ filter: '{{site}}/+', muted: true });
    await change({ filter: 'other/+' });
    expect(await stored()).toMatchObject({ filter: 'other/+' });
    const add = (filter: string) =>
      failureOf(
        running.client.main('subscriptions.add', { sessionId, subscription: newSubscription(filter) }),
      );
    expect(await add('{{line}}/#')).toMatchObject({ code: 'environment.variable' });
    expect(await add('{{site}}/x')).toMatchObject({ code: 'none' });
    expect(await add('north/x')).toMatchObject({ code: 'subscription.exists' });
  });
});

describe('groups', () => {
  const order = async () => (await running.profiles()).map(({ id, group }) => `${group}:${id}`);

  it('take a profile in at a place, or behind their last one', async () => {
    for (const [id, group] of [
      ['a', ''],
      ['b', 'plant'],
      ['c', 'plant'],
      ['d', ''],
    ] as const) {
      await running.save({ id, group });
    }
    await running.client.main('groups.move', { profileId: 'd', group: ' plant ', before: 'c' });
    expect(await order()).toEqual([':a', 'plant:b', 'plant:d', 'plant:c']);
    await running.client.main('groups.move', { profileId: 'a', group: 'plant' });
    expect(await order()).toEqual(['plant:b', 'plant:d', 'plant:c', 'plant:a']);
    await running.client.main('groups.move', { profileId: 'b', group: 'new/one' });
    expect(await order()).toEqual(['plant:d', 'plant:c', 'plant:a', 'new/one:b']);
    expect(
      await failureOf(running.client.main('groups.move', { profileId: 'none', group: '' })),
    ).toMatchObject({ code: 'profile.unknown' });
  });

  it('are renamed with those below them, also in open sessions, and never cut', async () => {
    await running.save({ id: 'a', group: 'plant' });
    await running.save({ id: 'b', group: 'plant/line' });
    await running.save({ id: 'c', group: 'plants' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'b', connect: false });
    expect(await running.client.main('groups.rename', { from: 'plant', to: 'site' })).toEqual({
      profiles: 2,
    });
    expect(await order()).toEqual(['site:a', 'site/line:b', 'plants:c']);
    expect((await sessionOf(sessionId))?.profile.group).toBe('site/line');
    expect(
      await failureOf(running.client.main('groups.rename', { from: 'site', to: 'x'.repeat(199) })),
    ).toMatchObject({ code: 'group.length' });
    expect(await order()).toEqual(['site:a', 'site/line:b', 'plants:c']);
    expect(await running.client.main('groups.rename', { from: 'site', to: '' })).toEqual({ profiles: 2 });
    expect(await order()).toEqual([':a', 'line:b', 'plants:c']);
  });
});

describe('a profile that asks for user name and password', () => {
  it('waits for them, and keeps them nowhere', async () => {
    await running.save({ id: 'p', askCredentials: true, username: 'alice' }, { password: 'from before' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    expect(await sessionOf(sessionId)).toMatchObject({ awaitsSignIn: true, state: { kind: 'offline' } });
    expect((await running.given(sessionId)).settings).toBeUndefined();
    await running.client.main('sessions.connect', {
      sessionId,
      signIn: { username: 'bob', password: 'typed just now' },
    });
    expect((await running.given(sessionId)).settings).toMatchObject({
      username: 'bob',
      password: 'typed just now',
    });
    const session = await sessionOf(sessionId);
    expect(session?.awaitsSignIn).toBeUndefined();
    expect(JSON.stringify(session)).not.toContain('typed just now');
    await running.client.main('sessions.disconnect', { sessionId });
    await running.client.main('sessions.connect', { sessionId });
    expect((await sessionOf(sessionId))?.awaitsSignIn).toBe(true);
    await running.client.main('sessions.disconnect', { sessionId });
    expect((await sessionOf(sessionId))?.awaitsSignIn).toBeUndefined();
    await running.engine.logger.flush();
    for (const name of await readdir(running.directory.path, { recursive: true })) {
      const text = await readFile(join(running.directory.path, name)).catch(() => Buffer.alloc(0));
      expect(text.includes('typed just now'), name).toBe(false);
    }
  });

  it('says before connecting that older versions want a user name', async () => {
    await running.save({ id: 'p', askCredentials: true, mqttVersion: '3.1.1' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    expect(
      await failureOf(
        running.client.main('sessions.connect', { sessionId, signIn: { username: '', password: 'x' } }),
      ),
    ).toMatchObject({ code: 'credentials.username' });
    expect((await sessionOf(sessionId))?.awaitsSignIn).toBe(true);
  });
});

describe('guards', () => {
  it('reach the session’s worker, also when they change', async () => {
    const profile = await running.save({ id: 'p', guard: 'confirm' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    const guard = async () => ((await running.given(sessionId)) as { readonly guard?: string }).guard;
    expect(await guard()).toBe('confirm');
    await running.client.main('profiles.save', { profile: { ...profile, guard: 'readOnly' } });
    await expect.poll(guard).toBe('readOnly');
  });

  it('that are read-only keep a connection from being dropped while the broker holds a will', async () => {
    const will = { ...newWill(), enabled: true, topic: 'gone' };
    const profile = await running.save({ id: 'p', will });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await expect.poll(async () => (await sessionOf(sessionId))?.willArmed).toBe('gone');
    await running.client.main('profiles.save', { profile: { ...profile, guard: 'readOnly' } });
    const drop = () => running.client.main('sessions.drop', { sessionId });
    expect(await failureOf(drop())).toMatchObject({ code: 'guard.readOnly' });
    expect((await sessionOf(sessionId))?.state.kind).toBe('connecting');

    await running.client.main('sessions.disconnect', { sessionId });
    await running.client.main('sessions.connect', { sessionId });
    await expect.poll(async () => (await sessionOf(sessionId))?.state.kind).toBe('connecting');
    expect((await sessionOf(sessionId))?.willArmed).toBeUndefined();
    await drop();
    await expect.poll(async () => (await sessionOf(sessionId))?.state.kind).toBe('offline');
  });
});

describe('connecting at start', () => {
  it('opens what is marked; what can’t connect holds nothing up and is told', async () => {
    await running.save({ id: 'good', name: 'Good', autoConnect: true });
    await running.save({ id: 'manual', name: 'Manual' });
    await running.save({ id: 'locked', name: 'Locked', autoConnect: true }, { password: 'x' });
    await running.save({ id: 'asks', name: 'Asks', autoConnect: true, askCredentials: true });
    await running.save({ id: 'last', name: 'Last', autoConnect: true });
    await running.stop();
    const path = running.directory.file('profiles.json');
    const stored = JSON.parse(await readFile(path, 'utf8')) as { profiles: ReturnType<typeof newProfile>[] };
    const damaged = newProfile({ id: 'bad', name: 'Bad', autoConnect: true, host: 'no host/at all' });
    await writeFile(path, JSON.stringify({ ...stored, profiles: [damaged, ...stored.profiles] }));
    const [secret] = await running.vaultFiles();
    await writeFile(join(running.directory.file('vault'), secret ?? ''), 'not what was written');
    await running.start();
    running.engine.autoConnect();
    const { sessions } = await waitFor(
      running.client,
      'sessions',
      ({ sessions: all }) =>
        all.filter(({ state }) => state.kind === 'connecting').length === 2 &&
        all.some(({ profile, state }) => profile.name === 'Locked' && state.kind === 'failed'),
    );
    expect(sessions.map(({ profile }) => profile.name)).toEqual(['Good', 'Locked', 'Asks', 'Last']);
    expect(sessions.map(({ state }) => state.kind)).toEqual([
      'connecting',
      'failed',
      'offline',
      'connecting',
    ]);
    expect(sessions[2]?.awaitsSignIn).toBe(true);
    const { notices } = await waitFor(running.client, 'notices', (window) => window.notices.length > 0);
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('“Bad” was not connected at start. A host name has no spaces'),
    ]);
    running.engine.autoConnect();
    const again = await waitFor(running.client, 'sessions', () => true);
    expect(again.sessions).toHaveLength(4);
  });
});
