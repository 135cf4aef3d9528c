import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MqttVersion, Subscription } from '#app/profile/profile.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { startScriptedBroker } from '../../../e2e/support/scripted-broker.ts';
import { startTcpProxy, type TcpProxy } from '../../../e2e/support/tcp-proxy.ts';
import type { ConnectionSettings } from '../settings.ts';
import { messageOf, Probe, settingsFor, subscriptionTo } from './connector.fixture.ts';

const versions: readonly MqttVersion[] = ['3.1', '3.1.1', '5.0'];

let broker: Mosquitto;
let proxy: TcpProxy;
const probes: Probe[] = [];

beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'] });
  proxy = await startTcpProxy(broker.ports.mqtt);
});
afterEach(async () => {
  await Promise.all(probes.splice(0).map((probe) => probe.connector.dispose()));
});
afterAll(async () => {
  await proxy?.stop();
  await broker?.stop();
});

function newProbe(): Probe {
  const probe = new Probe();
  probes.push(probe);
  return probe;
}

/** Settings under which the broker keeps the session. */
function lasting(mqttVersion: MqttVersion): ConnectionSettings {
  return settingsFor(proxy.port, { mqttVersion, clean: false, sessionExpiryInterval: 60 });
}

async function subscribed(probe: Probe, settings: ConnectionSettings, list: readonly Subscription[]) {
  await probe.connector.setSubscriptions(list);
  await probe.connect(settings);
  await granted(probe, list);
}

const granted = (probe: Probe, list: readonly Subscription[]) =>
  probe.until('all granted', () => list.every(({ filter }) => probe.results.get(filter)?.kind === 'granted'));

/** Which of the topics the broker sends us. What went out before has had its effect when this begins. */
async function topicsHeard(probe: Probe, topics: readonly string[]): Promise<readonly string[]> {
  probe.messages.length = 0;
  for (const topic of topics) {
    await probe.connector.publish(messageOf(topic, 'heard?', { qos: 1 }), () => undefined);
  }
  await probe.connector.setSubscriptions([subscriptionTo('marker'), ...(lists.get(probe) ?? [])]);
  await probe.connector.publish(messageOf('marker', 'end', { qos: 1 }), () => undefined);
  await probe.received('marker', 'end');
  return probe.messages.map(({ topic }) => topic).filter((topic) => topic !== 'marker');
}

/** The subscriptions that a probe was last given. */
const lists = new WeakMap<Probe, readonly Subscription[]>();

function change(probe: Probe, list: readonly Subscription[]): Promise<void> {
  lists.set(probe, list);
  return probe.connector.setSubscriptions(list);
}

const kept = subscriptionTo('kept');

