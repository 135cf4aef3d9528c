import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { mosquittoPub } from '../../../e2e/support/mosquitto-clients.ts';
import { startScriptedBroker } from '../../../e2e/support/scripted-broker.ts';
import { startTcpProxy, type TcpProxy } from '../../../e2e/support/tcp-proxy.ts';
import { messageOf, Probe, settingsFor, subscriptionTo } from './connector.fixture.ts';

let broker: Mosquitto;
let proxy: TcpProxy;
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
  proxy = await startTcpProxy(broker.ports.mqtt);
});
afterEach(async () => {
  await Promise.all(probes.splice(0).map((probe) => probe.connector.dispose()));
});
afterAll(async () => {
  await proxy?.stop();
  await broker?.stop();
});

const publish = (topic: string, payload: string) =>
  mosquittoPub({ port: broker.ports.mqtt, topic, payload, qos: 1 });

describe('a lost connection', () => {
  it('comes back without its last will once that was disarmed', async () => {
    const probe = newProbe();
    const watcher = newProbe();
    await watcher.connector.setSubscriptions([subscriptionTo('open/will')]);
    await watcher.connect(settingsFor(broker.ports.mqtt));
    await watcher.until('subscribed', () => watcher.results.get('open/will')?.kind === 'granted');
    const will = {
      topic: 'open/will',
      payload: Buffer.from('gone'),
      qos: 1,
      retain: false,
      properties: {},
    } as const;
    await probe.connect({ ...settingsFor(proxy.port), will });
    probe.connector.disarmWill();
    // What the broker holds is said for as long as it holds it.
    expect(probe.willArmed).toBe('open/will');
    proxy.cut();
    await watcher.received('open/will');
    await probe.until('connected again', () => {
      const lost = probe.states.findIndex(({ kind }) => kind === 'waiting');
      return lost >= 0 && probe.states.slice(lost).some(({ kind }) => kind === 'connected');
    });
    expect(probe.willArmed).toBeUndefined();
    await probe.connector.drop();
    await publish('open/will', 'behind it');
    expect(await watcher.received('open/will', 'behind it')).toBeDefined();
    expect(watcher.messages.filter(({ payload }) => payload === 'gone')).toHaveLength(1);
  });

  it.each(['kill', 'shutDown'] as const)(
    'comes back after the broker went (%s), with its subscriptions',
    async (how) => {
      const probe = newProbe();
      await probe.connector.setSubscriptions([subscriptionTo('open/#')]);
      await probe.connect(settingsFor(broker.ports.mqtt));
      await probe.until('subscribed', () => probe.results.get('open/#')?.kind === 'granted');
      const before = Date.now();
      await broker[how]();
      const waiting = await probe.reach('waiting');
      expect(waiting.failure.code).toMatch(/^connection\.|^tcp\.refused/);
      expect(waiting.retryAt).toBeGreaterThan(before);
      expect(probe.results.get('open/#')).toEqual({ kind: 'idle' });
      expect(probe.losses).toEqual([{ at: expect.any(Number), reason: waiting.failure.message }]);
      await probe.until('a refused attempt', () =>
        probe.states.some((state) => state.kind === 'waiting' && state.failure.code === 'tcp.refused'),
      );
      expect(probe.gaps).toEqual([]);
      await broker.restart();
      await probe.reach('connected');
      await probe.until('subscribed again', () => probe.results.get('open/#')?.kind === 'granted');
      expect(probe.gaps).toHaveLength(1);
      // One loss, however many attempts it took.
      expect(probe.losses).toHaveLength(1);
      const [gap] = probe.gaps;
      expect(gap?.from).toBe(probe.losses[0]?.at);
      expect(gap?.from).toBeGreaterThanOrEqual(before);
      expect(gap?.to).toBeGreaterThan(gap?.from ?? 0);
      expect(gap?.reason).toMatch(/closed|reset|shutting down/);
      await publish('open/after', how);
      await probe.received('open/after', how);
    },
  );

  it('waits longer each time and stops when told to', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(proxy.port));
    await proxy.refuse();
    proxy.cut();
    const waits = () => probe.states.filter((state) => state.kind === 'waiting');
    await probe.until('three waits', () => waits().length >= 3);
    expect(waits().map((state) => state.attempt)).toEqual([2, 3, 4]);
    await probe.connector.disconnect();
    expect(probe.state).toEqual({ kind: 'offline' });
    expect(probe.gaps).toHaveLength(1);
    const count = probe.states.length;
    await proxy.accept();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(probe.states).toHaveLength(count);
  });

  it('is a failure where reconnecting is off', async () => {
    const probe = newProbe();
    const reconnect = { enabled: false, minDelay: 0.1, maxDelay: 0.1 };
    await probe.connect(settingsFor(proxy.port, { reconnect }));
    proxy.cut('reset');
    const failed = await probe.reach('failed');
    expect(failed.failure.code).toMatch(/^connection\.(reset|closed)$/);
    expect(probe.losses).toEqual([{ at: expect.any(Number), reason: failed.failure.message }]);
    // Nothing was waited for.
    expect(probe.gaps).toEqual([]);
  });

  it('gets what the broker kept for the session, and what was under way', async () => {
    const probe = newProbe();
    await probe.connector.setSubscriptions([subscriptionTo('open/session')]);
    const settings = settingsFor(proxy.port, { sessionExpiryInterval: 60 });
    const first = await probe.connect(settings);
    expect(first.connack.sessionPresent).toBe(false);
    await probe.until('subscribed', () => probe.results.get('open/session')?.kind === 'granted');
    proxy.pause();
    // The broker gets it only after the reconnect, under the same packet identifier.
    const sent = probe.connector.publish(messageOf('open/session', 'under way', { qos: 2 }), () => undefined);
    await proxy.refuse();
    await new Promise((resolve) => setTimeout(resolve, 50));
    proxy.cut('reset');
    await probe.reach('waiting');
    await publish('open/session', 'meanwhile');
    proxy.resume();
    await proxy.accept();
    const second = await probe.reach('connected');
    expect(second.connack.sessionPresent).toBe(true);
    await probe.received('open/session', 'meanwhile');
    await probe.received('open/session', 'under way');
    expect((await sent).acknowledged?.reasonName).toBe('Success');
    expect(probe.messages).toHaveLength(2);
    expect(probe.results.get('open/session')).toEqual({ kind: 'granted', qos: 2 });
  });

  it('says that a message was not acknowledged when the session is gone', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(proxy.port));
    proxy.pause();
    const sent = probe.connector.publish(messageOf('open/lost', 'x', { qos: 1 }), () => undefined);
    const outcome = expect(sent).rejects.toMatchObject({ failure: { code: 'publish.unacknowledged' } });
    proxy.cut('reset');
    proxy.resume();
    await outcome;
  });
});

