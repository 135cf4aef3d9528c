import { MessageChannel, Worker } from 'node:worker_threads';
import { ContractClient } from '#app/contract/client.ts';
import type { ChartWindow } from '#app/contract/feeds/readers.ts';
import type { ToReaders } from '#main/readers/control.ts';
import type { FromSession } from '#main/session/control.ts';
import type { BenchRow, Figure } from '../row.ts';
import { cpuOf } from '../support/cpu.ts';
import { startFlood } from '../support/flood.ts';
import { floodTopic } from '../support/flood-packets.ts';
import { portTransport, SESSION_ID, type SessionHarness, startSession } from '../support/session-harness.ts';
import { median, percent, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const MIN_RATIO = 0.7;
/** Lines of the chart: a field of JSON each, of a topic each. */
const SERIES = 4;

/** `1000`: a chart of a few topics among many. `4`: every message that comes is one of a line. */
const plans = [1000, SERIES] as const;

/**
 * The same flood into one session worker without a chart and with one, filled by the readers worker, which reads along
 * in place. Windows of the chart are acknowledged at once.
 */
export const row: BenchRow = {
  name: 'chart',
  about: 'ingest with a chart of four lines open, beside the same without',
  async run(context) {
    const figures: Figure[] = [];
    for (const topics of plans) {
      const flood = await startFlood({ topics, qos: 0, messages: MESSAGES, shuffled: true });
      const without: number[] = [];
      const open: ChartRun[] = [];
      try {
        for (let repeat = 0; repeat < context.repeats; repeat++) {
          context.progress(`chart: ${topics} topics, run ${repeat + 1} of ${context.repeats}`);
          const first = flood.nextReport();
          without.push((await run(flood.port, false)).rate);
          await first;
          const second = flood.nextReport();
          open.push(await run(flood.port, true));
          await second;
        }
      } finally {
        flood.stop();
      }
      const ratio = median(open.map(({ rate }, index) => rate / (without[index] ?? Number.NaN)));
      const last = open.at(-1);
      figures.push({
        what: `ingest with a chart, ${topics.toLocaleString('en')} topics`,
        measured: `${perSecond(median(open.map(({ rate }) => rate)))}, without ${perSecond(median(without))}: ${ratio.toFixed(2)}`,
        value: ratio,
        budget: `≥ ${MIN_RATIO} of the same without`,
        verdict: ratio >= MIN_RATIO ? 'pass' : 'miss',
        note: `readers worker ${percent(median(open.map(({ cpu }) => cpu)))} of a core; ${last?.windows ?? 0} windows, ${last?.points ?? 0} points, ${last?.skipped ?? 0} messages left out`,
      });
    }
    return figures;
  },
};

interface ChartRun {
  readonly rate: number;
  /** Share of a core that the readers worker took. */
  readonly cpu: number;
  readonly windows: number;
  readonly points: number;
  readonly skipped: number;
}

async function run(port: number, isOpen: boolean): Promise<ChartRun> {
  const session = await startSession();
  const readers = isOpen ? startReaders(session) : undefined;
  try {
    session.openFeeds();
    await session.connect(port);
    const chart = readers === undefined ? undefined : await openChart(session, readers.client);
    const start = await session.reached(1);
    const before = readers === undefined ? 0 : ((await cpuOf(readers.worker)) ?? 0);
    const end = await session.reached(MESSAGES);
    const after = readers === undefined ? 0 : ((await cpuOf(readers.worker)) ?? 0);
    const lines = chart?.last()?.series ?? [];
    return {
      rate: (MESSAGES / (end - start)) * 1000,
      cpu: (after - before) / (end - start),
      windows: chart?.windows() ?? 0,
      points: lines.reduce((sum, line) => sum + line.points, 0),
      skipped: lines.reduce((sum, line) => sum + line.skipped, 0),
    };
  } finally {
    await readers?.worker.terminate();
    await session.close();
  }
}

/** The readers worker from source, told of the session's memory as the main process does. */
function startReaders(session: SessionHarness) {
  const worker = new Worker(new URL('../../main/readers/worker.ts', import.meta.url));
  session.worker.on('message', (message: FromSession) => {
    if (message.type === 'log') {
      const told: ToReaders = { type: 'log', sessionId: SESSION_ID, update: message.update };
      worker.postMessage(told);
    }
  });
  const { port1, port2 } = new MessageChannel();
  const attach: ToReaders = { type: 'attach', port: port1 };
  worker.postMessage(attach, [port1]);
  return { worker, client: new ContractClient(portTransport(port2)) };
}

async function openChart(session: SessionHarness, client: ContractClient) {
  const ids = await Promise.all(
    Array.from({ length: SERIES }, (_, index) => topicId(session, floodTopic(index))),
  );
  let windows = 0;
  let last: ChartWindow | undefined;
  client.readersFeed(
    'chart',
    {
      sessionId: SESSION_ID,
      series: ids.map((id) => ({
        topicId: id,
        codec: 'json',
        value: { kind: 'field' as const, path: 'value' },
      })),
      view: { kind: 'live', span: 0 },
      columns: 800,
    },
    {
      onWindow: (window) => {
        windows += 1;
        last = window;
      },
    },
  );
  return { windows: () => windows, last: () => last };
}

/** Waits for the first message of a topic. */
function topicId(session: SessionHarness, topic: string): Promise<number> {
  return new Promise((resolve) => {
    const feed = session.client.sessionFeed(
      SESSION_ID,
      'topic',
      { topic },
      {
        onWindow: ({ topicId: id, lastSequence }) => {
          if (id !== undefined && lastSequence !== undefined) {
            resolve(id);
            feed.dispose();
          }
        },
      },
    );
  });
}
