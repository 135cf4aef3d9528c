import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { mosquittoPub } from '../../../e2e/support/mosquitto-clients.ts';
import { startScriptedBroker } from '../../../e2e/support/scripted-broker.ts';
import { messageOf, Probe, settingsFor, subscriptionTo } from './connector.fixture.ts';

let broker: Mosquitto;
const probes: Probe[] = [];

function newProbe(): Probe {
  const probe = new Probe();
  probes.push(probe);
  return probe;
}

beforeAll(async () => {
  broker = await startMosquitto({
    listeners: ['mqtt'],
    acl: 'topic readwrite open/#\ntopic write hidden/#\n',
  });
});
afterEach(async () => {
  await Promise.all(probes.splice(0).map((probe) => probe.connector.dispose()));
});
afterAll(async () => {
  await broker?.stop();
});

const publish = (topic: string, payload: string) =>
  mosquittoPub({ port: broker.ports.mqtt, topic, payload, qos: 1 });

describe('subscriptions', () => {
  it('change while connected, and only what differs is sent', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(broker.ports.mqtt, { clientId: 'changer' }));
    const a = subscriptionTo('open/a', { qos: 0 });
    const b = subscriptionTo('open/b', { qos: 1 });
    await probe.connector.setSubscriptions([a, b]);
    expect(probe.results.get('open/a')).toEqual({ kind: 'granted', qos: 0 });
    expect(probe.results.get('open/b')).toEqual({ kind: 'granted', qos: 1 });

    const from = broker.log().length;
    await probe.connector.setSubscriptions([a, { ...b, qos: 2 }, subscriptionTo('open/c')]);
    expect(probe.results.get('open/b')).toEqual({ kind: 'granted', qos: 2 });
    await probe.connector.setSubscriptions([{ ...a, enabled: false, muted: true }, subscriptionTo('open/c')]);
    expect(probe.results.get('open/a')).toEqual({ kind: 'idle' });
    await broker.waitForLog(/Received UNSUBSCRIBE from changer/, from);
    const log = broker.log().slice(from);
    expect(log.match(/Received SUBSCRIBE from changer/g)).toHaveLength(1);
    expect(log.match(/Received UNSUBSCRIBE from changer/g)).toHaveLength(1);
    expect(log).not.toMatch(/\topen\/a \(QoS/);

    await publish('open/a', 'unwanted');
    await publish('open/c', 'wanted');
    await probe.received('open/c', 'wanted');
    expect(probe.messages.map((message) => message.topic)).toEqual(['open/c']);
  });

  it('show what the broker or the rules of MQTT refuse, and let the others through', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(broker.ports.mqtt));
    await probe.connector.setSubscriptions([
      subscriptionTo('open/fine'),
      subscriptionTo('open/#/wrong'),
      subscriptionTo('$share/group/open/shared', { noLocal: true }),
    ]);
    expect(probe.results.get('open/fine')).toEqual({ kind: 'granted', qos: 2 });
    expect(probe.results.get('$share/group/open/shared')).toEqual({ kind: 'granted', qos: 2 });
    expect(probe.results.get('open/#/wrong')).toMatchObject({
      kind: 'refused',
      failure: {
        code: 'subscribe.invalid-filter',
        message: 'The wildcard # must be the whole last level, as in a/b/#.',
      },
    });
    await publish('open/shared', 'one of us');
    await probe.received('open/shared', 'one of us');
  });

  it.each([
    ['3.1.1', [0x90, 4, 0, 0, 1, 0x80], /refused this subscription/],
    ['5.0', [0x90, 5, 0, 0, 0, 1, 0x87], /may not subscribe/],
  ] as const)('refused by SUBACK in MQTT %s', async (mqttVersion, suback, message) => {
    const scripted = await startScriptedBroker({
      onPacket: (packet, client) => {
        if (packet.type === 1) {
          client.send(...(mqttVersion === '5.0' ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]));
        } else if (packet.type === 8) {
          const answer: number[] = [...suback];
          answer.splice(2, 2, packet.body[0] ?? 0, packet.body[1] ?? 0);
          client.send(...answer);
        }
      },
    });
    const probe = newProbe();
    await probe.connect(settingsFor(scripted.port, { mqttVersion }));
    await probe.connector.setSubscriptions([subscriptionTo('first'), subscriptionTo('second')]);
    expect(probe.results.get('first')).toEqual({ kind: 'granted', qos: 1 });
    expect(probe.results.get('second')).toMatchObject({ kind: 'refused' });
    const second = probe.results.get('second');
    expect(second?.kind === 'refused' ? second.failure.message : '').toMatch(message);
    await scripted.stop();
  });

  it('take a filter named like a key of the library, and a thousand at once', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(broker.ports.mqtt));
    const many = Array.from({ length: 1000 }, (_, index) => subscriptionTo(`open/many/${index}`));
    const odd = ['resubscribe', '__proto__', 'constructor'].map((filter) => subscriptionTo(filter));
    await probe.connector.setSubscriptions([...odd, ...many]);
    expect([...probe.results.values()].filter((result) => result.kind === 'granted')).toHaveLength(1003);
  });
});

