import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import type { Failure } from '#app/contract/failure.ts';
import { newProfile, newSubscription } from '#app/profile/defaults.ts';
import { connectTo, openEngine, waitFor } from './engine.fixture.ts';
import type { Engine } from './engine.ts';
import { testDirectory } from './test-directory.fixture.ts';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let engine: Engine;
let client: ContractClient;
beforeEach(async () => {
  directory = await testDirectory();
  engine = await openEngine(directory.path);
  client = await connectTo(engine);
});
afterEach(async () => {
  client.dispose();
  await engine.close();
  await directory.dispose();
});

const vaultFiles = () => readdir(directory.file('vault')).catch(() => []);
const profilesNow = async () => (await waitFor(client, 'profiles', () => true)).profiles;
/** What the fake worker says that it was given. */
const given = async (sessionId: string) =>
  (await client.session(sessionId, 'message.get', { sequence: 1 })) as unknown as {
    settings?: { host: string; password?: string };
    subscriptions: readonly { filter: string }[];
  };
const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => ({ code: 'none', message: '' }),
    (error: { failure: Failure }) => error.failure,
  );
const save = (overrides: Parameters<typeof newProfile>[0], secrets: { password?: string | null } = {}) =>
  client.main('profiles.save', { profile: newProfile(overrides), ...secrets });

