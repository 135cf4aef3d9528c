import { describe, expect, it } from 'vitest';
import type { Failure } from '#app/contract/failure.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { waitFor } from './engine.fixture.ts';
import { failureOf, RunningEngine } from './running-engine.fixture.ts';

const running = new RunningEngine();

describe('a worker that fails', () => {
  it('ends what was under way, is started anew, and leaves the others alone', async () => {
    await running.save({ id: 'p', name: 'Plant', host: 'h' });
    await running.save({ id: 'q', host: 'other' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    const { sessionId: otherId } = await running.client.main('sessions.open', { profileId: 'q' });
    const feedEnd = new Promise<Failure>((resolve) => {
      running.client.sessionFeed(sessionId, 'status', {}, { onWindow: () => undefined, onEnd: resolve });
    });
    const pending = failureOf(running.client.session(sessionId, 'message.get', { sequence: 404 }));
    await running.given(sessionId);
    const crashed = failureOf(running.client.session(sessionId, 'message.get', { sequence: 500 }));
    expect((await pending).code).toBe('session.closed');
    expect((await crashed).code).toBe('session.closed');
    expect((await feedEnd).code).toBe('session.closed');
    const { sessions } = await waitFor(
      running.client,
      'sessions',
      ({ sessions: all }) => all[0]?.generation === 2 && all[0].state.kind === 'connecting',
    );
    expect(sessions[1]).toMatchObject({ sessionId: otherId, generation: 1 });
    const { notices } = await waitFor(running.client, 'notices', ({ notices: all }) => all.length > 0);
    expect(notices[0]?.message).toContain('“Plant” failed and was started anew');
    expect(notices[0]?.detail).toContain('crash on request');
    expect((await running.given(sessionId)).settings?.host).toBe('h');
    expect((await running.given(otherId)).settings?.host).toBe('other');
  });

  it('is stopped when it fails again and again, and can be started by hand', async () => {
    await running.save({ id: 'p', host: 'crash' });
    await failureOf(running.client.main('sessions.open', { profileId: 'p' }));
    const [session] = (await waitFor(running.client, 'sessions', ({ sessions: all }) => all.length === 1))
      .sessions;
    const sessionId = session?.sessionId ?? '';
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await failureOf(running.client.main('sessions.connect', { sessionId }));
    }
    const { sessions } = await waitFor(
      running.client,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'failed',
    );
    expect(sessions[0]?.state).toMatchObject({ kind: 'failed', failure: { code: 'session.crashed' } });
    expect(await failureOf(running.client.session(sessionId, 'message.get', { sequence: 1 }))).toMatchObject({
      code: 'session.crashed',
    });
    const profile = (await running.profiles())[0] ?? newProfile();
    await running.client.main('profiles.save', { profile: { ...profile, host: 'h' } });
    await running.client.main('sessions.connect', { sessionId });
    expect((await running.given(sessionId)).settings?.host).toBe('h');
  });

  it('answers Disconnect even when the worker hangs', async () => {
    await running.save({ id: 'p', host: 'hang' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await running.client.main('sessions.disconnect', { sessionId });
    await waitFor(
      running.client,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'offline' && all[0].generation === 2,
    );
  }, 15_000);

  it('is ended by force when it does not leave', async () => {
    await running.save({ id: 'p', host: 'stay' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await running.client.main('sessions.close', { sessionId });
    await waitFor(running.client, 'sessions', ({ sessions: all }) => all.length === 0);
  }, 15_000);

  it('says when it ran out of memory, and takes nobody with it', async () => {
    await running.save({ id: 'p', host: 'h' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await failureOf(running.client.session(sessionId, 'message.get', { sequence: 507 }));
    const { notices } = await waitFor(running.client, 'notices', ({ notices: all }) => all.length > 0);
    expect(notices[0]?.message).toContain('ran out of memory');
    expect((await running.given(sessionId)).settings?.host).toBe('h');
  });
});

describe('readers', () => {
  const told = async () => {
    const view = await running.client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'auto' });
    return (view as unknown as { told: readonly string[] }).told;
  };

  it('are told of every log, also of those before them and after a crash', async () => {
    await running.save({ id: 'p' });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await running.given(sessionId);
    const known = [`${sessionId} open`, `${sessionId} hears `];
    // News of logs and answers come by different ways.
    await expect.poll(told).toEqual(known);
    const crash = failureOf(
      running.client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'crash' }),
    );
    expect(await crash).toMatchObject({ code: 'readers.ended' });
    await expect.poll(told).toEqual(known);
    await running.client.main('sessions.close', { sessionId });
    await expect.poll(told).toEqual([...known, `${sessionId} closed`, `${sessionId} hears no more`]);
  });

  it('are ended and started anew when a codec does not come back', async () => {
    const endless = failureOf(
      running.client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'endless' }),
    );
    expect(await endless).toMatchObject({ code: 'readers.ended' });
    expect(await told()).toEqual([]);
  });
});