describe('a broker that does not answer', () => {
  it('cannot hold up a disconnect', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(proxy.port));
    const [sent] = [probe.connector.publish(messageOf('open/x', 'x', { qos: 1 }), () => undefined)];
    sent.catch(() => undefined);
    proxy.blackHole();
    const since = performance.now();
    await probe.connector.disconnect();
    expect(performance.now() - since).toBeLessThan(2000);
    expect(probe.state).toEqual({ kind: 'offline' });
    proxy.resume();
    proxy.cut();
  });

  it('cannot hold up a disconnect while connecting', async () => {
    const probe = newProbe();
    proxy.blackHole();
    probe.connector.connect(settingsFor(proxy.port));
    await probe.until('CONNECT sent', () => {
      const { state } = probe;
      return state.kind === 'connecting' && state.steps.at(-1)?.stage === 'connect';
    });
    const since = performance.now();
    await probe.connector.disconnect();
    expect(performance.now() - since).toBeLessThan(500);
    expect(probe.state).toEqual({ kind: 'offline' });
    proxy.resume();
    proxy.cut();
  });

  it('is noticed by keep alive', async () => {
    const probe = newProbe();
    await probe.connect(settingsFor(proxy.port, { keepAlive: 1 }));
    proxy.blackHole();
    const { failure } = await probe.reach('waiting');
    expect(failure).toMatchObject({ code: 'connection.keep-alive', detail: 'No PINGRESP.' });
    proxy.resume();
    proxy.cut();
  });

  it('stays connected in a flood that never leaves room for a PINGRESP', async () => {
    // QoS 0 PUBLISH on `t` with one byte, a thousand of them; no PINGREQ is ever answered.
    const flood = Buffer.concat(Array.from({ length: 1000 }, () => Buffer.of(0x30, 5, 0, 1, 0x74, 0, 0x78)));
    const pings: number[] = [];
    const timers: NodeJS.Timeout[] = [];
    const scripted = await startScriptedBroker({
      onPacket: (packet, client) => {
        if (packet.type === 1) {
          client.send(0x20, 3, 0, 0, 0);
          timers.push(setInterval(() => client.socket.write(flood), 20));
        } else if (packet.type === 12) {
          pings.push(performance.now());
        }
      },
    });
    const probe = newProbe();
    await probe.connect(settingsFor(scripted.port, { keepAlive: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(probe.state.kind).toBe('connected');
    expect(probe.messages.length).toBeGreaterThan(10_000);
    // The broker would end the connection after one and a half keep alive without a packet from us.
    expect(pings.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...pings.slice(1).map((at, index) => at - (pings[index] ?? 0)))).toBeLessThan(1400);
    for (const timer of timers) {
      clearInterval(timer);
    }
    const { failure } = await probe.reach('waiting');
    expect(failure.code).toBe('connection.keep-alive');
    await scripted.stop();
  });
});

