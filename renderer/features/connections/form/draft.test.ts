import { describe, expect, it } from 'vitest';
import { newProfile } from '#app/profile/defaults.ts';
import { draftContent, newDraft } from './draft.ts';

describe('draftContent', () => {
  const azure = { kind: 'azureSas', deviceId: 'd', moduleId: '', lifetime: 3600 } as const;
  const secretRefs = { azureDeviceKey: 'ref-1', psk: 'ref-2', 'header:X-Key': 'ref-3' } as const;

  it('leaves the secrets of the way to sign in as they are', () => {
    const draft = newDraft(newProfile({ credentials: azure, secretRefs }));
    expect(draftContent(draft).secrets).toEqual({});
    const typed = { ...draft, secrets: { azureDeviceKey: 'new' } };
    expect(draftContent(typed).secrets).toEqual({ azureDeviceKey: 'new' });
  });

  it('drops those of another way, typed or kept, and no others', () => {
    const draft = newDraft(newProfile({ credentials: { kind: 'password' }, secretRefs }));
    const typed = { ...draft, secrets: { jwtPrivateKey: 'typed', proxyPassword: 'x' } };
    expect(draftContent(typed).secrets).toEqual({
      azureDeviceKey: null,
      jwtPrivateKey: null,
      proxyPassword: 'x',
    });
  });
});
