import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Failure } from '#app/contract/failure.ts';
import { newProfile, newSubscription, newTls } from '#app/profile/defaults.ts';
import { connectTo, waitFor } from './engine.fixture.ts';
import { failureOf, RunningEngine } from './running-engine.fixture.ts';

const running = new RunningEngine();

describe('profiles and secrets', () => {
  it('keeps a password in the vault only, until it is removed', async () => {
    const saved = await running.save({ id: 'p' }, { password: 'hunter2' });
    expect(saved.passwordRef).toBeDefined();
    for (const name of await readdir(running.directory.path, { recursive: true })) {
      const text = await readFile(join(running.directory.path, name)).catch(() => Buffer.alloc(0));
      expect(text.includes('hunter2'), name).toBe(false);
    }
    const kept = await running.client.main('profiles.save', { profile: { ...saved, name: 'renamed' } });
    expect(kept.passwordRef).toBe(saved.passwordRef);
    const replaced = await running.client.main('profiles.save', { profile: kept, password: 'other' });
    expect(replaced.passwordRef).not.toBe(saved.passwordRef);
    expect(await running.vaultFiles()).toEqual([`${replaced.passwordRef}.secret`]);
    const removed = await running.client.main('profiles.save', { profile: replaced, password: null });
    expect(removed.passwordRef).toBeUndefined();
    expect(await running.vaultFiles()).toEqual([]);
  });

  it('takes the ref of a password from its own store, not from the window', async () => {
    const first = await running.save({ id: 'a' }, { password: 'of a' });
    const second = await running.save({
      id: 'b',
      ...(first.passwordRef === undefined ? {} : { passwordRef: first.passwordRef }),
    });
    expect(second.passwordRef).toBeUndefined();
    const asFile = { ref: first.passwordRef ?? '', fileName: 'x' };
    const profile = newProfile({ id: 'c', tls: newTls({ ca: [asFile] }) });
    expect(await failureOf(running.client.main('profiles.save', { profile }))).toMatchObject({
      code: 'vault.missing',
    });
    expect(await running.vaultFiles()).toHaveLength(1);
  });

  it('keeps staged files of an open form through the save of another, and drops them at the next start', async () => {
    const bytes = new TextEncoder().encode('x');
    const used = await running.client.main('certificates.stage', { fileName: 'ca.pem', bytes });
    const unused = await running.client.main('certificates.stage', { fileName: 'other.pem', bytes });
    const ca = [{ ref: used.ref, fileName: 'ca.pem' }];
    const saved = await running.save({ id: 'p', tls: newTls({ ca }) });
    expect(await running.vaultFiles()).toHaveLength(2);
    await running.save({ id: 'q', tls: newTls({ ca: [{ ref: unused.ref, fileName: 'other.pem' }] }) });
    await running.client.main('profiles.save', { profile: { ...saved, tls: newTls() } });
    expect(await running.vaultFiles()).toEqual([`${unused.ref}.secret`]);
    await running.client.main('certificates.stage', { fileName: 'late.pem', bytes });
    await running.stop();
    await running.start();
    expect(await running.vaultFiles()).toEqual([`${unused.ref}.secret`]);
  });

  it('brings a deleted profile back with its password, and forgets it with the process', async () => {
    await running.save({ id: 'p', name: 'first' }, { password: 'x' });
    await running.save({ id: 'q' });
    await running.client.main('profiles.delete', { profileId: 'p' });
    await running.save({ id: 'r' });
    expect(await running.vaultFiles()).toHaveLength(1);
    const restored = await running.client.main('profiles.restore', { profileId: 'p' });
    expect((await running.profiles()).map(({ id }) => id)).toEqual(['p', 'q', 'r']);
    expect(await running.vaultFiles()).toEqual([`${restored.passwordRef}.secret`]);
    await running.client.main('profiles.delete', { profileId: 'p' });
    await running.stop();
    expect(await running.vaultFiles()).toEqual([]);
    await running.start();
    expect(await failureOf(running.client.main('profiles.restore', { profileId: 'p' }))).toMatchObject({
      code: 'profile.unknown',
    });
  });

  it('duplicates with copies of all secrets and a running.client id of its own', async () => {
    const original = await running.save({ id: 'p', name: 'Plant' }, { password: 'x' });
    const copy = await running.client.main('profiles.duplicate', { profileId: 'p' });
    const second = await running.client.main('profiles.duplicate', { profileId: copy.id });
    expect([copy.name, second.name]).toEqual(['Plant (copy)', 'Plant (copy 2)']);
    expect(copy.clientId).not.toBe(original.clientId);
    expect(copy.passwordRef).not.toBe(original.passwordRef);
    expect((await running.profiles()).map(({ name }) => name)).toEqual([
      'Plant',
      'Plant (copy)',
      'Plant (copy 2)',
    ]);
    await running.client.main('profiles.save', { profile: original, password: null });
    const { sessionId } = await running.client.main('sessions.open', { profileId: copy.id });
    expect((await running.given(sessionId)).settings?.password).toBe('x');
  });

  it('loses nothing when a save fails', async () => {
    const saved = await running.save({ id: 'p' }, { password: 'old' });
    const path = running.directory.file('profiles.json');
    await rm(path);
    await mkdir(path);
    const failure = await failureOf(
      running.client.main('profiles.save', { profile: saved, password: 'new' }),
    );
    expect(failure).toMatchObject({ code: 'file.write' });
    expect(await running.vaultFiles()).toEqual([`${saved.passwordRef}.secret`]);
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    expect((await running.given(sessionId)).settings?.password).toBe('old');
  });

  it('tells a window that comes later of a damaged file', async () => {
    await running.save({ id: 'p', name: 'kept' });
    await running.stop();
    await writeFile(running.directory.file('profiles.json'), '{');
    await running.start();
    const { notices } = await waitFor(running.client, 'notices', () => true);
    expect(notices[0]).toMatchObject({
      level: 'warning',
      hint: expect.stringContaining('profiles.json.damaged-'),
    });
    expect((await running.profiles())[0]?.name).toBe('kept');
  });

  it('keeps the secrets of profiles that were lost, for when the file is put back', async () => {
    await running.save({ id: 'p', name: 'lost' }, { password: 'hunter2' });
    await running.stop();
    const file = running.directory.file('profiles.json');
    const good = await readFile(file, 'utf8');
    await writeFile(file, '{');
    await rm(`${file}.bak`);
    await running.start();
    expect(await running.profiles()).toEqual([]);
    await running.save({ id: 'q', name: 'new' });
    await running.stop();
    await writeFile(file, good);
    await running.start();
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    expect((await running.given(sessionId)).settings?.password).toBe('hunter2');
  });
});

