import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { ChartWindow, HistoryWindow, SeriesValue, ShapeWindow } from '#app/contract/feeds/readers.ts';
import type { FeedInstance } from '#app/contract/server.ts';
import { MessageLog } from '../session/log/message-log.ts';
import { packFlags, RowKind, type SharedLogUpdate } from '../session/log/shared-log.ts';
import { AlongReaders } from './along-readers.ts';
import { bytes } from './readers.fixture.ts';
import { SessionLogs } from './session-logs.ts';

const flags = packFlags(RowKind.received, 1, false, false);
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) {
    close();
  }
});

/** A session's log, written to, and what reads along with it. */
function start(budget = 8 * 1024 * 1024) {
  const logs = new SessionLogs();
  const along = new AlongReaders(logs, { onBegin: () => {}, onEnd: () => {} });
  open.push(() => along.dispose());
  const newest = new Map<number, number>();
  const log = new MessageLog({
    budget,
    newestReceived: (topicId) => newest.get(topicId) ?? 0,
    publish: (update: SharedLogUpdate) => logs.apply('s', update),
  });
  let now = 1_700_000_000_000;
  const receive = (topicId: number, payload: string, after = 1000) => {
    now += after;
    const sequence = log.appendReceived(
      topicId,
      bytes(payload),
      now,
      flags,
      newest.get(topicId) ?? 0,
      undefined,
    );
    newest.set(topicId, sequence);
    return sequence;
  };
  return { along, log, receive };
}

/** A feed whose windows are taken at once; `until` waits for one that is as expected. */
function watch<Params, Window>(
  source: (params: Params, push: (window: Window) => void) => FeedInstance<Params>,
  params: Params,
) {
  let last: Window | undefined;
  let windows = 0;
  const feed = source(params, (window) => {
    last = window;
    windows += 1;
    queueMicrotask(() => feed.pull());
  });
  feed.pull();
  open.push(() => feed.dispose());
  return {
    feed,
    windows: () => windows,
    async until(isMeant: (window: Window) => boolean): Promise<Window> {
      for (const end = Date.now() + 10_000; Date.now() < end; ) {
        if (last !== undefined && isMeant(last)) {
          return last;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`the last window is ${JSON.stringify(last)?.slice(0, 500)}`);
    },
  };
}

const series = (topicId: number, value: SeriesValue, codec = 'auto') => ({ topicId, codec, value });
const chart = (...parts: ReturnType<typeof series>[]) => ({
  sessionId: 's',
  series: parts,
  view: { kind: 'live' as const, span: 0 },
  columns: 200,
});
const history = {
  sessionId: 's',
  topicId: 1,
  codec: 'json',
  fold: true,
  changes: true,
  offset: 0,
  count: 50,
};

it('fills a chart with what is kept and goes on with what comes, one series beside the other', async () => {
  const { along, receive } = start();
  for (let i = 0; i < 100; i++) {
    receive(1, `{"temp": ${i}, "unit": "C"}`);
    receive(2, `${i * 2}.5 kW`);
  }
  const { until, feed, windows } = watch<never, ChartWindow>(
    along.sources.chart as never,
    chart(series(1, { kind: 'field', path: 'temp' }), series(2, { kind: 'payload' })) as never,
  );
  const filled = await until(({ progress }) => progress === 1);
  expect(filled.series.map(({ points }) => points)).toEqual([100, 100]);
  expect(filled.series[0]?.statistics).toEqual({ count: 100, min: 0, max: 99, mean: 49.5, last: 99 });
  expect(filled.series[1]?.statistics).toMatchObject({ min: 0.5, max: 198.5, last: 198.5 });
  receive(1, '{"temp": 1000}');
  const live = await until((window) => window.series[0]?.points === 101);
  expect(live.series[0]?.statistics?.max).toBe(1000);
  expect(live.to).toBeGreaterThan(filled.to);
  // Nothing new, no window.
  const count = windows();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(windows()).toBe(count);
  feed.update({
    ...chart(series(1, { kind: 'field', path: 'temp' })),
    view: { kind: 'fixed', from: filled.from, to: filled.from + 10_000 },
  } as never);
  const zoomed = await until((window) => window.series.length === 1);
  expect(zoomed.series[0]?.statistics).toMatchObject({ count: 6, min: 0, max: 5 });
});

it('charts size and rate without looking into the payload, and counts what has no number', async () => {
  const { along, receive } = start();
  for (let second = 0; second < 4; second++) {
    for (let i = 0; i <= second; i++) {
      receive(1, 'x'.repeat(second + 1), i > 0 ? 10 : 1000 - Math.max(0, second - 1) * 10);
    }
  }
  const { until } = watch<never, ChartWindow>(
    along.sources.chart as never,
    chart(series(1, { kind: 'size' }), series(1, { kind: 'rate' }), series(1, { kind: 'payload' })) as never,
  );
  const { series: lines } = await until(({ progress }) => progress === 1);
  expect(lines[0]?.statistics).toMatchObject({ count: 10, min: 1, max: 4 });
  const rate = along.handlers['series.points'](
    { sessionId: 's', series: series(1, { kind: 'rate' }), from: 0, to: 8e15, at: 0 },
    undefined as never,
  ) as { values: readonly number[] };
  // The silence since then has two ends.
  expect(rate.values.slice(0, 6)).toEqual([1, 2, 3, 4, 0, 0]);
  expect(lines[2]).toMatchObject({ points: 0, without: 10 });
});

it('hands out all points of an open series in pages, and of no other', async () => {
  const { along, receive } = start(64 * 1024 * 1024);
  for (let i = 0; i < 45_000; i++) {
    receive(1, String(i), 1);
  }
  const part = series(1, { kind: 'payload' });
  const read = (at: number) =>
    along.handlers['series.points'](
      { sessionId: 's', series: part, from: 0, to: 8e15, at },
      undefined as never,
    ) as { values: readonly number[]; next?: number };
  expect(() => read(0)).toThrow('not in a chart');
  const { until } = watch<never, ChartWindow>(along.sources.chart as never, chart(part) as never);
  await until(({ progress, series: lines }) => progress === 1 && lines[0]?.points === 45_000);
  const values: number[] = [];
  for (let at: number | undefined = 0; at !== undefined; ) {
    const page = read(at);
    values.push(...page.values);
    at = page.next;
  }
  expect(values).toEqual(Array.from({ length: 45_000 }, (_, index) => index));
});

it('folds equal messages and tells what changed from one to the next', async () => {
  const { along, receive } = start();
  receive(1, '{"temp": 21.40, "unit": "C"}');
  receive(1, '{"temp": 21.40, "unit": "C"}');
  receive(2, 'of another topic');
  receive(1, '{"temp": 21.6, "err": "E7"}');
  receive(1, '{"temp": "21.6", "err": "E7"}');
  const { until, feed } = watch<never, HistoryWindow>(along.sources.history as never, history as never);
  const { rows, total, messages } = await until(({ progress }) => progress === 1);
  expect([total, messages]).toEqual([3, 4]);
  expect(rows.map(({ count }) => count)).toEqual([1, 1, 2]);
  expect(rows[0]?.changes).toEqual([{ kind: 'changed', path: 'temp', before: '21.6', after: '"21.6"' }]);
  expect(rows[1]?.changes).toEqual([
    { kind: 'changed', path: 'temp', before: '21.40', after: '21.6' },
    { kind: 'appeared', path: 'err', after: '"E7"' },
    { kind: 'gone', path: 'unit', before: '"C"' },
  ]);
  expect(rows[2]?.changes).toBeUndefined();
  expect((rows[2]?.receivedAt ?? 0) - (rows[2]?.firstAt ?? 0)).toBe(1000);
  feed.update({ ...history, fold: false, offset: 1, count: 2 } as never);
  const unfolded = await until((window) => window.total === 4);
  expect([unfolded.offset, unfolded.rows.map(({ count }) => count)]).toEqual([1, [1, 1]]);
});

it('keeps the folded history the same as folding what is kept, whatever comes and goes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ topic: fc.constantFrom(1, 2), value: fc.constantFrom('a', 'b', 'bb') }), {
        maxLength: 60,
      }),
      fc.integer({ min: 0, max: 60 }),
      async (sent, open) => {
        const { along, receive } = start();
        const kept: { sequence: number; value: string }[] = [];
        const send = ({ topic, value }: (typeof sent)[number]) => {
          const sequence = receive(topic, value);
          if (topic === 1) {
            kept.push({ sequence, value });
          }
        };
        sent.slice(0, open).forEach(send);
        const { until, feed } = watch<never, HistoryWindow>(
          along.sources.history as never,
          { ...history, codec: 'text' } as never,
        );
        sent.slice(open).forEach(send);
        const window = await until((last) => last.messages === kept.length && last.progress === 1);
        feed.dispose();
        const runs: { sequence: number; value: string; count: number }[] = [];
        for (const message of kept) {
          const run = runs.at(-1);
          if (run?.value === message.value) {
            run.count += 1;
            run.sequence = message.sequence;
          } else {
            runs.push({ ...message, count: 1 });
          }
        }
        expect(
          window.rows.map(({ sequence, count, preview }) => ({ sequence, value: preview, count })),
        ).toEqual(runs.toReversed());
      },
    ),
    { numRuns: 30 },
  );
});

