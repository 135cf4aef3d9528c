import { performance } from 'node:perf_hooks';
import { SilenceScan } from '#main/readers/silence/silence-scan.ts';
import type { LogReader } from '#main/session/log/log-reader.ts';
import type { BenchRow } from '../row.ts';
import { startFlood } from '../support/flood.ts';
import { startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const TOPICS = 1000;
const MAX_TIME = 1000;
const MIN_RATIO = 0.7;
/** Milliseconds of work and of rest, as the readers' ticker has it. */
const SLICE = 25;
const REST = 25;

/** What the tab "Silence" costs: reading what is kept when it is opened, and reading along with a flood. */
export const row: BenchRow = {
  name: 'silence',
  about:
    'intervals of all topics from one million kept messages, in the slices of the readers worker; ingest beside it',
  async run({ repeats, progress }) {
    const flood = await startFlood({ topics: TOPICS, qos: 0, messages: MESSAGES, shuffled: true });
    const whole: number[] = [];
    const plain: number[] = [];
    const beside: number[] = [];
    try {
      for (let repeat = 0; repeat < repeats; repeat++) {
        progress(`run ${repeat + 1} of ${repeats}`);
        for (const isOpen of [false, true]) {
          const report = flood.nextReport();
          const session = await startSession({ budget: 1024 * 1024 * 1024 });
          try {
            session.openFeeds();
            await session.connect(flood.port);
            const begun = await session.reached(1);
            const stop = isOpen ? readAlong(session.log) : () => {};
            const end = await session.reached(MESSAGES);
            stop();
            (isOpen ? beside : plain).push((MESSAGES / (end - begun)) * 1000);
            await report;
            if (!isOpen) {
              whole.push(await readAll(session.log));
            }
          } finally {
            await session.close();
          }
        }
      }
    } finally {
      flood.stop();
    }
    const all = median(whole);
    const ratio = median(beside.map((rate, index) => rate / (plain[index] ?? Number.NaN)));
    return [
      {
        what: 'silence learned from one million messages',
        measured: `${all.toFixed(0)} ms`,
        value: all,
        budget: `≤ ${MAX_TIME} ms`,
        verdict: all <= MAX_TIME ? 'pass' : 'miss',
      },
      {
        what: 'ingest beside the silence of its topics',
        measured: `${perSecond(median(beside))}, without ${perSecond(median(plain))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of ingest without`,
        verdict: ratio >= MIN_RATIO ? 'pass' : 'miss',
      },
    ];
  },
};

const newScan = () => new SilenceScan({ names: { get: (id) => `topic/${id}`, want: () => {} } });

/** Milliseconds until all that is kept was read. */
async function readAll(log: LogReader): Promise<number> {
  const scan = newScan();
  const begun = performance.now();
  while (scan.advance(log, [], performance.now() + SLICE)) {
    await new Promise((resolve) => setTimeout(resolve, REST));
  }
  return performance.now() - begun;
}

/** Reads along until it is ended. */
function readAlong(log: LogReader): () => void {
  const scan = newScan();
  const timer = setInterval(() => scan.advance(log, [], performance.now() + SLICE), SLICE + REST);
  return () => clearInterval(timer);
}
