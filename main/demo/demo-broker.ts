import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { DisposableStore, toDisposable } from '#app/base/disposable.ts';
import { DEMO_PROFILE_ID, newProfile, newSubscription, newWill } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import { startMortalDevice } from './mortal-device.ts';
import { type PlantMessage, plantSources, retainedMessages, SET_SUFFIX, STATE_SUFFIX } from './plant.ts';

export interface DemoBroker {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a broker with a live plant on a free port of 127.0.0.1. Nothing leaves the machine. */
export async function startDemoBroker(): Promise<DemoBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const port = await listen(server);
  const running = new DisposableStore();

  const publish = (message: PlantMessage) =>
    broker.publish(
      {
        cmd: 'publish',
        topic: message.topic,
        payload: Buffer.from(message.payload),
        qos: message.qos ?? 0,
        retain: message.retain ?? false,
        dup: false,
      },
      () => {},
    );

  for (const message of retainedMessages) {
    publish(message);
  }
  const start = Date.now();
  for (const source of plantSources) {
    const timer = setInterval(() => {
      for (const message of source.sample((Date.now() - start) / 1000)) {
        publish(message);
      }
    }, source.every);
    running.add(toDisposable(() => clearInterval(timer)));
  }
  broker.on('publish', (packet, client) => {
    if (client !== null && packet.topic.endsWith(SET_SUFFIX)) {
      const state = packet.topic.slice(0, -SET_SUFFIX.length) + STATE_SUFFIX;
      publish({ topic: state, payload: Buffer.from(packet.payload), retain: true });
    }
  });
  running.add(startMortalDevice(port));

  return {
    port,
    async close() {
      running.dispose();
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** MQTT 3.1.1, which is what the embedded broker speaks, with everything subscribed. */
export function demoProfile(port: number): Profile {
  return newProfile({
    id: DEMO_PROFILE_ID,
    name: 'Demo plant',
    color: 'teal',
    host: '127.0.0.1',
    port,
    mqttVersion: '3.1.1',
    subscriptions: [newSubscription('#', { color: 'teal' })],
    will: { ...newWill(), topic: 'clients/topicscope/status', payload: 'offline', retain: true },
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') {
        resolve(address.port);
      }
    });
  });
}
