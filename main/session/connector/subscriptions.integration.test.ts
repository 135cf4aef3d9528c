import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import { type ScriptedBroker, startScriptedBroker } from '../../../e2e/support/scripted-broker.ts';
import { subscriptionTo } from './connector.fixture.ts';
import { Subscriptions } from './subscriptions.ts';

let broker: ScriptedBroker | undefined;
let client: MqttClient | undefined;

afterEach(async () => {
  client?.end(true);
  await broker?.stop();
});

it('gives up on a SUBACK that does not come, takes it when it comes late, and takes back what may be held', async () => {
  const results: SubscriptionResult[] = [];
  broker = await startScriptedBroker({
    onPacket: (packet, connection) => {
      if (packet.type === 1) {
        connection.send(0x20, 3, 0, 0, 0);
      }
    },
  });
  client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  const subscriptions = new Subscriptions((_id, result) => results.push(result), 150);
  subscriptions.connected({
    client,
    mqttVersion: '5.0',
    clean: true,
    connack: { sessionPresent: false, userProperties: [] },
  });
  const packets = () => broker?.connections[0]?.packets ?? [];

  const since = performance.now();
  await subscriptions.set([subscriptionTo('a/#')]);
  expect(performance.now() - since).toBeLessThan(2000);
  expect(results.map(({ kind }) => kind)).toEqual(['pending', 'refused']);
  expect(results[1]).toMatchObject({
    failure: { code: 'subscribe.timeout', message: 'The broker did not answer the subscription.' },
  });

  const [high = 0, low = 0] = packets().find(({ type }) => type === 8)?.body ?? [];
  broker.connections[0]?.send(0x90, 4, high, low, 0, 1);
  await expect.poll(() => results[2]).toEqual({ kind: 'granted', qos: 1 });

  await subscriptions.set([subscriptionTo('b/#')]);
  expect(results.at(-1)).toMatchObject({ kind: 'refused' });
  await subscriptions.set([]);
  await expect.poll(() => packets().filter(({ type }) => type === 10).length).toBe(2);
});
