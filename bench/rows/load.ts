import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadRun } from '#app/contract/feeds/load.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { startMosquitto } from '../../e2e/support/mosquitto.ts';
import type { BenchRow, Figure } from '../row.ts';
import { hasMosquittoPub, runBarePublish, runMosquittoPub } from '../support/publishers.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

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
    'load tests at QoS 1 on Mosquitto: the rate that was asked for, and the most, side by side with bare mqtt.js and mosquitto_pub',
  async run({ repeats, progress }) {
    // Its default, a Receive Maximum of 20, is kept by a load test (MQTT 5.0 section 4.9) and not by mqtt.js alone.
    const broker = await startMosquitto({
      listeners: ['mqtt'],
      quiet: true,
      extra: [`max_inflight_messages ${IN_FLIGHT}`],
    });
    const port = broker.ports.mqtt;
    const held: LoadRun[] = [];
    const most: number[] = [];
    const bare: number[] = [];
    const program: number[] = [];
    try {
      for (let repeat = 0; repeat < repeats; repeat++) {
        progress(`run ${repeat + 1} of ${repeats}`);
        held.push(await runLoad(port, ASKED, MESSAGES));
        most.push((await runLoad(port, 50_000, MOST)).reachedRate);
        bare.push(await runBarePublish(port, MOST, IN_FLIGHT));
        if (hasMosquittoPub()) {
          program.push(await runMosquittoPub(port, MOST));
        }
      }
    } finally {
      await broker.stop();
    }
    const reached = median(held.map(({ reachedRate }) => reachedRate));
    const share = reached / ASKED;
    const of = (pick: (run: LoadRun) => number | undefined) =>
      median(held.map((run) => pick(run) ?? Number.NaN));
    const ratioTo = (others: readonly number[]) =>
      median(most.map((rate, index) => rate / (others[index] ?? Number.NaN)));
    const ratio = ratioTo(bare);
    const programRatio = ratioTo(program);
    return [
      {
        what: `load test at ${ASKED} messages a second, QoS 1`,
        measured: `${perSecond(reached)}; acknowledged p50 ${of((run) => run.latency?.median).toFixed(1)} ms, p90 ${of((run) => run.latency?.p90).toFixed(1)} ms, p99 ${of((run) => run.latency?.p99).toFixed(1)} ms`,
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
      ...(program.length === 0
        ? []
        : [
            {
              what: `the same beside mosquitto_pub -l`,
              measured: `mosquitto_pub ${perSecond(median(program))}: ${programRatio.toFixed(2)}`,
              value: programRatio,
              budget: 'for comparison',
              verdict: 'info' as const,
            },
          ]),
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
