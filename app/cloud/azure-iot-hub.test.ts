import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  azureClientId,
  azureResource,
  azureUsername,
  parseAzureConnectionString,
  sasToken,
} from './azure-iot-hub.ts';
import { fromBase64 } from './encoding.ts';

const bytesOf = (key: string) => fromBase64(key) ?? new Uint8Array();

describe('sasToken', () => {
  it('is that of Azure’s own Node SDK', async () => {
    // github.com/Azure/azure-iot-sdk-node, common/core/test/_shared_access_signature_test.js
    expect(await sasToken('uri', bytesOf(btoa('password')), 12345)).toBe(
      'SharedAccessSignature sr=uri&sig=kcWxXAK2OAaAoq2oCkaGzX2NMqDB8nCyNuq2fPYCDhk%3D&se=12345',
    );
  });

  it('is that of Azure’s command line for a device', async () => {
    // github.com/Azure/azure-iot-cli-extension, tests of SasTokenAuthentication
    const token = await sasToken(
      'iot-hub-for-test.azure-devices.net/devices/iot-device-for-test',
      bytesOf('+XLy+MVZ+aTeOnVzN2kLeB16O+kSxmz6g3rS6fAf6rw='),
      1471940363,
    );
    expect(token).toBe(
      'SharedAccessSignature sr=iot-hub-for-test.azure-devices.net%2Fdevices%2Fiot-device-for-test' +
        '&sig=SIumZ1ACqqPJZ2okHDlW9MSYKykEpqsQY3z6FMOICd4%3D&se=1471940363',
    );
  });

  it('is what a hub works out for any device, key and expiry', async () => {
    const deviceId = fc.stringMatching(/^[A-Za-z0-9\-.%_*?!(),:=@$']{1,40}$/);
    const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(deviceId, key, fc.nat(), async (id, bytes, expiry) => {
        const resource = azureResource({ hub: 'hub.azure-devices.net', deviceId: id, moduleId: '' });
        const fields = new URLSearchParams((await sasToken(resource, bytes, expiry)).split(' ')[1]);
        expect(fields.get('sr')).toBe(resource);
        const [, signed] = /sr=([^&]*)/.exec(await sasToken(resource, bytes, expiry)) ?? [];
        const expected = createHmac('sha256', bytes).update(`${signed}\n${expiry}`).digest('base64');
        expect(fields.get('sig')).toBe(expected);
        expect(fields.get('se')).toBe(String(expiry));
      }),
      { numRuns: 50 },
    );
  });
});

describe('what Azure IoT Hub wants as names', () => {
  // The examples of learn.microsoft.com, Communicate with an IoT hub using the MQTT protocol.
  const device = { hub: 'contoso.azure-devices.net', deviceId: 'MyDevice01', moduleId: '' };

  it('names a device', () => {
    expect(azureUsername(device)).toBe('contoso.azure-devices.net/MyDevice01/?api-version=2021-04-12');
    expect(azureClientId(device)).toBe('MyDevice01');
    expect(azureResource(device)).toBe('contoso.azure-devices.net/devices/MyDevice01');
  });

  it('names a module', () => {
    const module = { ...device, moduleId: 'filter' };
    expect(azureUsername(module)).toBe('contoso.azure-devices.net/MyDevice01/filter/?api-version=2021-04-12');
    expect(azureClientId(module)).toBe('MyDevice01/filter');
    expect(azureResource(module)).toBe('contoso.azure-devices.net/devices/MyDevice01/modules/filter');
  });
});

describe('parseAzureConnectionString', () => {
  it('reads what the portal shows, of a device and of a module', () => {
    expect(
      parseAzureConnectionString('HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=a+b/c=='),
    ).toEqual({ hub: 'h.azure-devices.net', deviceId: 'd', moduleId: '', key: 'a+b/c==' });
    expect(parseAzureConnectionString(' HostName=h;DeviceId=d;ModuleId=m;x509=true\n')).toEqual({
      hub: 'h',
      deviceId: 'd',
      moduleId: 'm',
    });
  });

  it('takes a bare key and other text for what it is', () => {
    fc.assert(
      fc.property(fc.base64String(), (text) => {
        expect(parseAzureConnectionString(text)).toBeUndefined();
      }),
    );
    expect(
      parseAzureConnectionString('HostName=h;SharedAccessKeyName=owner;SharedAccessKey=a'),
    ).toBeUndefined();
  });
});
