import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { connectOther, type OtherClient } from '../../../e2e/support/other-client.ts';
import { settingsFor } from '../connector/connector.fixture.ts';
import { createConnector } from '../connector/mqtt-connector.ts';
import { Retained, type RetainedDependencies } from './retained.ts';

let broker: Mosquitto;
let other: OtherClient;
const running: Retained[] = [];

beforeAll(async () => {
  broker = await startMosquitto({
    listeners: ['mqtt'],
    acl: 'topic readwrite plant/#\ntopic read locked/#\ntopic read $SYS/#\nuser device\ntopic readwrite #\n',
  });
  other = await connectOther(broker.ports.mqtt);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((retained) => retained.dispose()));
});
afterAll(async () => {
  await other?.end();
  await broker?.stop();
});

function start(overrides: Partial<RetainedDependencies> = {}): Retained {
  const retained = new Retained({
    createConnector,
    settings: () => settingsFor(broker.ports.mqtt, { clientId: 'inspector' }),
    seen: () => undefined,
    now: () => Date.now(),
    onChange: () => undefined,
    ...overrides,
  });
  running.push(retained);
  return retained;
}

async function loaded(filter: string, retained = start()): Promise<Retained> {
  retained.load(filter);
  await expect.poll(() => retained.listState?.state, { timeout: 10_000 }).not.toBe('loading');
  return retained;
}

const ended = (retained: Retained) =>
  expect.poll(() => retained.job?.state, { timeout: 20_000 }).not.toBe('running');

