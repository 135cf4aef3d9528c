import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameKind, MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { PROFILE_SCHEMA_VERSION, type Profile } from '#app/profile/profile.ts';
import { waitFor } from './engine.fixture.ts';
import { checkProfiles, summarize } from './profile-limits.ts';
import { failureOf, RunningEngine } from './running-engine.fixture.ts';

const running = new RunningEngine();
const frameBytes = (window: unknown) =>
  encodeFrame({ kind: FrameKind.window, channel: 1, target: 'main', body: { revision: 1, window } }).length;
/** A profile that takes about `bytes`. */
const heavy = (id: string, bytes: number): Profile => {
  const profile = newProfile({ id });
  return { ...profile, will: { ...profile.will, payload: 'w'.repeat(bytes) } };
};

describe('profiles that together are larger than a frame', () => {
  it('are listed, and fetched one by one', async () => {
    const profiles = Array.from({ length: 40 }, (_, index) => heavy(`p${index}`, 500_000));
    await running.stop();
    await writeFile(
      running.directory.file('profiles.json'),
      JSON.stringify({ schemaVersion: PROFILE_SCHEMA_VERSION, profiles }),
    );
    await running.start();
    expect(frameBytes({ profiles })).toBeGreaterThan(MAX_FRAME_BYTES);
    const listed = await waitFor(running.client, 'profiles', () => true);
    expect(listed.profiles.map(({ id }) => id)).toEqual(profiles.map(({ id }) => id));
    const { profile } = await waitFor(running.client, 'profile', () => true, { profileId: 'p39' });
    expect(profile).toEqual(profiles[39]);
    expect(await waitFor(running.client, 'profile', () => true, { profileId: 'none' })).toEqual({});
  });

  it('are not all opened at once: the list of tabs has to fit too', async () => {
    for (let index = 0; index < 12; index++) {
      await running.client.main('profiles.save', { profile: heavy(`p${index}`, 990_000) });
      await running.client.main('sessions.open', { profileId: `p${index}`, connect: false });
    }
    await running.client.main('profiles.save', { profile: heavy('last', 500_000) });
    expect(
      await failureOf(running.client.main('sessions.open', { profileId: 'last', connect: false })),
    ).toMatchObject({
      code: 'session.room',
      message: expect.stringContaining('all open tabs may take 12 MB'),
    });
    const { sessions } = await waitFor(running.client, 'sessions', () => true);
    expect(sessions).toHaveLength(12);
    expect(frameBytes({ sessions })).toBeLessThan(MAX_FRAME_BYTES);
  });
});

describe('one profile', () => {
  it('is refused by name when it is too large, also when it grows by a subscription', async () => {
    expect(
      await failureOf(running.client.main('profiles.save', { profile: heavy('p', 1_000_000) })),
    ).toMatchObject({ code: 'profile.size', message: expect.stringContaining('may take 1.0 MB') });
    expect(await running.profiles()).toEqual([]);
    await running.client.main('profiles.save', { profile: heavy('p', 990_000) });
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p', connect: false });
    const subscription = {
      id: 's',
      filter: 'f'.repeat(20_000),
      qos: 0,
      noLocal: false,
      retainAsPublished: false,
      retainHandling: 0,
      color: 'blue',
      muted: false,
      enabled: true,
    } as const;
    expect(
      await failureOf(running.client.main('subscriptions.add', { sessionId, subscription })),
    ).toMatchObject({ code: 'profile.size' });
    expect((await running.profiles())[0]?.subscriptions).toEqual([]);
  });

  it('that is larger than a frame does not end the line to the engine', async () => {
    const huge = heavy('p', 10);
    const userProperties = Array.from({ length: 300 }, () => ({ key: 'k', value: 'v'.repeat(65_000) }));
    const profile = { ...huge, will: { ...huge.will, userProperties } };
    expect(await failureOf(running.client.main('profiles.save', { profile }))).toMatchObject({
      code: 'contract.size',
    });
    expect(await running.profiles()).toEqual([]);
  });
});

describe('the number of profiles', () => {
  it('is bounded so that the list fits into a frame, each summary as long as it may be', () => {
    const longest = summarize(
      newProfile({
        id: 'i'.repeat(64),
        name: '€'.repeat(200),
        host: '€'.repeat(255),
        path: '€'.repeat(2000),
        group: '€'.repeat(200),
        clientId: '€'.repeat(60_000),
        username: '€'.repeat(60_000),
        environmentId: 'e'.repeat(64),
      }),
    );
    const most = Array.from({ length: 2000 }, () => newProfile());
    expect(frameBytes({ profiles: most.map(() => longest) })).toBeLessThan(MAX_FRAME_BYTES);
    expect(() => checkProfiles(most.slice(1), most)).not.toThrow();
    const more = [...most, newProfile()];
    expect(() => checkProfiles(most, more)).toThrow('There can be 2,000 saved connections');
    // What an edited file brought may be put in order and deleted.
    expect(() => checkProfiles(more, more.toReversed())).not.toThrow();
  });
});
