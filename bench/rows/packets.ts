import type { BenchRow, Figure } from '../row.ts';
import { runBare } from '../support/bare.ts';
import { startFlood } from '../support/flood.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const TOPICS = 1000;
const MIN_RATIO = 0.7;

/**
 * What recording every packet takes from ingest: the same flood with the view of packets closed and open, in turn, and
 * into bare mqtt.js, against which the budget of ingest holds.
 */
export const row: BenchRow = {
  name: 'packets',
  about: 'flood into one session worker with the packets recorded and shown, beside not and bare mqtt.js',
  async run({ repeats, progress }) {
    const figures: Figure[] = [];
    for (const qos of [0, 1] as const) {
      const flood = await startFlood({ topics: TOPICS, qos, messages: MESSAGES, shuffled: true });
      const closed: number[] = [];
      const open: number[] = [];
      const bare: number[] = [];
      const name = `packets recorded, QoS ${qos}`;
      try {
        for (let repeat = 0; repeat < repeats; repeat++) {
          progress(`${name}, run ${repeat + 1} of ${repeats}`);
          for (const [isOpen, rates] of [
            [false, closed],
            [true, open],
          ] as const) {
            const report = flood.nextReport();
            rates.push(await rateOf(flood.port, isOpen));
            await report;
          }
          const report = flood.nextReport();
          bare.push((await runBare(flood.port, MESSAGES, qos)).rate);
          await report;
        }
      } finally {
        flood.stop();
      }
      // Of the same round each: what else the machine did in that minute weighs on all of them.
      const ratioTo = (others: readonly number[]) =>
        median(open.map((rate, index) => rate / (others[index] ?? Number.NaN)));
      const ratio = ratioTo(bare);
      figures.push({
        what: name,
        measured: `${perSecond(median(open))}, bare ${perSecond(median(bare))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of bare mqtt.js`,
        verdict: ratio >= MIN_RATIO ? 'pass' : 'miss',
        note: `closed ${perSecond(median(closed))}: ${ratioTo(closed).toFixed(2)} of that`,
      });
    }
    return figures;
  },
};

async function rateOf(port: number, isOpen: boolean): Promise<number> {
  const session = await startSession();
  try {
    session.openFeeds();
    if (isOpen) {
      session.client.sessionFeed(
        SESSION_ID,
        'packets',
        { count: 96, at: { kind: 'live' } },
        { onWindow: () => {} },
      );
    }
    await session.connect(port);
    const start = await session.reached(1);
    const end = await session.reached(MESSAGES);
    return (MESSAGES / (end - start)) * 1000;
  } finally {
    await session.close();
  }
}
