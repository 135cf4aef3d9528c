import { searchQuerySchema } from '#app/contract/feeds/search.ts';
import { AlongReaders } from '#main/readers/along-readers.ts';
import { SessionLogs } from '#main/readers/session-logs.ts';
import type { BenchContext, BenchRow, Figure } from '../row.ts';
import { residentBytes } from '../support/cpu.ts';
import { startFlood } from '../support/flood.ts';
import { SESSION_ID, type SessionHarness, startSession } from '../support/session-harness.ts';
import { mebibytes, median, perSecond } from '../support/statistics.ts';

const MESSAGES = 20_000_000;
const REFERENCE = 5_000_000;
const MAX_GROWTH = 1.05;

/** Twenty million messages at full speed: does resident memory stay where it was after five million? */
export const row: BenchRow = {
  name: 'endurance',
  about: 'resident memory after 20 million messages at full speed, against that after 5 million',
  async run(context) {
    return [await measure(context, false), await measure(context, true)];
  },
};

/** With `panes`, what all panes of a window have open at once, in the session worker and beside it. */
async function measure({ progress }: BenchContext, panes: boolean): Promise<Figure> {
  const what = `endurance${panes ? ', all panes open' : ''}: resident memory, 20 to 5 million messages`;
  const flood = await startFlood({ topics: 10_000, qos: 0, messages: MESSAGES });
  const session = await startSession();
  let along: AlongReaders | undefined;
  try {
    session.openFeeds();
    along = panes ? openPanes(session) : undefined;
    await session.connect(flood.port);
    const start = await session.reached(1);
    await session.reached(REFERENCE, 600_000);
    const before = await steadyResident();
    progress(`${what}: ${mebibytes(before)} after 5 million`);
    // A second look just before the end: afterwards there is no flood that would keep memory in use.
    await session.reached(MESSAGES - 500_000, 1_200_000);
    const after = await steadyResident();
    const end = await session.reached(MESSAGES, 600_000);
    const growth = after / before;
    return {
      what,
      measured: `${mebibytes(after)} to ${mebibytes(before)}: ${growth.toFixed(3)}`,
      value: growth,
      budget: `≤ ${MAX_GROWTH}`,
      verdict: growth <= MAX_GROWTH ? 'pass' : 'miss',
      note: `${perSecond((MESSAGES / (end - start)) * 1000)} over all`,
    };
  } finally {
    along?.dispose();
    await session.close();
    flood.stop();
  }
}

function openPanes(session: SessionHarness): AlongReaders {
  const rows = { offset: 0, count: 60 };
  const listener = { onWindow: () => {} };
  // A span of a minute would still be filling at five million messages.
  const talkers = { ...rows, by: 'topic', span: '10s', order: 'messages' } as const;
  session.client.sessionFeed(SESSION_ID, 'talkers', talkers, listener);
  session.client.sessionFeed(SESSION_ID, 'packets', { count: 96, at: { kind: 'live' } }, listener);
  session.client.sessionFeed(SESSION_ID, 'ruleMatches', { filters: ['#'] }, listener);
  session.client.sessionFeed(SESSION_ID, 'timeline', { columns: 400 }, listener);
  const logs = new SessionLogs();
  const askTopics = session.follow((update) => logs.apply(SESSION_ID, update));
  const along = new AlongReaders(logs, { onBegin: () => {}, onEnd: () => {} }, askTopics);
  const { requests, silence, search, sparkplug, history, shape, chart } = along.sources;
  const sessionId = SESSION_ID;
  pull((push) => requests({ sessionId, ...rows, ...REQUESTS, pairs: [] }, push));
  pull((push) => silence({ sessionId, ...rows, ...SILENCE }, push));
  pull((push) => search({ sessionId, ...rows, ...SEARCH }, push));
  pull((push) => sparkplug({ sessionId, tree: rows, metrics: rows }, push));
  const topic = { sessionId, topicId: TOPIC, codec: 'auto' };
  pull((push) => history({ ...topic, ...rows, fold: true, changes: true }, push));
  pull((push) => shape(topic, push));
  const value = { kind: 'payload' } as const;
  const series = [{ topicId: TOPIC, codec: 'auto', value }];
  pull((push) => chart({ sessionId, series, view: { kind: 'live', span: 0 }, columns: 600 }, push));
  return along;
}

/** A topic of the flood: ids begin with the first levels. */
const TOPIC = 5;
const REQUESTS = { timeout: 10_000, state: 'all', text: '', order: 'newest' } as const;
const SILENCE = {
  text: '',
  state: 'all',
  factor: 3,
  sort: { by: 'times', descending: true },
  frozen: false,
} as const;
const SEARCH = {
  query: searchQuerySchema.parse({ text: 'no such text' }),
  order: 'newest',
  isStopped: false,
} as const;

/** Takes each window at once. */
function pull(open: (push: () => void) => { pull(): void }): void {
  const feed = open(() => queueMicrotask(() => feed.pull()));
  feed.pull();
}

/** Resident bytes go up and down with garbage collection: the median of a second. */
async function steadyResident(): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < 21; index++) {
    values.push(residentBytes());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return median(values);
}
