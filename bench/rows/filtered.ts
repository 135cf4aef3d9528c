import type { BenchRow, Figure } from '../row.ts';
import { startFlood } from '../support/flood.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const MIN_RATIO = 0.9;

/** What filters that are open during a flood take from ingest: each new message and topic is looked at for them. */
export const row: BenchRow = {
  name: 'filtered',
  about: 'flood into one session worker with a message filter by text and a tree filter open, beside none',
  async run({ repeats, progress }) {
    const figures: Figure[] = [];
    for (const topics of [1000, 100_000]) {
      const flood = await startFlood({ topics, qos: 0, messages: MESSAGES, shuffled: true });
      const plain: number[] = [];
      const filtered: number[] = [];
      const name = `filters open, ${topics.toLocaleString('en')} topics`;
      try {
        for (let repeat = 0; repeat < repeats; repeat++) {
          progress(`${name}, run ${repeat + 1} of ${repeats}`);
          for (const [hasFilters, rates] of [
            [false, plain],
            [true, filtered],
          ] as const) {
            const report = flood.nextReport();
            rates.push(await rateOf(flood.port, hasFilters));
            await report;
          }
        }
      } finally {
        flood.stop();
      }
      const ratio = median(filtered.map((rate, index) => rate / (plain[index] ?? Number.NaN)));
      figures.push({
        what: name,
        measured: `${perSecond(median(filtered))}, without ${perSecond(median(plain))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of ingest without`,
        verdict: 'info',
      });
    }
    return figures;
  },
};

async function rateOf(port: number, hasFilters: boolean): Promise<number> {
  const session = await startSession();
  try {
    session.openFeeds();
    if (hasFilters) {
      const listener = { onWindow: () => {} };
      const live = { count: 60, at: { kind: 'live' } } as const;
      // Found in a thousandth of the payloads, and in all those of some topics.
      session.client.sessionFeed(
        SESSION_ID,
        'messages',
        { ...live, filter: { text: 'device-42"' } },
        listener,
      );
      const sort = { by: 'name', descending: false } as const;
      session.client.sessionFeed(
        SESSION_ID,
        'tree',
        { offset: 0, count: 60, sort, filter: 'line7' },
        listener,
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