describe('a client ID that is used twice', () => {
  it('ends the older connection for good where the broker says so (MQTT 5)', async () => {
    const scripted = await startScriptedBroker({
      onPacket: (packet, client) => {
        if (packet.type === 1) {
          client.send(0x20, 3, 0, 0, 0);
          setTimeout(() => client.send(0xe0, 2, 0x8e, 0), 20);
        }
      },
    });
    const probe = newProbe();
    await probe.connect(settingsFor(scripted.port));
    const { failure } = await probe.reach('failed');
    expect(failure.code).toBe('connection.taken-over');
    expect(failure.message).toMatch(/same client ID/);
    await scripted.stop();
  });

  // Mosquitto 2.0.11 closes without a word in 5.0 as well.
  it.each(['3.1.1', '5.0'] as const)('is suspected where it gives no reason (%s)', async (mqttVersion) => {
    const [first, second] = [newProbe(), newProbe()];
    const reconnect = { enabled: true, minDelay: 0.1, maxDelay: 0.2 };
    const settings = settingsFor(broker.ports.mqtt, {
      clientId: `twin ${mqttVersion}`,
      mqttVersion,
      reconnect,
    });
    await first.connect(settings);
    second.connector.connect(settings);
    await first.until('the suspicion', () =>
      first.states.some(
        (state) => state.kind === 'waiting' && state.failure.code === 'connection.short-lived',
      ),
    );
    const state = first.states.findLast((entry) => entry.kind === 'waiting');
    expect(state?.failure.hint).toMatch(/same client ID/);
    // One of them gives in, and the other has its peace.
    const hasGivenIn = () => [first, second].find((probe) => probe.state.kind === 'failed');
    await Promise.race(
      [first, second].map((probe) => probe.until('the end', () => probe.state.kind === 'failed')),
    );
    const [gone, stays] = hasGivenIn() === first ? [first, second] : [second, first];
    expect(gone.state).toMatchObject({ failure: { code: 'connection.takeover-loop' } });
    expect((await stays.reach('connected')).clientId).toBe(settings.clientId);
  });
});

