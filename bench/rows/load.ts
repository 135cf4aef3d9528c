import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import type { LoadRun } from '#app/contract/feeds/load.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import type { BenchRow, Figure } from '../row.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

const BROKER = '/usr/sbin/mosquitto';
const IN_FLIGHT = 100;
const ASKED = 1000;
const MESSAGES = 5000;
const MOST = 20_000;
const MIN_SHARE = 0.98;
const MIN_RATIO = 0.5;

/** What a load test reaches, beside the client library alone. */
export const row: BenchRow = {
  name: 'load',
  about:
    'load tests at QoS 1 on Mosquitto: the rate that was asked for, and the most, side by side with bare mqtt.js',
  async run({ repeats, progress }) {
    const broker = await startBroker();
    const held: LoadRun[] = [];
    const most: number[] = [];
    const bare: number[] = [];
    try {
      for (let repeat = 0; repeat < repeats; repeat++) {
        progress(`run ${repeat + 1} of ${repeats}`);
        held.push(await runLoad(broker.port, ASKED, MESSAGES));
        most.push((await runLoad(broker.port, 50_000, MOST)).reachedRate);
        bare.push(await runBare(broker.port, MOST));
      }
    } finally {
      broker.child.kill();
    }
    const reached = median(held.map(({ reachedRate }) => reachedRate));
    const share = reached / ASKED;
    const of = (pick: (run: LoadRun) => number | undefined) =>
      median(held.map((run) => pick(run) ?? Number.NaN));
    const ratio = median(most.map((rate, index) => rate / (bare[index] ?? Number.NaN)));
    return [
      {
        what: `load test at ${ASKED} messages a second, QoS 1`,
        measured: `${perSecond(reached)}; acknowledged p50 ${of((run) => run.latency?.median).toFixed(1)} ms, p99 ${of((run) => run.latency?.p99).toFixed(1)} ms`,
        value: share,
        budget: `≥ ${MIN_SHARE} of what was asked for`,
        verdict: share >= MIN_SHARE ? 'pass' : 'miss',
      },
      {
        what: `most that a load test reaches, QoS 1, ${IN_FLIGHT} in flight`,
        measured: `${perSecond(median(most))}, bare mqtt.js ${perSecond(median(bare))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of bare mqtt.js`,
        verdict: ratio >= MIN_RATIO ? 'pass' : 'miss',
      },
    ] satisfies Figure[];
  },
};

/** A load test in a real session worker, at its end. */
async function runLoad(port: number, rate: number, count: number): Promise<LoadRun> {
  const session = await startSession({ subscriptions: [] });
  try {
    await session.connect(port);
    let newest: LoadRun | undefined;
    const feed = session.client.sessionFeed(
      SESSION_ID,
      'loadRun',
      {},
      {
        onWindow(window) {
          newest = window.run;
        },
      },
    );
    const message = { ...emptyTemplate, topic: 'load/{1..10}', text: '{{seq}}', qos: 1 } as const;
    await session.client.session(SESSION_ID, 'load.start', {
      test: { message, count, rate, inFlight: IN_FLIGHT },
    });
    while (newest === undefined || newest.state === 'running') {
      await sleep(20);
    }
    feed.dispose();
    return newest;
  } finally {
    await session.close();
  }
}

/** Messages a second of the library alone, with as many in flight. */
async function runBare(port: number, count: number): Promise<number> {
  const client = await connectAsync({ host: '127.0.0.1', port, protocolVersion: 5 });
  let begun = 0;
  const since = performance.now();
  const lane = async () => {
    while (begun < count) {
      begun += 1;
      await client.publishAsync(`load/${(begun % 10) + 1}`, String(begun), { qos: 1 });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  const rate = (count * 1000) / (performance.now() - since);
  await client.endAsync();
  return rate;
}

async function startBroker(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const port = await freePort();
  const child = spawn(BROKER, ['-p', String(port)], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries += 1) {
    const probe = await connectAsync({ host: '127.0.0.1', port, reconnectPeriod: 0 }).catch(() => undefined);
    if (probe !== undefined) {
      await probe.endAsync();
      return { child, port };
    }
    await sleep(50);
  }
  throw new Error('Mosquitto did not start: apt-get install mosquitto');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
