import type { BenchRow, Figure } from '../row.ts';
import { startFlood } from '../support/flood.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const TOPICS = 1000;
const MIN_RATIO = 0.7;

/** What recording every packet takes from ingest: the same flood with the view of packets closed and open, in turn. */
export const row: BenchRow = {
  name: 'packets',
  about: 'flood into one session worker with the packets recorded and shown, beside not',
  async run({ repeats, progress }) {
    const figures: Figure[] = [];
    for (const qos of [0, 1] as const) {
      const flood = await startFlood({ topics: TOPICS, qos, messages: MESSAGES, shuffled: true });
      const closed: number[] = [];
      const open: number[] = [];
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
        }
      } finally {
        flood.stop();
      }
      const ratio = median(open.map((rate, index) => rate / (closed[index] ?? Number.NaN)));
      figures.push({
        what: name,
        measured: `${perSecond(median(open))}, closed ${perSecond(median(closed))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of ingest without`,
        verdict: ratio >= MIN_RATIO ? 'pass' : 'miss',
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
