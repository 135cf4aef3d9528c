import type { BenchRow, Figure } from '../row.ts';
import { runBare } from '../support/bare.ts';
import { startFlood } from '../support/flood.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { median } from '../support/statistics.ts';

const TOPICS = 100_000;
const MAX_FIRST_ROWS = 150;
const MAX_RATIO = 1.5;

/** The engine's part of the first tree: from CONNACK to a window with rows, and to one with all retained topics. */
export const row: BenchRow = {
  name: 'first-tree',
  about:
    '100,000 retained topics: connected to first tree rows, and to the complete tree, beside bare mqtt.js',
  async run({ repeats, progress }) {
    const flood = await startFlood({ topics: TOPICS, qos: 0, messages: TOPICS, retain: true });
    const first: number[] = [];
    const complete: number[] = [];
    const ratios: number[] = [];
    try {
      for (let repeat = 0; repeat < repeats; repeat++) {
        progress(`first-tree: run ${repeat + 1} of ${repeats}`);
        const bare = await runBare(flood.port, TOPICS, 0);
        const run = await runSession(flood.port);
        first.push(run.first);
        complete.push(run.complete);
        ratios.push(run.complete / bare.milliseconds);
      }
    } finally {
      flood.stop();
    }
    const ratio = median(ratios);
    const figures: Figure[] = [
      {
        what: 'first tree: connected to first rows (engine)',
        measured: `${Math.round(median(first))} ms`,
        value: median(first),
        budget: `≤ ${MAX_FIRST_ROWS} ms to the painted rows`,
        verdict: median(first) <= MAX_FIRST_ROWS ? 'pass' : 'miss',
      },
      {
        what: 'first tree: 100,000 retained topics complete (engine)',
        measured: `${Math.round(median(complete))} ms: ${ratio.toFixed(2)} times bare`,
        value: ratio,
        budget: `≤ ${MAX_RATIO} times bare mqtt.js`,
        verdict: ratio <= MAX_RATIO ? 'pass' : 'miss',
      },
    ];
    return figures;
  },
};

async function runSession(port: number): Promise<{ first: number; complete: number }> {
  const session = await startSession();
  try {
    let firstRows: number | undefined;
    const done = new Promise<number>((resolve) => {
      const tree = { offset: 0, count: 60, sort: { by: 'name' as const, descending: false } };
      session.client.sessionFeed(SESSION_ID, 'tree', tree, {
        onWindow: ({ rows }) => {
          if (rows.length > 0) {
            firstRows ??= performance.now();
            const topics = rows.filter(({ level }) => level === 1).reduce((sum, row) => sum + row.topics, 0);
            if (topics === TOPICS) {
              resolve(performance.now());
            }
          }
        },
      });
    });
    await session.connect(port);
    const connected = performance.now();
    const firstMessage = await session.reached(1);
    const end = await done;
    return { first: (firstRows ?? end) - Math.min(connected, firstMessage), complete: end - firstMessage };
  } finally {
    await session.close();
  }
}