describe('sessions', () => {
  it('opens one session per profile, finds it again, and shows its state to every window', async () => {
    await running.save({ id: 'p', host: 'h' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    expect(await running.client.main('sessions.open', { profileId: 'p' })).toEqual({ sessionId });
    const other = await connectTo(running.engine);
    const { sessions } = await waitFor(
      other,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'connecting',
    );
    expect(sessions).toMatchObject([{ sessionId, profileId: 'p', temporary: false, generation: 1 }]);
    other.dispose();
    expect((await running.given(sessionId)).settings?.host).toBe('h');
    await running.client.main('sessions.close', { sessionId });
    await waitFor(running.client, 'sessions', ({ sessions: all }) => all.length === 0);
  });

  it('outlives its window', async () => {
    await running.save({ id: 'p', host: 'h' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    running.client.dispose();
    running.client = await connectTo(running.engine);
    expect((await running.given(sessionId)).settings?.host).toBe('h');
  });

  it('opens a URL as a temporary session, whose password goes along when it is saved', async () => {
    const { sessionId } = await running.client.main('sessions.openUrl', {
      url: 'mqtt://u:hunter2@h?topic=#',
    });
    const { sessions } = await waitFor(running.client, 'sessions', ({ sessions: all }) => all.length === 1);
    expect(JSON.stringify(sessions)).not.toContain('hunter2');
    expect(sessions[0]).toMatchObject({ temporary: true });
    expect((await running.given(sessionId)).settings?.password).toBe('hunter2');
    const profile = sessions[0]?.profile ?? newProfile();
    const saved = await running.client.main('profiles.save', { profile });
    expect(saved.passwordRef).toBeDefined();
    await waitFor(running.client, 'sessions', ({ sessions: all }) => all[0]?.temporary === false);
    await running.client.main('sessions.connect', { sessionId });
    expect((await running.given(sessionId)).settings?.password).toBe('hunter2');
  });

  it('hands changed subscriptions to profile and session', async () => {
    await running.save({ id: 'p' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p', connect: false });
    const a = newSubscription('a/#');
    await running.client.main('subscriptions.add', { sessionId, subscription: a });
    await running.client.main('subscriptions.add', { sessionId, subscription: newSubscription('b') });
    await running.client.main('subscriptions.change', { sessionId, subscription: { ...a, filter: 'c/#' } });
    const filters = (all: readonly { filter: string }[]) => all.map(({ filter }) => filter);
    expect(filters((await running.given(sessionId)).subscriptions)).toEqual(['c/#', 'b']);
    expect(filters((await running.profiles())[0]?.subscriptions ?? [])).toEqual(['c/#', 'b']);
    await running.client.main('subscriptions.remove', { sessionId, subscriptionId: a.id });
    expect(filters((await running.given(sessionId)).subscriptions)).toEqual(['b']);
    const bad = newSubscription('a/#/b');
    expect(
      await failureOf(running.client.main('subscriptions.add', { sessionId, subscription: bad })),
    ).toMatchObject({ code: 'subscription.filter' });
    const twin = newSubscription('b');
    expect(
      await failureOf(running.client.main('subscriptions.add', { sessionId, subscription: twin })),
    ).toMatchObject({ code: 'subscription.exists' });
  });

  it('goes on when the profile is deleted, and says that it is not saved', async () => {
    await running.save({ id: 'p' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await running.client.main('profiles.delete', { profileId: 'p' });
    await waitFor(running.client, 'sessions', ({ sessions: all }) => all[0]?.temporary === true);
    await running.client.main('sessions.connect', { sessionId });
    await running.client.main('profiles.restore', { profileId: 'p' });
    await waitFor(running.client, 'sessions', ({ sessions: all }) => all[0]?.temporary === false);
  });

  it('says what is wrong with a session that is not there', async () => {
    for (const operation of [
      'sessions.connect',
      'sessions.disconnect',
      'sessions.drop',
      'sessions.close',
    ] as const) {
      expect(await failureOf(running.client.main(operation, { sessionId: 'x' }))).toMatchObject({
        code: 'session.closed',
      });
    }
    expect(await failureOf(running.client.main('sessions.open', { profileId: 'x' }))).toMatchObject({
      code: 'profile.unknown',
    });
    expect(await failureOf(running.client.session('x', 'message.get', { sequence: 1 }))).toMatchObject({
      code: 'session.closed',
    });
    const ended = await new Promise<Failure>((resolve) => {
      running.client.sessionFeed('x', 'status', {}, { onWindow: () => undefined, onEnd: resolve });
    });
    expect(ended.code).toBe('session.closed');
  });
});