describe('the connector itself', () => {
  it('takes the newer of two connects, and a disconnect right after a connect', async () => {
    const probe = newProbe();
    probe.connector.connect(settingsFor(broker.ports.mqtt, { clientId: 'one' }));
    probe.connector.connect(settingsFor(broker.ports.mqtt, { clientId: 'two' }));
    const state = await probe.reach('connected');
    expect(state.clientId).toBe('two');
    probe.connector.connect(settingsFor(broker.ports.mqtt, { clientId: 'three' }));
    expect((await probe.reach('connected')).clientId).toBe('three');
    probe.connector.connect(settingsFor(broker.ports.mqtt, { clientId: 'four' }));
    await probe.connector.disconnect();
    expect(probe.state).toEqual({ kind: 'offline' });
    await probe.connector.disconnect();
    expect(probe.state).toEqual({ kind: 'offline' });
    await expect(probe.connector.drop()).rejects.toMatchObject({ failure: { code: 'connector.offline' } });
  });

  it('survives a peer that sends nonsense once connected', async () => {
    const scripted = await startScriptedBroker({
      onPacket: (packet, client) => packet.type === 1 && client.send(0x20, 3, 0, 0, 0, 0x36, 0x01, 0xff),
    });
    const probe = newProbe();
    probe.connector.connect(settingsFor(scripted.port));
    const { failure } = await probe.reach('waiting');
    expect(failure.code).toBe('connection.protocol');
    await scripted.stop();
  });

  it('loses nothing of a burst with the end of the connection behind it', async () => {
    const count = 50_000;
    const burst = Buffer.concat(Array.from({ length: count }, () => Buffer.of(0x30, 5, 0, 1, 0x74, 0, 0x78)));
    const scripted = await startScriptedBroker({
      onPacket: (packet, client) => {
        if (packet.type === 1) {
          client.send(0x20, 3, 0, 0, 0);
          client.socket.end(burst);
        }
      },
    });
    const probe = newProbe();
    const reconnect = { enabled: false, minDelay: 1, maxDelay: 1 };
    probe.connector.connect(settingsFor(scripted.port, { reconnect }));
    await probe.reach('failed');
    expect(probe.messages).toHaveLength(count);
    await scripted.stop();
  });

  it.each<[string, (socket: WebSocket) => void]>([
    ['with a close frame', (socket) => socket.close(1001)],
    ['without one', (socket) => socket.terminate()],
  ])('notices at once when a WebSocket ends %s, and loses nothing of what came before', async (_how, end) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const count = 20_000;
    server.on('connection', (socket) => {
      socket.once('message', () => {
        socket.send(Uint8Array.of(0x20, 3, 0, 0, 0));
        const message = Uint8Array.of(0x30, 5, 0, 1, 0x74, 0, 0x78);
        for (let sent = 1; sent < count; sent++) {
          socket.send(message);
        }
        socket.send(message, () => end(socket));
      });
    });
    const probe = newProbe();
    const { port } = server.address() as AddressInfo;
    const reconnect = { enabled: false, minDelay: 1, maxDelay: 1 };
    probe.connector.connect(settingsFor(port, { protocol: 'ws', reconnect }));
    expect((await probe.reach('failed')).failure.code).toMatch(/^connection\.(closed|reset)$/);
    expect(probe.messages).toHaveLength(count);
    server.close();
  });

  it('follows a DISCONNECT of the broker', async () => {
    const scripted = await startScriptedBroker({
      onPacket: (packet, client) => {
        if (packet.type === 1) {
          client.send(0x20, 3, 0, 0, 0);
          setTimeout(() => client.send(0xe0, 2, 0x8b, 0), 20);
        }
      },
    });
    const probe = newProbe();
    await probe.connect(settingsFor(scripted.port));
    const { failure } = await probe.reach('waiting');
    expect(failure).toMatchObject({
      code: 'connection.ended-by-broker',
      message: 'The broker is shutting down.',
    });
    await scripted.stop();
  });

  it('tries all addresses of a name', async () => {
    // `localhost` is ::1 and 127.0.0.1 on most machines; the broker listens on the latter only.
    const probe = newProbe();
    const state = await probe.connect(settingsFor(broker.ports.mqtt, { host: 'localhost' }));
    expect(state.endpoint.address).toBe('127.0.0.1');
  });
});
