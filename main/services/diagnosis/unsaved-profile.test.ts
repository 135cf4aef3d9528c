import { expect, it } from 'vitest';
import { newProfile, newTls } from '#app/profile/defaults.ts';
import { MemoryVault } from '../memory-vault.ts';
import { previewProfile } from './unsaved-profile.ts';

it('mixes what is stored with what was typed, and believes no ref of the form', async () => {
  const vault = new MemoryVault();
  await vault.put('secret-1', new TextEncoder().encode('stored'));
  const stored = newProfile({
    passwordRef: 'secret-1',
    secretRefs: { psk: 'secret-1', proxyPassword: 'secret-1' },
  });
  const form = newProfile({
    passwordRef: 'secret-of-others',
    secretRefs: { azureDeviceKey: 'secret-of-others' },
    tls: newTls({ passphraseRef: 'secret-of-others' }),
  });
  const inputs = { password: undefined, passphrase: 'typed', secrets: { psk: '00ff', proxyPassword: null } };
  const { profile, vault: overlay } = previewProfile(form, stored, inputs, vault);
  const text = async (ref: string | undefined) =>
    ref === undefined ? undefined : new TextDecoder().decode(await overlay.get(ref));
  expect(await text(profile.passwordRef)).toBe('stored');
  expect(await text(profile.tls.passphraseRef)).toBe('typed');
  expect(await text(profile.secretRefs.psk)).toBe('00ff');
  expect(Object.keys(profile.secretRefs)).toEqual(['psk']);
  expect(await vault.list()).toEqual(['secret-1']);
  expect(
    previewProfile(form, undefined, { password: undefined, passphrase: null }, vault).profile,
  ).not.toHaveProperty('passwordRef');
});