/** What a fresh client is sent at QoS 2. */
async function kept(filter: string) {
  const client = await connectOther(broker.ports.mqtt);
  const messages = await client.listen(filter);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.end();
  return [...messages]
    .filter(({ retain }) => retain)
    .map(({ topic, payload, qos, properties }) => ({
      topic,
      payload: payload.toString('hex'),
      qos,
      properties,
    }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

const keep = (topic: string, payload: string | Uint8Array, options = {}) =>
  other.publish(topic, payload, { retain: true, ...options });

const topicsOf = (retained: Retained) =>
  (retained.list?.entries ?? [])
    .filter(({ isGone }) => !isGone)
    .map(({ topic }) => topic)
    .sort();

describe('retained messages of a broker', () => {
  it('are listed by what a fresh subscription is sent, not by what comes along', async () => {
    await keep('plant/list/a', 'one');
    await keep('plant/list/b', new Uint8Array([0, 255]));
    const flood = setInterval(() => void other.publish('plant/list/live', 'x', { qos: 0 }), 5);
    const retained = await loaded('plant/list/#');
    clearInterval(flood);
    expect(topicsOf(retained)).toEqual(['plant/list/a', 'plant/list/b']);
    expect(retained.listState).toMatchObject({
      filter: 'plant/list/#',
      state: 'loaded',
      messages: 2,
      bytes: 5,
    });
    expect(broker.log()).toMatch(/New client connected .* as inspector-/);
    const first = retained.list?.find('plant/list/a')?.since ?? 0;
    await loaded('plant/list/#', retained);
    // The same payload: known to be there since the first time.
    expect(retained.list?.find('plant/list/a')).toMatchObject({ since: first, isExact: false });
  });

  it('are cleared and come back with bytes, QoS and properties', async () => {
    const properties = {
      contentType: 'application/cbor',
      responseTopic: 'plant/answer',
      correlationData: Buffer.from([1, 0, 2]),
      userProperties: { site: ['a', 'b'] },
    };
    await keep('plant/undo/0', new Uint8Array([0, 1, 255]), { qos: 0 });
    await keep('plant/undo/2', 'two', { qos: 2, properties });
    await keep('plant/undo/stays', 'stays');
    const before = await kept('plant/undo/#');
    expect(before.map(({ qos }) => qos)).toEqual([0, 2, 1]);

    const retained = await loaded('plant/undo/#');
    const chosen = ['plant/undo/0', 'plant/undo/2']
      .map((topic) => retained.list?.find(topic))
      .filter((e) => !!e);
    const plan = retained.planClear(chosen);
    expect(plan).toMatchObject({ messages: 2, bytes: 6, topics: ['plant/undo/0', 'plant/undo/2'] });
    expect((await kept('plant/undo/#')).length).toBe(3);
    retained.change('clear', plan.planId, 1000);
    await ended(retained);
    expect(retained.job).toMatchObject({ state: 'done', done: 2, changed: 2, verified: 2, failed: 0 });
    expect((await kept('plant/undo/#')).map(({ topic }) => topic)).toEqual(['plant/undo/stays']);
    expect(topicsOf(retained)).toEqual(['plant/undo/stays']);
    expect(retained.undo).toMatchObject({ kind: 'clear', messages: 2 });

    retained.undoNewest(1000);
    await ended(retained);
    expect(retained.job).toMatchObject({ kind: 'undo', state: 'done', changed: 2, verified: 2 });
    expect(await kept('plant/undo/#')).toEqual(before);
    expect(topicsOf(retained).length).toBe(3);
    expect(retained.undo).toBeUndefined();
  });

  it('leave alone what changed since', async () => {
    await keep('plant/newer/a', 'old');
    await keep('plant/newer/gone', 'old');
    const retained = await loaded('plant/newer/#');
    const plan = retained.planClear(retained.list?.entries ?? []);
    await keep('plant/newer/gone', '');
    retained.change('clear', plan.planId, 1000);
    await ended(retained);
    expect(retained.job).toMatchObject({ changed: 1, verified: 1, gone: 1, failed: 0 });
    await keep('plant/newer/a', 'new');
    retained.undoNewest(1000);
    await ended(retained);
    expect(retained.job).toMatchObject({ changed: 0, newer: 1 });
    expect((await kept('plant/newer/#')).map(({ payload }) => payload)).toEqual([
      Buffer.from('new').toString('hex'),
    ]);
  });

  it('are found to be still there where the broker takes nothing', async () => {
    // Mosquitto acknowledges what its access control drops (MQTT 3.1.1; 5.0 has a reason code).
    const device = start({
      settings: () =>
        settingsFor(broker.ports.mqtt, { clientId: 'd', mqttVersion: '3.1.1', username: 'device' }),
    });
    const text = `${JSON.stringify({ format: 'topicscope-retained', version: 1, takenAt: '2026-01-01T00:00:00Z' })}\n${JSON.stringify({ topic: 'locked/a', qos: 1, payload: 'AQ==' })}\n`;
    const put = await device.planRestore(new TextEncoder().encode(text));
    device.change('restore', put.planId, 1000);
    await ended(device);
    expect(device.job).toMatchObject({ state: 'done', verified: 1 });

    for (const mqttVersion of ['3.1.1', '5.0'] as const) {
      const retained = await loaded(
        'locked/#',
        start({ settings: () => settingsFor(broker.ports.mqtt, { clientId: 'i', mqttVersion }) }),
      );
      const plan = retained.planClear(retained.list?.entries ?? []);
      retained.change('clear', plan.planId, 1000);
      await ended(retained);
      expect(retained.job).toMatchObject({ state: 'done', total: 1, done: 1, verified: 0, failed: 1 });
      expect(retained.job?.failures[0]?.topic).toBe('locked/a');
      expect(topicsOf(retained)).toEqual(['locked/a']);
    }
  });

  it('keep to the rate, stop when cancelled, and what was done can be undone', async () => {
    for (let index = 0; index < 30; index += 1) {
      await keep(`plant/slow/${index}`, `value ${index}`);
    }
    const retained = await loaded('plant/slow/#');
    const plan = retained.planClear(retained.list?.entries ?? []);
    retained.change('clear', plan.planId, 10);
    expect(() => retained.load('#')).toThrow(/already/);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await retained.cancel();
    const { changed = 0, state } = retained.job ?? {};
    expect(state).toBe('cancelled');
    expect(changed).toBeGreaterThan(1);
    expect(changed).toBeLessThan(20);
    expect((await kept('plant/slow/#')).length).toBe(30 - changed);
    // An undo that is cancelled goes on with the next one.
    retained.undoNewest(5);
    await expect.poll(() => retained.job?.changed ?? 0, { timeout: 5000 }).toBeGreaterThan(0);
    await retained.cancel();
    const brought = retained.job?.changed ?? 0;
    expect(brought).toBeLessThan(changed);
    retained.undoNewest(1000);
    await ended(retained);
    expect(retained.job).toMatchObject({ state: 'done', verified: changed - brought, newer: brought });
    expect(retained.undo).toBeUndefined();
    expect((await kept('plant/slow/#')).length).toBe(30);
  });

  it('go to a file and back, and what a restore replaced comes back by undo', async () => {
    await keep('plant/file/a', new Uint8Array([0xff, 0, 0xc3]), {
      qos: 2,
      properties: { contentType: 'x/y' },
    });
    await keep('plant/file/b', 'b1', { qos: 0 });
    const before = await kept('plant/file/#');
    const retained = await loaded('plant/file/#');
    retained.takeSnapshot(retained.list?.entries ?? []);
    await ended(retained);
    const { snapshotId = '', size = 0 } = retained.job ?? {};
    const file = Buffer.concat([
      retained.readSnapshot(snapshotId, 0, 10).bytes,
      retained.readSnapshot(snapshotId, 10, size).bytes,
    ]);
    expect(file.length).toBe(size);
    await keep('plant/file/a', '');
    await keep('plant/file/b', 'b2');
    const changed = await kept('plant/file/#');

    await loaded('plant/file/#', retained);
    const plan = await retained.planRestore(file);
    expect(plan).toMatchObject({ messages: 2, replaces: 1 });
    retained.change('restore', plan.planId, 1000);
    await ended(retained);
    expect(retained.job).toMatchObject({ kind: 'restore', state: 'done', changed: 2, verified: 2 });
    expect(await kept('plant/file/#')).toEqual(before);
    retained.undoNewest(1000);
    await ended(retained);
    expect(await kept('plant/file/#')).toEqual(changed);
  });

  it('are all there although the broker queues a thousand messages at most', async () => {
    const publisher = await connectOther(broker.ports.mqtt);
    await Promise.all(
      Array.from({ length: 1500 }, (_, index) =>
        publisher.publish(`plant/many/${index}`, 'x', { retain: true, qos: 1 }),
      ),
    );
    await publisher.end();
    const retained = await loaded('plant/many/#');
    expect(retained.listState?.messages).toBe(1500);
    const plan = retained.planClear(retained.list?.entries ?? []);
    retained.change('clear', plan.planId, 10_000);
    await ended(retained);
    expect(retained.job).toMatchObject({ state: 'done', changed: 1500, verified: 1500, failed: 0 });
    retained.undoNewest(10_000);
    await ended(retained);
    expect(retained.job).toMatchObject({ state: 'done', verified: 1500 });
  }, 60_000);

  it('say why nothing can be done', async () => {
    expect(() => start().load('a/#/b')).toThrow(/wildcard/);
    expect(() => start().load('$share/g/#')).toThrow(/shared/);
    expect(() => start({ settings: () => undefined }).load('#')).toThrow(/Not connected/);
    expect(() => start().undoNewest(1)).toThrow(/nothing to undo/);
    expect(() => start().planClear([])).toThrow(/No message is selected/);
    expect(() => start().change('clear', 'x', 1)).toThrow(/not known/);
    const nowhere = await loaded('#', start({ settings: () => settingsFor(1) }));
    expect(nowhere.listState).toMatchObject({ state: 'failed', failure: { code: 'tcp.refused' } });
  });
});