it('forgets of a history what the log has dropped, but the newest of the topic', async () => {
  const { along, receive, log } = start(4 * 1024 * 1024);
  receive(1, 'first');
  receive(1, 'kept');
  const { until } = watch<never, HistoryWindow>(along.sources.history as never, history as never);
  await until(({ messages }) => messages === 2);
  for (let i = 0; log.firstSequence < 3; i++) {
    receive(2, String(i).repeat(2000));
  }
  const alone = await until(({ messages }) => messages === 1);
  expect(alone.rows.map(({ preview }) => preview)).toEqual(['kept']);
  receive(1, 'next');
  const next = await until(({ messages, rows }) => messages === 1 && rows[0]?.preview === 'next');
  expect(next.total).toBe(1);
});

it('learns what the payloads of a topic look like, and tells what is odd', async () => {
  const { along, receive } = start();
  for (let i = 0; i < 10; i++) {
    receive(1, `{"temp": ${i}, "ok": true, "at": {"zone": "a"}}`);
  }
  const odd = receive(1, '{"temp": "warm", "err": 7, "at": {"zone": "a"}}');
  const { until } = watch<never, ShapeWindow>(
    along.sources.shape as never,
    { sessionId: 's', topicId: 1, codec: 'json' } as never,
  );
  const { fields, messages, isNumber } = await until(({ progress }) => progress === 1);
  expect([messages, isNumber]).toEqual([11, false]);
  const find = (path: string) => fields.find((field) => field.path === path);
  expect(find('temp')).toMatchObject({
    value: { text: '"warm"', type: 'text' },
    types: [
      { type: 'number', count: 10 },
      { type: 'text', count: 1 },
    ],
    present: 11,
    min: 0,
    max: 9,
    flip: { sequence: odd, from: 'number', to: 'text' },
    isNumeric: false,
  });
  expect(find('ok')).toMatchObject({ present: 10, isMissing: true });
  expect(find('err')).toMatchObject({ present: 1, isNew: true, isNumeric: true });
  expect(find('at.zone')).toMatchObject({ present: 11, isNew: false, isMissing: false });
});
