import { describe, expect, it } from 'vitest';
import { settingsFor } from '../../session/connector/connector.fixture.ts';
import { throwAwaySettings } from '../../session/throw-away-settings.ts';
import { secretsOf, withoutValues } from './scrub.ts';

const will = { topic: 't', payload: new Uint8Array(), qos: 0, retain: false, properties: {} } as const;
const suffixed = { clientId: 'suffixed', armWill: false } as const;

describe('throwAwaySettings', () => {
  it('leaves no session, no will and no trace under the own client ID', () => {
    const { settings, notes } = throwAwaySettings(
      settingsFor(1, { clientId: 'plant', clean: false, sessionExpiryInterval: 99, will }),
      suffixed,
      () => 0,
    );
    expect(settings).toMatchObject({ clientId: 'plant-0000', clean: true, sessionExpiryInterval: 0 });
    expect(settings).not.toHaveProperty('will');
    expect(notes).toHaveLength(2);
  });

  it('keeps within the 23 characters of MQTT 3.1', () => {
    const long = settingsFor(1, { clientId: 'a'.repeat(23), mqttVersion: '3.1' });
    const { settings } = throwAwaySettings(long, suffixed, () => 0.999_999_999);
    expect(settings.clientId).toBe(`${'a'.repeat(18)}-zzzz`);
  });

  it('takes the connection’s own ID and session when told to, or when the credentials name the client', () => {
    const own = settingsFor(1, { clientId: 'plant', clean: false, sessionExpiryInterval: 99, will });
    const asked = throwAwaySettings(own, { clientId: 'own', armWill: true });
    expect(asked.settings).toEqual(own);
    expect(asked.notes).toHaveLength(2);
    const credentials = { kind: 'azureSas', deviceId: 'plant', moduleId: '', lifetime: 60 } as const;
    expect(throwAwaySettings({ ...own, credentials }, suffixed).settings.clientId).toBe('plant');
  });

  it('lets the broker name the client where the connection does', () => {
    const { settings } = throwAwaySettings(settingsFor(1, { clientId: '' }), suffixed);
    expect(settings.clientId).toBe('');
  });
});

describe('withoutValues', () => {
  it('takes every secret out, as it is and as an address carries it', () => {
    const secrets = secretsOf(
      settingsFor(1, {
        password: 'p@ss word',
        secrets: { azureDeviceKey: 'a2V5Cg==', awsSessionToken: 'abc' },
        webSocket: { headers: [{ name: 'X-Key', value: 'p@ss word 2' }], subprotocol: '' },
      }),
    );
    expect(withoutValues('p@ss word, p%40ss%20word%202, a2V5Cg== abc', secrets)).toBe(
      '[removed], [removed], [removed] abc',
    );
  });
});
