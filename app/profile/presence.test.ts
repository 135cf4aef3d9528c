import { describe, expect, it } from 'vitest';
import { newProfile } from './defaults.ts';
import { presence, presencePatterns } from './presence.ts';
import { profileProblems } from './problems.ts';

describe('presence', () => {
  it('makes a retained birth and will of each pattern that can be connected with', () => {
    for (const { id, online, offline } of presencePatterns) {
      const profile = newProfile({ clientId: 'a/+b' });
      const made = presence(profile, id);
      expect(made).toMatchObject({
        will: { enabled: true, topic: 'clients/a--b/status', payload: offline, retain: true, qos: 1 },
        birth: { enabled: true, topic: 'clients/a--b/status', payload: online, retain: true, qos: 1 },
      });
      expect(profileProblems({ ...profile, ...made }, { password: false })).toEqual([]);
    }
  });

  it('keeps the topic that is there, and the properties of the will', () => {
    const { will } = newProfile();
    const profile = newProfile({ will: { ...will, topic: 'line/1', delayInterval: 5 } });
    expect(presence(profile, 'words')).toMatchObject({
      will: { topic: 'line/1', delayInterval: 5, onDisconnect: true },
      birth: { topic: 'line/1' },
    });
    expect(presence(profile, 'none')).toBeUndefined();
  });
});
