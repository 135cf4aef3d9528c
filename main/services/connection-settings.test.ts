import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProfile, newTls, newWill } from '#app/profile/defaults.ts';
import { createCertificates, type TestCertificates } from '../../e2e/support/certificates.ts';
import { plainTls } from '../session/plain-settings.ts';
import { resolveSettings } from './connection-settings.ts';
import { MemoryVault } from './memory-vault.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
afterAll(() => certificates.dispose());

async function vaultOf(values: Readonly<Record<string, string>>): Promise<MemoryVault> {
  const vault = new MemoryVault();
  for (const [ref, value] of Object.entries(values)) {
    await vault.put(ref, new TextEncoder().encode(value));
  }
  return vault;
}

describe('resolveSettings', () => {
  it('fills in password and unlocked key', async () => {
    const vault = await vaultOf({
      'secret-p': 'pässword',
      'secret-k': certificates.passphrase,
      'file-ca': certificates.ca.certificate,
      'file-c': certificates.client.certificate,
      'file-k': certificates.encryptedKey,
    });
    const settings = await resolveSettings(
      newProfile({
        protocol: 'mqtts',
        passwordRef: 'secret-p',
        tls: newTls({
          ca: [{ ref: 'file-ca', fileName: 'ca.pem' }],
          certificate: { ref: 'file-c', fileName: 'c.pem' },
          key: { ref: 'file-k', fileName: 'k.pem' },
          passphraseRef: 'secret-k',
        }),
      }),
      vault,
    );
    expect(settings.password).toBe('pässword');
    expect(settings.tls.ca).toHaveLength(1);
    expect(settings.tls.key).toContain('BEGIN PRIVATE KEY');
    expect(settings.tls.passphrase).toBeUndefined();
  });

  it('leaves certificates out where there is no TLS', async () => {
    const tls = newTls({ ca: [{ ref: 'file-gone', fileName: 'x' }] });
    const settings = await resolveSettings(newProfile({ protocol: 'ws', tls }), new MemoryVault());
    expect(settings.tls).toEqual(plainTls());
  });

  it('names a secret header whose value is not stored, and wants it for WebSocket only', async () => {
    const webSocket = { subprotocol: '', headers: [{ name: 'X-Key', value: '', secret: true }] };
    await expect(
      resolveSettings(newProfile({ protocol: 'ws', webSocket }), new MemoryVault()),
    ).rejects.toMatchObject({
      failure: { code: 'webSocket.header', message: expect.stringContaining('“X-Key”') },
    });
    const secretRefs = { 'header:X-Key': 'ref-1' };
    const settings = await resolveSettings(
      newProfile({ protocol: 'ws', webSocket, secretRefs }),
      await vaultOf({ 'ref-1': 'open sesame' }),
    );
    expect(settings.webSocket.headers).toEqual([{ name: 'X-Key', value: 'open sesame' }]);
    await expect(resolveSettings(newProfile({ webSocket }), new MemoryVault())).resolves.toBeDefined();
  });

  it('says what is missing, locked or does not fit', async () => {
    const vault = await vaultOf({
      'file-c': certificates.client.certificate,
      'file-k': certificates.encryptedKey,
      'file-o': certificates.unrelatedKey,
      'file-x': 'no certificate',
    });
    const certificate = { ref: 'file-c', fileName: 'c.pem' };
    const failure = (profile: Parameters<typeof newProfile>[0]) =>
      resolveSettings(newProfile(profile), vault).then(
        () => undefined,
        (error: { failure: { code: string; message: string } }) => error.failure,
      );
    const tls = (rest: object) => ({ protocol: 'mqtts' as const, tls: newTls({ ca: [], ...rest }) });
    expect(await failure({ passwordRef: 'secret-gone' })).toMatchObject({ code: 'vault.missing' });
    expect(await failure(tls({ certificate, key: { ref: 'file-k', fileName: 'k.pem' } }))).toMatchObject({
      code: 'tls.key-locked',
      message: expect.stringContaining('passphrase'),
    });
    expect(await failure(tls({ certificate, key: { ref: 'file-o', fileName: 'o.pem' } }))).toMatchObject({
      code: 'tls.key-mismatch',
    });
    expect(await failure(tls({ certificate }))).toMatchObject({ code: 'tls.incomplete' });
    expect(await failure(tls({ ca: [{ ref: 'file-x', fileName: 'x.pem' }] }))).toMatchObject({
      code: 'tls.ca',
    });
    expect(await failure({ will: { ...newWill(), enabled: true, topic: 'a/#' } })).toMatchObject({
      code: 'will.topic',
    });
    const badHex = { ...newWill(), enabled: true, topic: 'a', format: 'hex' as const, payload: 'xyz' };
    expect(await failure({ will: badHex })).toMatchObject({ message: expect.any(String) });
  });

  it('makes bytes of the will, with properties for MQTT 5 only', async () => {
    const will = {
      ...newWill(),
      enabled: true,
      topic: 'gone',
      format: 'hex' as const,
      payload: '00 ff',
      delayInterval: 5,
      contentType: 'x',
      correlationDataHex: 'beef',
    };
    const five = await resolveSettings(newProfile({ will }), new MemoryVault());
    expect(five.will).toMatchObject({
      topic: 'gone',
      payload: new Uint8Array([0, 255]),
      delayInterval: 5,
      properties: { contentType: 'x', correlationData: new Uint8Array([0xbe, 0xef]) },
    });
    const three = await resolveSettings(newProfile({ will, mqttVersion: '3.1.1' }), new MemoryVault());
    expect(three.will?.properties).toEqual({});
    expect(three.will?.delayInterval).toBeUndefined();
    const off = await resolveSettings(newProfile({ will: { ...will, enabled: false } }), new MemoryVault());
    expect(off.will).toBeUndefined();
  });

  it('arms no will for a read-only profile, which is to publish nothing', async () => {
    const will = { ...newWill(), enabled: true, topic: 'gone' };
    const armed = await resolveSettings(newProfile({ will, guard: 'confirm' }), new MemoryVault());
    expect(armed.will?.topic).toBe('gone');
    const readOnly = await resolveSettings(newProfile({ will, guard: 'readOnly' }), new MemoryVault());
    expect(readOnly).not.toHaveProperty('will');
  });
});