describe('profiles and secrets', () => {
  it('keeps a password in the vault only, until it is removed', async () => {
    const saved = await save({ id: 'p' }, { password: 'hunter2' });
    expect(saved.passwordRef).toBeDefined();
    for (const name of await readdir(directory.path, { recursive: true })) {
      const text = await readFile(join(directory.path, name)).catch(() => Buffer.alloc(0));
      expect(text.includes('hunter2'), name).toBe(false);
    }
    const kept = await client.main('profiles.save', { profile: { ...saved, name: 'renamed' } });
    expect(kept.passwordRef).toBe(saved.passwordRef);
    const replaced = await client.main('profiles.save', { profile: kept, password: 'other' });
    expect(replaced.passwordRef).not.toBe(saved.passwordRef);
    expect(await vaultFiles()).toEqual([`${replaced.passwordRef}.secret`]);
    const removed = await client.main('profiles.save', { profile: replaced, password: null });
    expect(removed.passwordRef).toBeUndefined();
    expect(await vaultFiles()).toEqual([]);
  });

  it('takes the ref of a password from its own store, not from the window', async () => {
    const first = await save({ id: 'a' }, { password: 'of a' });
    const second = await save({
      id: 'b',
      ...(first.passwordRef === undefined ? {} : { passwordRef: first.passwordRef }),
    });
    expect(second.passwordRef).toBeUndefined();
    const asFile = { ref: first.passwordRef ?? '', fileName: 'x' };
    const profile = newProfile({ id: 'c', tls: { verify: true, ca: [asFile] } });
    expect(await failureOf(client.main('profiles.save', { profile }))).toMatchObject({
      code: 'vault.missing',
    });
    expect(await vaultFiles()).toHaveLength(1);
  });

  it('keeps staged files of an open form through the save of another, and drops them at the next start', async () => {
    const bytes = new TextEncoder().encode('x');
    const used = await client.main('certificates.stage', { fileName: 'ca.pem', bytes });
    const unused = await client.main('certificates.stage', { fileName: 'other.pem', bytes });
    const ca = [{ ref: used.ref, fileName: 'ca.pem' }];
    const saved = await save({ id: 'p', tls: { verify: true, ca } });
    expect(await vaultFiles()).toHaveLength(2);
    await save({ id: 'q', tls: { verify: true, ca: [{ ref: unused.ref, fileName: 'other.pem' }] } });
    await client.main('profiles.save', { profile: { ...saved, tls: { verify: true, ca: [] } } });
    expect(await vaultFiles()).toEqual([`${unused.ref}.secret`]);
    await client.main('certificates.stage', { fileName: 'late.pem', bytes });
    client.dispose();
    await engine.close();
    engine = await openEngine(directory.path);
    client = await connectTo(engine);
    expect(await vaultFiles()).toEqual([`${unused.ref}.secret`]);
  });

  it('brings a deleted profile back with its password, and forgets it with the process', async () => {
    await save({ id: 'p', name: 'first' }, { password: 'x' });
    await save({ id: 'q' });
    await client.main('profiles.delete', { profileId: 'p' });
    await save({ id: 'r' });
    expect(await vaultFiles()).toHaveLength(1);
    const restored = await client.main('profiles.restore', { profileId: 'p' });
    expect((await profilesNow()).map(({ id }) => id)).toEqual(['p', 'q', 'r']);
    expect(await vaultFiles()).toEqual([`${restored.passwordRef}.secret`]);
    await client.main('profiles.delete', { profileId: 'p' });
    await engine.close();
    expect(await vaultFiles()).toEqual([]);
    engine = await openEngine(directory.path);
    client = await connectTo(engine);
    expect(await failureOf(client.main('profiles.restore', { profileId: 'p' }))).toMatchObject({
      code: 'profile.unknown',
    });
  });

  it('duplicates with copies of all secrets and a client id of its own', async () => {
    const original = await save({ id: 'p', name: 'Plant' }, { password: 'x' });
    const copy = await client.main('profiles.duplicate', { profileId: 'p' });
    const second = await client.main('profiles.duplicate', { profileId: copy.id });
    expect([copy.name, second.name]).toEqual(['Plant (copy)', 'Plant (copy 2)']);
    expect(copy.clientId).not.toBe(original.clientId);
    expect(copy.passwordRef).not.toBe(original.passwordRef);
    expect((await profilesNow()).map(({ name }) => name)).toEqual([
      'Plant',
      'Plant (copy)',
      'Plant (copy 2)',
    ]);
    await client.main('profiles.save', { profile: original, password: null });
    const { sessionId } = await client.main('sessions.open', { profileId: copy.id });
    expect((await given(sessionId)).settings?.password).toBe('x');
  });

  it('loses nothing when a save fails', async () => {
    const saved = await save({ id: 'p' }, { password: 'old' });
    const path = directory.file('profiles.json');
    const text = await readFile(path, 'utf8');
    await rm(path);
    await writeFile(path, text);
    await rm(path);
    await import('node:fs/promises').then(({ mkdir }) => mkdir(path));
    const failure = await failureOf(client.main('profiles.save', { profile: saved, password: 'new' }));
    expect(failure).toMatchObject({ code: 'file.write' });
    expect(await vaultFiles()).toEqual([`${saved.passwordRef}.secret`]);
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    expect((await given(sessionId)).settings?.password).toBe('old');
  });

  it('tells a window that comes later of a damaged file', async () => {
    await save({ id: 'p', name: 'kept' });
    client.dispose();
    await engine.close();
    await writeFile(directory.file('profiles.json'), '{');
    engine = await openEngine(directory.path);
    client = await connectTo(engine);
    const { notices } = await waitFor(client, 'notices', () => true);
    expect(notices[0]).toMatchObject({
      level: 'warning',
      hint: expect.stringContaining('profiles.json.damaged-'),
    });
    expect((await profilesNow())[0]?.name).toBe('kept');
  });
});

