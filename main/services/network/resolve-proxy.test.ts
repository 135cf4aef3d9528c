import { describe, expect, it } from 'vitest';
import type { Settings } from '#app/contract/settings.ts';
import { newProfile } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import { resolveSettings } from '../connection-settings.ts';
import { MemoryVault } from '../memory-vault.ts';
import { resolveProxy } from './resolve-proxy.ts';

const http = { kind: 'http', host: ' proxy.example ', port: 3128, username: 'me' } as const;
const direct = { kind: 'none', host: '', port: 8080, username: '' } as const;
const system = { ...direct, kind: 'system' } as const;
const fromSystem = { kind: 'socks5', host: 'system.example', port: 1080, username: '' } as const;

function sources(settings: Settings['proxy'], vault = new MemoryVault()) {
  return { settings: () => settings, vault, system: async () => fromSystem };
}

function profile(overrides: Partial<Profile> = {}): Profile {
  return newProfile({ host: 'broker.example', ...overrides });
}

describe('resolveProxy', () => {
  it('asks the profile first, then the settings, then the system', async () => {
    const of = (own: Profile['proxy'], settings: Settings['proxy']) =>
      resolveProxy(profile(own === undefined ? {} : { proxy: own }), undefined, sources(settings));
    expect(await of(undefined, direct)).toBeUndefined();
    expect(await of(undefined, http)).toMatchObject({ kind: 'http', host: 'proxy.example', port: 3128 });
    expect(await of(direct, http)).toBeUndefined();
    expect(await of(undefined, system)).toEqual(fromSystem);
    expect(await of(system, http)).toEqual(fromSystem);
    expect(await of({ ...http, host: 'own' }, system)).toMatchObject({ host: 'own' });
  });

  it("takes the password that belongs to the one or the other's user name", async () => {
    const vault = new MemoryVault();
    await vault.put('secret-1', new TextEncoder().encode('global'));
    const settings = { ...http, passwordRef: 'secret-1' };
    expect(await resolveProxy(profile(), 'own', sources(settings, vault))).toMatchObject({
      username: 'me',
      password: 'global',
    });
    expect(await resolveProxy(profile({ proxy: http }), 'own', sources(settings, vault))).toMatchObject({
      password: 'own',
    });
    const without = await resolveProxy(profile({ proxy: http }), undefined, sources(settings, vault));
    expect(without).not.toHaveProperty('password');
    await expect(
      resolveProxy(profile(), undefined, sources({ ...http, passwordRef: 'secret-2' }, vault)),
    ).rejects.toMatchObject({ failure: { code: 'vault.missing' } });
  });

  it("keeps the settings' proxy away from this machine and from sockets, not the profile's own", async () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(await resolveProxy(profile({ host }), undefined, sources(http))).toBeUndefined();
      expect(await resolveProxy(profile({ host, proxy: http }), undefined, sources(http))).toBeDefined();
    }
    const socket = profile({ socketPath: '/run/mqtt.sock', proxy: http });
    expect(await resolveProxy(socket, undefined, sources(http))).toBeUndefined();
  });

  it('says where a host is missing', async () => {
    const blank = { ...http, host: ' ' };
    await expect(resolveProxy(profile(), undefined, sources(blank))).rejects.toMatchObject({
      failure: { code: 'proxy.host', hint: expect.stringContaining('settings') },
    });
    await expect(resolveProxy(profile({ proxy: blank }), undefined, undefined)).rejects.toMatchObject({
      failure: { code: 'proxy.host', hint: expect.stringContaining('Advanced') },
    });
  });

  it('reaches the settings of a session', async () => {
    const vault = new MemoryVault();
    await vault.put('secret-1', new TextEncoder().encode('pw'));
    const own = profile({ proxy: http, secretRefs: { proxyPassword: 'secret-1' } });
    const settings = await resolveSettings(own, vault, {}, sources(direct, vault));
    expect(settings.proxy).toEqual({
      kind: 'http',
      host: 'proxy.example',
      port: 3128,
      username: 'me',
      password: 'pw',
    });
    expect(await resolveSettings(profile(), vault)).not.toHaveProperty('proxy');
  });
});