describe.each(versions)('a session that the broker kept (%s)', (version) => {
  it('is rid of what was removed, switched off or changed while the connection was down', async () => {
    const probe = newProbe();
    const all = ['removed', 'off', 'changed'].map((filter) => subscriptionTo(filter));
    await subscribed(probe, lasting(version), [kept, ...all]);
    await proxy.refuse();
    proxy.cut();
    await probe.reach('waiting');
    const added = subscriptionTo('changed/now', { id: 'changed' });
    await change(probe, [kept, subscriptionTo('off', { enabled: false }), added]);
    await proxy.accept();
    await probe.reach('connected');
    await granted(probe, [kept]);
    const heard = await topicsHeard(probe, ['removed', 'off', 'changed', 'changed/now', 'kept']);
    expect(heard).toEqual(['changed/now', 'kept']);
    expect(probe.results.get('off')).toEqual({ kind: 'idle' });
  });

  it('is rid of them too when the user disconnected and connects again', async () => {
    const probe = newProbe();
    const settings = lasting(version);
    await subscribed(probe, settings, [kept, subscriptionTo('removed'), subscriptionTo('off')]);
    await probe.connector.disconnect();
    await change(probe, [kept, subscriptionTo('off', { enabled: false })]);
    await probe.connect(settings);
    await granted(probe, [kept]);
    expect(await topicsHeard(probe, ['removed', 'off', 'kept'])).toEqual(['kept']);
  });

  it('is rid of what was switched off or removed before the program connected', async () => {
    const settings = lasting(version);
    const first = newProbe();
    await subscribed(first, settings, [kept, subscriptionTo('removed'), subscriptionTo('off')]);
    await first.connector.disconnect();

    const second = newProbe();
    await change(second, [kept, subscriptionTo('removed'), subscriptionTo('off', { enabled: false })]);
    await change(second, [kept, subscriptionTo('off', { enabled: false })]);
    await second.connect(settings);
    await granted(second, [kept]);
    expect(await topicsHeard(second, ['removed', 'off', 'kept'])).toEqual(['kept']);
  });

  it('is rid of a filter whose UNSUBSCRIBE was lost with the connection', async () => {
    const probe = newProbe();
    await subscribed(probe, lasting(version), [kept, subscriptionTo('removed')]);
    proxy.blackHole();
    void change(probe, [kept]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    proxy.cut();
    proxy.resume();
    await probe.reach('waiting');
    await probe.reach('connected');
    await granted(probe, [kept]);
    expect(await topicsHeard(probe, ['removed', 'kept'])).toEqual(['kept']);
  });

  it('holds in the end what was wanted last, however quickly it was switched', async () => {
    const probe = newProbe();
    await probe.connect(lasting(version));
    const on = subscriptionTo('switched');
    const off = subscriptionTo('switched', { enabled: false });
    const other = subscriptionTo('other');
    await Promise.all([[on], [off], [on]].map((list) => change(probe, list)));
    expect(probe.results.get('switched')).toEqual({ kind: 'granted', qos: 2 });
    expect(await topicsHeard(probe, ['switched'])).toEqual(['switched']);
    // Removed while its SUBSCRIBE is under way.
    await Promise.all([[on, other], [on]].map((list) => change(probe, list)));
    expect(await topicsHeard(probe, ['other', 'switched'])).toEqual(['switched']);
    await Promise.all([[off], [on], [off]].map((list) => change(probe, list)));
    expect(await topicsHeard(probe, ['switched'])).toEqual([]);
    expect(probe.results.get('switched')).toEqual({ kind: 'idle' });
  });
});

it('takes back a filter whose SUBSCRIBE may have had its effect before the connection was lost', async () => {
  const scripted = await startScriptedBroker({
    onPacket: (packet, client) => {
      if (packet.type === 1) {
        client.send(0x20, 3, scripted.connections.length > 1 ? 1 : 0, 0, 0);
      } else if (packet.type === 8) {
        // Without SUBACK: the session may have it all the same.
        client.close();
      } else if (packet.type === 10) {
        const [high = 0, low = 0] = packet.body;
        client.send(0xb0, 4, high, low, 0, 0);
      }
    },
  });
  const probe = newProbe();
  await probe.connect(settingsFor(scripted.port, { clean: false, sessionExpiryInterval: 60 }));
  void change(probe, [subscriptionTo('a/b')]);
  await probe.reach('waiting');
  await change(probe, []);
  await probe.reach('connected');
  const unsubscribed = () => scripted.connections[1]?.packets.filter(({ type }) => type === 10) ?? [];
  await expect.poll(() => unsubscribed().length).toBe(1);
  // Packet identifier, no properties, the filter with its length.
  expect(unsubscribed()[0]?.body.subarray(2)).toEqual(Buffer.from('\0\0\x03a/b'));
  await change(probe, []);
  expect(unsubscribed()).toHaveLength(1);
  await scripted.stop();
});

it('takes nothing back from a session that has just begun', async () => {
  const scripted = await startScriptedBroker({
    onPacket: (packet, client) => {
      if (packet.type === 1) {
        client.send(0x20, 3, 0, 0, 0);
      }
    },
  });
  const probe = newProbe();
  await change(probe, [subscriptionTo('off', { enabled: false })]);
  await probe.connect(settingsFor(scripted.port, { clean: false, sessionExpiryInterval: 60 }));
  await change(probe, []);
  await probe.connector.disconnect();
  await expect.poll(() => scripted.connections[0]?.packets.at(-1)?.type).toBe(14);
  expect(scripted.connections[0]?.packets.map(({ type }) => type)).toEqual([1, 14]);
  await scripted.stop();
});
