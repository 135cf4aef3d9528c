import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TimelineWindow } from '#app/contract/feeds/timeline.ts';
import { Pacer } from '../feeds/pacer.ts';
import { TimeSlices } from '../feeds/time-slices.ts';
import { GapMarks } from './gap-marks.ts';
import { PastHarness } from './past.fixture.ts';
import { createTimelineFeed } from './timeline-feed.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const run of cleanUp.splice(0)) {
    run();
  }
});

function setUp(harness = new PastHarness()) {
  const pacer = new Pacer();
  const slices = new TimeSlices((error) => {
    throw error;
  });
  const since = harness.now;
  const source = createTimelineFeed({ log: harness.log, pacer, slices, now: () => harness.now, since });
  const open = (columns: number) => {
    const windows: TimelineWindow[] = [];
    const feed = source({ columns }, (window) => windows.push(window));
    cleanUp.push(() => feed.dispose());
    feed.pull();
    return { feed, windows };
  };
  cleanUp.push(() => {
    pacer.dispose();
    slices.dispose();
  });
  return { harness, pacer, open, since };
}

describe('timeline feed', () => {
  it('counts messages over the kept time and marks where the connection was away', () => {
    const { harness, open } = setUp();
    harness.receive('a', 10, false, 1000);
    const from = harness.now;
    harness.receive('a', 10, false, 100);
    harness.gap('Connection lost: the broker closed it', 900);
    harness.gap('No connection for 3 s: the broker closed it', 3000);
    harness.receive('a', 10, false, 4000);
    const [window] = open(4).windows;
    expect(window).toMatchObject({ from, to: from + 8000, counts: [3, 1, 0, 1], first: 1, newest: 5 });
    expect(window?.marks.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['lost', 3],
      ['back', 4],
    ]);
    expect(window?.marks[0]?.text).toBe('Connection lost: the broker closed it');
    expect(window).toMatchObject({ evicted: 0, cleared: 0, omittedMarks: 0 });
  });

  it('tells what is gone, and begins with what is kept', () => {
    const { harness, open, since } = setUp();
    for (let index = 0; index < 100; index += 1) {
      harness.receive('t', 20_000, false, 10);
    }
    const { log, entered } = harness;
    expect(log.firstSequence).toBeGreaterThan(10);
    const [window] = open(10).windows;
    expect(window?.evicted).toBe(log.firstSequence - 1);
    // A second is shown at least.
    expect(window?.from).toBe(Math.min(entered[log.firstSequence - 1]?.at ?? 0, harness.now - 1000));
    expect(window?.since).toBe(since);
    log.clear();
    expect(open(10).windows[0]).toMatchObject({ from: since, counts: Array(10).fill(0) });
  });

  it('goes on with the present although nothing comes', async () => {
    const { harness, open } = setUp();
    const { feed, windows } = open(2);
    feed.pull();
    harness.now += 5000;
    await vi.waitFor(() => expect(windows.length).toBeGreaterThan(1), { timeout: 20_000 });
    expect(windows[1]?.to).toBe(harness.now);
  });
});

describe('gap marks', () => {
  it('finds the gaps of a long log bit by bit, keeps the newest, and forgets those that went', () => {
    const harness = new PastHarness(64 * 1024 * 1024);
    for (let index = 0; index < 300; index += 1) {
      harness.gap(`Connection lost: ${index}`);
      for (let message = 0; message < 100; message += 1) {
        harness.receive('t');
      }
    }
    const gaps = new GapMarks(harness.log);
    let turns = 1;
    while (gaps.advance(0)) {
      turns += 1;
    }
    expect(turns).toBeGreaterThan(1);
    expect(gaps.marks).toHaveLength(200);
    expect(gaps.marks.at(-1)?.text).toBe('Connection lost: 299');
    expect(gaps.omitted).toBe(100);
    harness.log.clear();
    harness.gap('No connection for 1 s: x');
    gaps.advance(Number.POSITIVE_INFINITY);
    expect(gaps.marks.map(({ kind }) => kind)).toEqual(['back']);
    expect(gaps.omitted).toBe(0);
  });
});
