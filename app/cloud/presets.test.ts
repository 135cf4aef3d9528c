import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription, newTls, newWill } from '../profile/defaults.ts';
import { type Profile, profileSchema } from '../profile/profile.ts';
import { presetAdvice, withPreset } from './preset.ts';
import { findPreset, presets } from './presets.ts';

function presetOf(id: string) {
  const preset = findPreset(id);
  if (preset === undefined) {
    throw new Error(`No preset ${id}`);
  }
  return preset;
}

const fill = (id: string, profile: Partial<Profile> = {}) =>
  withPreset(newProfile(profile), presetOf(id), presets);
const adviceOf = (id: string, profile: Partial<Profile> = {}) =>
  presetAdvice({ ...fill(id), ...profile }, presetOf(id)).join('\n');

describe('presets', () => {
  it('have ids and labels of their own, groups that stand together and sentences', () => {
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
    expect(new Set(presets.map(({ label }) => label)).size).toBe(presets.length);
    const groups = presets.map(({ group }) => group);
    const changes = groups.filter((group, index) => group !== groups[index - 1]);
    expect(changes).toEqual([...new Set(groups)]);
    for (const { explanation, hosts, host } of presets) {
      expect(explanation.length).toBeGreaterThanOrEqual(2);
      expect(explanation.length).toBeLessThanOrEqual(3);
      expect(explanation.join(' ')).not.toMatch(/ {2}|undefined/);
      expect(hosts !== undefined || host !== undefined).toBe(true);
      expect(hosts === undefined || hosts.pattern.test(hosts.example)).toBe(true);
    }
  });

  it.each(presets.map(({ id }) => id))('%s makes a valid profile that its own advice accepts', (id) => {
    const preset = presetOf(id);
    const host = preset.host ?? preset.hosts?.example ?? '';
    const certificate = { ref: 'a', fileName: 'a.pem' };
    const profile = {
      ...fill(id, { host }),
      username: 'someone',
      tls: { ...fill(id).tls, certificate, key: certificate },
    };
    expect(profileSchema.safeParse(profile).success).toBe(true);
    expect(presetAdvice(profile, preset)).toEqual([]);
    expect(profile.presetId).toBe(id);
  });

  it('fill in what AWS, Azure and Google document', () => {
    expect(fill('aws-certificate-443')).toMatchObject({
      name: 'AWS IoT Core',
      protocol: 'mqtts',
      port: 443,
      host: '',
      tls: { alpn: ['x-amzn-mqtt-ca'] },
    });
    expect(fill('aws-authorizer').tls.alpn).toEqual(['mqtt']);
    expect(fill('aws-sigv4')).toMatchObject({ protocol: 'wss', port: 443, path: '/mqtt' });
    expect(fill('azure-iot-hub')).toMatchObject({ port: 8883, mqttVersion: '3.1.1', clean: true });
    expect(fill('azure-iot-hub-websocket')).toMatchObject({ port: 443, path: '/$iothub/websocket' });
    expect(presetOf('google-iot-core').explanation[0]).toMatch(/retired.*August 2023.*ClearBlade/);
    expect(fill('influx-itu')).toMatchObject({ host: 'influx.itu.dk', port: 8883, protocol: 'mqtts' });
  });

  it('name an unnamed connection, and leave a name that was given', () => {
    expect(fill('hivemq-cloud').name).toBe('HiveMQ Cloud');
    expect(fill('hivemq-cloud', { name: 'Azure IoT Hub' }).name).toBe('HiveMQ Cloud');
    expect(fill('hivemq-cloud', { name: 'Plant 7' }).name).toBe('Plant 7');
  });

  it('keep the host of the user, and drop that of another preset', () => {
    expect(fill('hivemq-cloud', { host: 'x.s1.eu.hivemq.cloud' }).host).toBe('x.s1.eu.hivemq.cloud');
    expect(fill('hivemq-cloud', { host: 'influx.itu.dk' }).host).toBe('');
    expect(fill('hivemq-cloud', { host: 'localhost' }).host).toBe('');
  });

  it('keep the device and its client ID from key to certificate, and drop them for another service', () => {
    const device = fill('azure-iot-hub', {
      clientId: 'd1/m1',
      credentials: { kind: 'azureSas', deviceId: 'd1', moduleId: 'm1', lifetime: 60 },
    });
    expect(device).toMatchObject({ clientId: 'd1/m1', credentials: { lifetime: 60 } });
    const x509 = withPreset(device, presetOf('azure-iot-hub-x509'), presets);
    expect(x509).toMatchObject({
      clientId: 'd1/m1',
      credentials: { kind: 'azureX509', deviceId: 'd1', moduleId: 'm1' },
    });
    const other = withPreset(x509, presetOf('hivemq-cloud'), presets);
    expect(other.clientId).toMatch(/^topicscope-/);
    expect(other.credentials).toEqual({ kind: 'password' });
    expect(other.tls.alpn).toEqual([]);
  });

  it('bring the keep alive into what the service takes', () => {
    expect(fill('aws-certificate', { keepAlive: 5 }).keepAlive).toBe(30);
    expect(fill('azure-iot-hub', { keepAlive: 3600 }).keepAlive).toBe(1177);
    expect(fill('mosquitto', { keepAlive: 5 }).keepAlive).toBe(5);
  });
});

describe('presetAdvice', () => {
  it.each<[string, string, Partial<Profile>, RegExp]>([
    [
      'a host of another service',
      'azure-iot-hub',
      { host: 'x.hivemq.cloud' },
      /like HUB\.azure-devices\.net/,
    ],
    ['Google’s own host', 'google-iot-core', { host: 'mqtt.googleapis.com' }, /clearblade/],
    ['another broker', 'influx-itu', { host: 'localhost' }, /influx\.itu\.dk/],
    ['another port', 'aws-certificate', { port: 1883 }, /mqtts on port 8883/],
    ['ALPN that was removed', 'aws-certificate-443', { tls: newTls() }, /x-amzn-mqtt-ca/],
    ['no certificate', 'aws-certificate', {}, /client certificate/i],
    ['no user', 'hivemq-cloud', {}, /username/],
    ['a long keep alive', 'azure-iot-hub', { keepAlive: 2000 }, /1 to 1177/],
    ['MQTT 5.0', 'azure-iot-hub', { mqttVersion: '5.0' }, /choose 3\.1\.1/],
    ['QoS 2', 'azure-iot-hub', { subscriptions: [newSubscription('a', { qos: 2 })] }, /QoS above 1/],
    [
      'a retained will',
      'azure-iot-hub',
      { will: { ...newWill(), enabled: true, topic: 'a', retain: true } },
      /retained/,
    ],
  ])('speaks up about %s', (_, id, profile, words) => {
    expect(adviceOf(id, profile)).toMatch(words);
  });
});
