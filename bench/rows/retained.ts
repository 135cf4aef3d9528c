import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { newSubscription } from '#app/profile/defaults.ts';
import { startMosquitto } from '../../e2e/support/mosquitto.ts';
import type { BenchRow, Figure } from '../row.ts';
import { startSession } from '../support/session-harness.ts';
import { median } from '../support/statistics.ts';

const TOPICS = 100_000;

/** Whether we take retained messages as fast as a client that only counts: what we leave waiting, Mosquitto drops. */
export const row: BenchRow = {
  name: 'retained',
  about:
    '100,000 retained topics from Mosquitto with its default queue limits: what it drops, beside bare mqtt.js',
  async run({ repeats, progress }) {
    const broker = await startMosquitto({ listeners: ['mqtt'], quiet: true });
    try {
      progress('retained: filling the broker');
      const plan = {
        port: broker.ports.mqtt,
        rate: 20_000,
        topics: TOPICS,
        seconds: TOPICS / 20_000 + 0.2,
        retain: true,
      };
      const publisher = spawn(
        process.execPath,
        [fileURLToPath(new URL('../support/paced-publisher.ts', import.meta.url)), JSON.stringify(plan)],
        { stdio: 'ignore' },
      );
      await once(publisher, 'close');
      const figures: Figure[] = [];
      for (const qos of [0, 1] as const) {
        const ours: number[] = [];
        const bare: number[] = [];
        for (let repeat = 0; repeat < repeats; repeat++) {
          progress(`retained: QoS ${qos}, run ${repeat + 1} of ${repeats}`);
          bare.push(await countBare(broker.ports.mqtt, qos));
          ours.push(await countOurs(broker.ports.mqtt, qos));
        }
        const [mine, yardstick] = [median(ours), median(bare)];
        figures.push({
          what: `retained: QoS ${qos}, received of 100,000`,
          measured: `${mine.toLocaleString('en')}, bare ${yardstick.toLocaleString('en')}`,
          value: mine / yardstick,
          budget: 'no fewer than bare',
          // One in a thousand is what the moment of subscribing makes of it.
          verdict: mine >= yardstick * 0.999 ? 'pass' : 'miss',
        });
      }
      return figures;
    } finally {
      await broker.stop();
    }
  },
};

async function countOurs(port: number, qos: 0 | 1): Promise<number> {
  const session = await startSession({ subscriptions: [newSubscription('#', { qos })] });
  try {
    let received = 0;
    session.client.sessionFeed(
      'bench',
      'status',
      {},
      {
        onWindow: ({ ledger }) => {
          received = ledger.received;
        },
      },
    );
    session.openFeeds();
    await session.connect(port);
    return await settled(() => Promise.resolve(received));
  } finally {
    await session.close();
  }
}

async function countBare(port: number, qos: 0 | 1): Promise<number> {
  const worker = new Worker(new URL('../support/counting-client.ts', import.meta.url), {
    workerData: { port, qos },
  });
  try {
    return await settled(async () => {
      worker.postMessage('count');
      const [count] = (await once(worker, 'message')) as [number];
      return count;
    });
  } finally {
    worker.postMessage('end');
    await once(worker, 'exit');
  }
}

/** The count once it has stood still for two seconds. */
async function settled(count: () => Promise<number>): Promise<number> {
  let last = -1;
  for (let quiet = 0; quiet < 8; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = await count();
    quiet = now === last && now > 0 ? quiet + 1 : 0;
    last = now;
  }
  return last;
}
