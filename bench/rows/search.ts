import { performance } from 'node:perf_hooks';
import { searchQuerySchema } from '#app/contract/feeds/search.ts';
import { QueryMatcher } from '#main/readers/search/query-matcher.ts';
import { SearchScan } from '#main/readers/search/search-scan.ts';
import type { LogReader } from '#main/session/log/log-reader.ts';
import type { BenchRow, Figure } from '../row.ts';
import { startFlood } from '../support/flood.ts';
import { startSession } from '../support/session-harness.ts';
import { median, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const MAX_TIME = 1000;
const MAX_FIRST = 200;
const MIN_RATIO = 0.7;
/** Milliseconds of work and of rest, as the readers' ticker has it. */
const SLICE = 25;
const REST = 25;

/** A search by text over a million messages that are kept, and what one costs the ingest that goes on meanwhile. */
export const row: BenchRow = {
  name: 'search',
  about: 'substring over one million kept messages, in the slices of the readers worker; ingest beside it',
  async run({ repeats, progress }) {
    const figures: Figure[] = [];
    const flood = await startFlood({ topics: 1000, qos: 0, messages: MESSAGES, shuffled: true });
    const whole: Record<string, number[]> = {};
    const first: Record<string, number[]> = {};
    const plain: number[] = [];
    const standing: number[] = [];
    const beside: number[] = [];
    const searches = {
      'ignoring case': { text: 'DEVICE-42"' },
      'matching case': { text: 'device-42"', matchCase: true },
    };
    try {
      for (let repeat = 0; repeat < repeats; repeat++) {
        progress(`run ${repeat + 1} of ${repeats}`);
        for (const [searching, rates] of [
          ['none', plain],
          ['one', standing],
          ['endless', beside],
        ] as const) {
          const report = flood.nextReport();
          const session = await startSession({ budget: 1024 * 1024 * 1024 });
          try {
            session.openFeeds();
            await session.connect(flood.port);
            const begun = await session.reached(1);
            const stop = searching === 'none' ? () => {} : searchOn(session.log, searching === 'endless');
            const end = await session.reached(MESSAGES);
            stop();
            rates.push((MESSAGES / (end - begun)) * 1000);
            await report;
            if (searching === 'none') {
              for (const [name, part] of Object.entries(searches)) {
                const found = await searchAll(session.log, part);
                whole[name] = [...(whole[name] ?? []), found.all];
                first[name] = [...(first[name] ?? []), found.first];
              }
            }
          } finally {
            await session.close();
          }
        }
      }
    } finally {
      flood.stop();
    }
    for (const name of Object.keys(searches)) {
      const all = median(whole[name] ?? []);
      const begin = median(first[name] ?? []);
      figures.push({
        what: `one million messages, ${name}`,
        measured: `${all.toFixed(0)} ms, first results after ${begin.toFixed(0)} ms`,
        value: all,
        budget: `≤ ${MAX_TIME} ms, first ≤ ${MAX_FIRST} ms`,
        verdict: all <= MAX_TIME && begin <= MAX_FIRST ? 'pass' : 'miss',
      });
    }
    for (const [what, rates] of [
      ['ingest beside one search that stands', standing],
      ['ingest beside one search after the other', beside],
    ] as const) {
      const ratio = median(rates.map((rate, index) => rate / (plain[index] ?? Number.NaN)));
      figures.push({
        what,
        measured: `${perSecond(median(rates))}, without ${perSecond(median(plain))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of ingest without`,
        verdict: ratio >= MIN_RATIO ? 'pass' : 'miss',
      });
    }
    return figures;
  },
};

function newScan(part: { readonly text: string; readonly matchCase?: boolean }): SearchScan {
  const names = { get: (id: number) => `topic/${id}`, want: () => {}, hasAll: true };
  return new SearchScan(new QueryMatcher(searchQuerySchema.parse(part), names), true);
}

/** Milliseconds until all was searched, and until the first slice with results. */
async function searchAll(
  log: LogReader,
  part: { readonly text: string; readonly matchCase?: boolean },
): Promise<{ readonly all: number; readonly first: number }> {
  const scan = newScan(part);
  const begun = performance.now();
  let first = Number.NaN;
  while (!scan.isDone) {
    scan.advance(log, performance.now() + SLICE);
    if (Number.isNaN(first) && scan.total > 0) {
      first = performance.now() - begun;
    }
    await new Promise((resolve) => setTimeout(resolve, REST));
  }
  return { all: performance.now() - begun, first };
}

/** A search, and another one when it is done if `isEndless`, until it is ended. */
function searchOn(log: LogReader, isEndless: boolean): () => void {
  let scan = newScan({ text: 'device-42"' });
  const timer = setInterval(() => {
    scan.advance(log, performance.now() + SLICE);
    if (scan.isDone && isEndless) {
      scan = newScan({ text: 'device-42"' });
    }
  }, SLICE + REST);
  return () => clearInterval(timer);
}
