import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MqttVersion, mqttVersions, type Qos } from '#app/profile/profile.ts';
import {
  type Mosquitto,
  type MosquittoListener,
  mosquittoListeners,
  startMosquitto,
} from '../../../e2e/support/mosquitto.ts';
import {
  type MosquittoSubscriber,
  mosquittoPub,
  mosquittoSub,
} from '../../../e2e/support/mosquitto-clients.ts';
import { plainTls } from '../plain-settings.ts';
import type { ConnectionSettings } from '../settings.ts';
import { messageOf, Probe, settingsFor, subscriptionTo } from './connector.fixture.ts';

let broker: Mosquitto;
let watcher: MosquittoSubscriber;
let probe: Probe;

beforeAll(async () => {
  broker = await startMosquitto({ passwords: { joe: 'secret' } });
  watcher = await mosquittoSub({
    port: broker.ports.mqtt,
    topics: ['will/#', 'out/#'],
    username: 'joe',
    password: 'secret',
  });
});
afterEach(() => probe.connector.dispose());
afterAll(async () => {
  await watcher?.stop();
  await broker?.stop();
});

function settingsOf(listener: MosquittoListener, mqttVersion: MqttVersion): ConnectionSettings {
  const { certificates } = broker;
  const protocol = listener === 'mqttsClientCertificate' ? 'mqtts' : listener;
  const client =
    listener === 'mqttsClientCertificate' && certificates !== undefined
      ? { certificate: certificates.client.certificate, key: certificates.client.key }
      : {};
  return settingsFor(broker.ports[listener], {
    protocol,
    // The name rather than the address: with TLS it is sent as server name and checked.
    host: 'localhost',
    mqttVersion,
    username: 'joe',
    password: 'secret',
    tls: plainTls({ ca: certificates === undefined ? [] : [certificates.ca.certificate], ...client }),
  });
}

const cases = mosquittoListeners.flatMap((listener) =>
  mqttVersions.map((version) => [listener, version] as const),
);

describe.each(cases)('on %s with MQTT %s', (listener, version) => {
  const place = `${listener}/${version}`;

  it('subscribes, publishes and receives at each QoS', async () => {
    probe = new Probe();
    await probe.connector.setSubscriptions([subscriptionTo(`in/${place}/#`)]);
    const state = await probe.connect(settingsOf(listener, version));
    expect(state.endpoint).toMatchObject({
      host: 'localhost',
      port: broker.ports[listener],
      address: '127.0.0.1',
    });
    expect(state.mqttVersion).toBe(version);
    expect(state.tls?.authorized).toBe(listener.includes('s') && listener !== 'ws' ? true : undefined);
    expect(state.steps.map((step) => step.stage)).toEqual(stagesOf(listener));
    expect(state.steps.every((step) => step.outcome === 'done')).toBe(true);
    await probe.until('a granted subscription', () => probe.results.get(`in/${place}/#`)?.kind === 'granted');
    expect(probe.results.get(`in/${place}/#`)).toEqual({ kind: 'granted', qos: 2 });

    for (const qos of [0, 1, 2] as const satisfies readonly Qos[]) {
      let sentAt = 0;
      const receipt = await probe.connector.publish(
        messageOf(`in/${place}/${qos}`, `at ${qos}`, { qos }),
        (at) => {
          sentAt = at;
        },
      );
      expect(receipt.sentAt).toBe(sentAt);
      expect(receipt.acknowledged?.reasonName).toBe(qos === 0 ? undefined : 'Success');
      expect(await probe.received(`in/${place}/${qos}`)).toMatchObject({
        payload: `at ${qos}`,
        qos,
        retain: false,
      });
    }
    await probe.connector.publish(
      messageOf(`out/${place}`, 'to another client', { qos: 1 }),
      () => undefined,
    );
    const seen = await watcher.waitFor((message) => message.topic === `out/${place}`);
    expect(seen.payload.toString()).toBe('to another client');
  });

  it('receives what was retained, and its end', async () => {
    const { mqtt } = broker.ports;
    const login = { port: mqtt, username: 'joe', password: 'secret' };
    await mosquittoPub({ ...login, topic: `kept/${place}`, payload: 'from before', qos: 1, retain: true });
    probe = new Probe();
    await probe.connect(settingsOf(listener, version));
    await probe.connector.setSubscriptions([subscriptionTo(`kept/${place}`)]);
    expect(await probe.received(`kept/${place}`)).toMatchObject({ payload: 'from before', retain: true });
    await probe.connector.publish(messageOf(`kept/${place}`, '', { qos: 1, retain: true }), () => undefined);
    await probe.received(`kept/${place}`, '');
  });

  it('sends the will after a drop, and not after a disconnect', async () => {
    const will = { qos: 1, retain: false, properties: {} } as const;
    const settings = settingsOf(listener, version);
    const armed = (topic: string) => ({
      ...settings,
      will: { ...will, topic, payload: Buffer.from('gone') },
    });
    probe = new Probe();

    await probe.connect(armed(`will/${place}/quiet`));
    expect(probe.willArmed).toBe(`will/${place}/quiet`);
    await probe.connector.disconnect();
    expect(probe.state).toEqual({ kind: 'offline' });
    expect(probe.willArmed).toBeUndefined();

    await probe.connect(armed(`will/${place}/loud`));
    await probe.connector.drop();
    expect(probe.state).toEqual({ kind: 'offline' });
    const sent = await watcher.waitFor((message) => message.topic === `will/${place}/loud`);
    expect(sent.payload.toString()).toBe('gone');
    expect(watcher.messages.map((message) => message.topic)).not.toContain(`will/${place}/quiet`);
  });
});