describe('publishing', () => {
  it('is refused while offline and where the topic is wrong', async () => {
    const probe = newProbe();
    const offline = probe.connector.publish(messageOf('open/x', 'x'), () => undefined);
    await expect(offline).rejects.toMatchObject({ failure: { code: 'publish.offline' } });
    await probe.connect(settingsFor(broker.ports.mqtt));
    const wildcard = probe.connector.publish(messageOf('open/#', 'x'), () => undefined);
    await expect(wildcard).rejects.toMatchObject({ failure: { code: 'publish.topic' } });
    // mqtt.js would send a broken packet, and the broker close the connection.
    for (const properties of [
      { contentType: 'ü'.repeat(40_000) },
      { correlationData: new Uint8Array(65_536) },
      { userProperties: [{ key: 'k', value: 'ü'.repeat(40_000) }] },
    ]) {
      const long = probe.connector.publish(messageOf('open/x', 'x', { properties }), () => undefined);
      await expect(long).rejects.toMatchObject({ failure: { code: 'publish.property' } });
    }
    const { state } = probe;
    expect(state.kind).toBe('connected');
  });

  it('tells what the access rules refuse, in MQTT 5', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(broker.ports.mqtt));
    for (const qos of [1, 2] as const) {
      const refused = probe.connector.publish(messageOf('closed/x', 'x', { qos }), () => undefined);
      await expect(refused).rejects.toMatchObject({
        failure: { code: 'publish.refused', message: 'This user may not publish to this topic.' },
      });
    }
  });

  it('times the four packets of QoS 2, in their order', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(broker.ports.mqtt));
    const receipt = await probe.connector.publish(messageOf('open/x', 'x', { qos: 2 }), () => undefined);
    const { received, released, completed } = receipt.acknowledged?.steps ?? {
      received: -1,
      released: -1,
      completed: -1,
    };
    expect(received).toBeGreaterThan(0);
    expect(released).toBeGreaterThanOrEqual(received);
    expect(completed).toBeGreaterThan(released);
    const once = await probe.connector.publish(messageOf('open/x', 'x', { qos: 1 }), () => undefined);
    expect(once.acknowledged).toBeDefined();
    expect(once.acknowledged?.steps).toBeUndefined();
  });

  it('keeps within what the broker takes at once', async () => {
    const probe = newProbe();
    await probe.connector.setSubscriptions([subscriptionTo('open/burst')]);
    const state = await probe.connect(settingsFor(broker.ports.mqtt));
    expect(state.connack.receiveMaximum).toBe(20);
    const burst = Array.from({ length: 200 }, (_, index) =>
      probe.connector.publish(messageOf('open/burst', String(index), { qos: 2 }), () => undefined),
    );
    const receipts = await Promise.all(burst);
    expect(receipts.every((receipt) => receipt.acknowledged?.reasonName === 'Success')).toBe(true);
    await probe.until('all of them', () => probe.messages.length === 200);
    expect(probe.messages.map((message) => Number(message.payload))).toEqual(
      receipts.map((_, index) => index),
    );
  });
});