describe('sessions', () => {
  it('opens one session per profile, finds it again, and shows its state to every window', async () => {
    await save({ id: 'p', host: 'h' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    expect(await client.main('sessions.open', { profileId: 'p' })).toEqual({ sessionId });
    const other = await connectTo(engine);
    const { sessions } = await waitFor(
      other,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'connecting',
    );
    expect(sessions).toMatchObject([{ sessionId, profileId: 'p', temporary: false, generation: 1 }]);
    other.dispose();
    expect((await given(sessionId)).settings?.host).toBe('h');
    await client.main('sessions.close', { sessionId });
    await waitFor(client, 'sessions', ({ sessions: all }) => all.length === 0);
  });

  it('outlives its window', async () => {
    await save({ id: 'p', host: 'h' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    client.dispose();
    client = await connectTo(engine);
    expect((await given(sessionId)).settings?.host).toBe('h');
  });

  it('opens a URL as a temporary session, whose password goes along when it is saved', async () => {
    const { sessionId } = await client.main('sessions.openUrl', { url: 'mqtt://u:hunter2@h?topic=#' });
    const { sessions } = await waitFor(client, 'sessions', ({ sessions: all }) => all.length === 1);
    expect(JSON.stringify(sessions)).not.toContain('hunter2');
    expect(sessions[0]).toMatchObject({ temporary: true });
    expect((await given(sessionId)).settings?.password).toBe('hunter2');
    const profile = sessions[0]?.profile ?? newProfile();
    const saved = await client.main('profiles.save', { profile });
    expect(saved.passwordRef).toBeDefined();
    await waitFor(client, 'sessions', ({ sessions: all }) => all[0]?.temporary === false);
    await client.main('sessions.connect', { sessionId });
    expect((await given(sessionId)).settings?.password).toBe('hunter2');
  });

  it('hands changed subscriptions to profile and session', async () => {
    await save({ id: 'p' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p', connect: false });
    const a = newSubscription('a/#');
    await client.main('subscriptions.add', { sessionId, subscription: a });
    await client.main('subscriptions.add', { sessionId, subscription: newSubscription('b') });
    await client.main('subscriptions.change', { sessionId, subscription: { ...a, filter: 'c/#' } });
    const filters = (all: readonly { filter: string }[]) => all.map(({ filter }) => filter);
    expect(filters((await given(sessionId)).subscriptions)).toEqual(['c/#', 'b']);
    expect(filters((await profilesNow())[0]?.subscriptions ?? [])).toEqual(['c/#', 'b']);
    await client.main('subscriptions.remove', { sessionId, subscriptionId: a.id });
    expect(filters((await given(sessionId)).subscriptions)).toEqual(['b']);
    const bad = newSubscription('a/#/b');
    expect(await failureOf(client.main('subscriptions.add', { sessionId, subscription: bad }))).toMatchObject(
      { code: 'subscription.filter' },
    );
    const twin = newSubscription('b');
    expect(
      await failureOf(client.main('subscriptions.add', { sessionId, subscription: twin })),
    ).toMatchObject({ code: 'subscription.exists' });
  });

  it('goes on when the profile is deleted, and says that it is not saved', async () => {
    await save({ id: 'p' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    await client.main('profiles.delete', { profileId: 'p' });
    await waitFor(client, 'sessions', ({ sessions: all }) => all[0]?.temporary === true);
    await client.main('sessions.connect', { sessionId });
    await client.main('profiles.restore', { profileId: 'p' });
    await waitFor(client, 'sessions', ({ sessions: all }) => all[0]?.temporary === false);
  });

  it('says what is wrong with a session that is not there', async () => {
    for (const operation of [
      'sessions.connect',
      'sessions.disconnect',
      'sessions.drop',
      'sessions.close',
    ] as const) {
      expect(await failureOf(client.main(operation, { sessionId: 'x' }))).toMatchObject({
        code: 'session.closed',
      });
    }
    expect(await failureOf(client.main('sessions.open', { profileId: 'x' }))).toMatchObject({
      code: 'profile.unknown',
    });
    expect(await failureOf(client.session('x', 'message.get', { sequence: 1 }))).toMatchObject({
      code: 'session.closed',
    });
    const ended = await new Promise<Failure>((resolve) => {
      client.sessionFeed('x', 'status', {}, { onWindow: () => undefined, onEnd: resolve });
    });
    expect(ended.code).toBe('session.closed');
  });
});

describe('a worker that fails', () => {
  it('ends what was under way, is started anew, and leaves the others alone', async () => {
    await save({ id: 'p', name: 'Plant', host: 'h' });
    await save({ id: 'q', host: 'other' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    const { sessionId: otherId } = await client.main('sessions.open', { profileId: 'q' });
    const feedEnd = new Promise<Failure>((resolve) => {
      client.sessionFeed(sessionId, 'status', {}, { onWindow: () => undefined, onEnd: resolve });
    });
    const pending = failureOf(client.session(sessionId, 'message.get', { sequence: 404 }));
    await given(sessionId);
    const crashed = failureOf(client.session(sessionId, 'message.get', { sequence: 500 }));
    expect((await pending).code).toBe('session.closed');
    expect((await crashed).code).toBe('session.closed');
    expect((await feedEnd).code).toBe('session.closed');
    const { sessions } = await waitFor(
      client,
      'sessions',
      ({ sessions: all }) => all[0]?.generation === 2 && all[0].state.kind === 'connecting',
    );
    expect(sessions[1]).toMatchObject({ sessionId: otherId, generation: 1 });
    const { notices } = await waitFor(client, 'notices', ({ notices: all }) => all.length > 0);
    expect(notices[0]?.message).toContain('“Plant” failed and was started anew');
    expect(notices[0]?.detail).toContain('crash on request');
    expect((await given(sessionId)).settings?.host).toBe('h');
    expect((await given(otherId)).settings?.host).toBe('other');
  });

  it('is stopped when it fails again and again, and can be started by hand', async () => {
    await save({ id: 'p', host: 'crash' });
    await failureOf(client.main('sessions.open', { profileId: 'p' }));
    const [session] = (await waitFor(client, 'sessions', ({ sessions: all }) => all.length === 1)).sessions;
    const sessionId = session?.sessionId ?? '';
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await failureOf(client.main('sessions.connect', { sessionId }));
    }
    const { sessions } = await waitFor(
      client,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'failed',
    );
    expect(sessions[0]?.state).toMatchObject({ kind: 'failed', failure: { code: 'session.crashed' } });
    expect(await failureOf(client.session(sessionId, 'message.get', { sequence: 1 }))).toMatchObject({
      code: 'session.crashed',
    });
    const profile = (await profilesNow())[0] ?? newProfile();
    await client.main('profiles.save', { profile: { ...profile, host: 'h' } });
    await client.main('sessions.connect', { sessionId });
    expect((await given(sessionId)).settings?.host).toBe('h');
  });

  it('answers Disconnect even when the worker hangs', async () => {
    await save({ id: 'p', host: 'hang' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    await client.main('sessions.disconnect', { sessionId });
    await waitFor(
      client,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'offline' && all[0].generation === 2,
    );
  }, 15_000);

  it('is ended by force when it does not leave', async () => {
    await save({ id: 'p', host: 'stay' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    await client.main('sessions.close', { sessionId });
    await waitFor(client, 'sessions', ({ sessions: all }) => all.length === 0);
  }, 15_000);

  it('says when it ran out of memory, and takes nobody with it', async () => {
    await save({ id: 'p', host: 'h' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    await failureOf(client.session(sessionId, 'message.get', { sequence: 507 }));
    const { notices } = await waitFor(client, 'notices', ({ notices: all }) => all.length > 0);
    expect(notices[0]?.message).toContain('ran out of memory');
    expect((await given(sessionId)).settings?.host).toBe('h');
  });
});

describe('readers', () => {
  const told = async () => {
    const view = await client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'auto' });
    return (view as unknown as { told: readonly string[] }).told;
  };

  it('are told of every log, also of those before them and after a crash', async () => {
    await save({ id: 'p' });
    const { sessionId } = await client.main('sessions.open', { profileId: 'p' });
    await given(sessionId);
    expect(await told()).toEqual([`${sessionId} open`]);
    const crash = failureOf(client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'crash' }));
    expect(await crash).toMatchObject({ code: 'readers.ended' });
    expect(await told()).toEqual([`${sessionId} open`]);
    await client.main('sessions.close', { sessionId });
    expect(await told()).toEqual([`${sessionId} open`, `${sessionId} closed`]);
  });
});