function stagesOf(listener: MosquittoListener): readonly string[] {
  const tls = listener === 'mqtt' || listener === 'ws' ? [] : ['tls'];
  const webSocket = listener === 'ws' || listener === 'wss' ? ['websocket'] : [];
  return ['dns', 'tcp', ...tls, ...webSocket, 'connect'];
}

describe('MQTT 5 properties', () => {
  it('travel with messages and with the will', async () => {
    probe = new Probe();
    const properties = {
      contentType: 'application/json',
      payloadIsUtf8: true,
      messageExpiryInterval: 60,
      responseTopic: 'answer/here',
      correlationData: Uint8Array.of(1, 2, 3),
      userProperties: [
        { key: '__proto__', value: 'a' },
        { key: 'same', value: 'one' },
        { key: 'same', value: 'two' },
      ],
    };
    await probe.connector.setSubscriptions([subscriptionTo('properties/#')]);
    await probe.connect(settingsOf('mqtt', '5.0'));
    await probe.connector.publish(
      messageOf('properties/message', '{}', { qos: 1, properties }),
      () => undefined,
    );
    const second = new Probe();
    await second.connect({
      ...settingsOf('mqtt', '5.0'),
      will: {
        topic: 'properties/will',
        payload: new Uint8Array(),
        qos: 2,
        retain: false,
        delayInterval: 0,
        properties,
      },
    });
    await second.connector.drop();
    for (const topic of ['properties/message', 'properties/will']) {
      const seen = await probe.received(topic);
      const expiry = (seen.properties as { messageExpiryInterval?: number } | undefined)
        ?.messageExpiryInterval;
      expect(expiry).toBeGreaterThan(50);
      expect(seen.properties).toMatchObject({
        contentType: 'application/json',
        payloadFormatIndicator: true,
        responseTopic: 'answer/here',
        correlationData: Buffer.of(1, 2, 3),
      });
      const user = (seen.properties as { userProperties: Record<string, unknown> }).userProperties;
      expect(Object.entries(user)).toEqual([
        ['__proto__', 'a'],
        ['same', ['one', 'two']],
      ]);
    }
    await second.connector.dispose();
  });

  it('reach the connection: assigned client ID and what CONNACK says', async () => {
    probe = new Probe();
    const state = await probe.connect({ ...settingsOf('mqtt', '5.0'), clientId: '' });
    expect(state.clientId).toMatch(/^auto-/);
    expect(state.connack).toMatchObject({ sessionPresent: false, assignedClientId: state.clientId });
  });

  it('says when a message found no subscriber', async () => {
    probe = new Probe();
    await probe.connect(settingsOf('mqtt', '5.0'));
    // Mosquitto tells it at QoS 1 only.
    const receipt = await probe.connector.publish(messageOf('nobody/here', 'x', { qos: 1 }), () => undefined);
    expect(receipt.acknowledged).toMatchObject({ reasonCode: 0x10, reasonName: 'No matching subscribers' });
  });
});
