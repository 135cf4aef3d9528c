import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TimelineWindow } from '#app/contract/feeds/timeline.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { Pacer } from '../feeds/pacer.ts';
import { ConnectionMarks } from './connection-marks.ts';
import { PastHarness } from './past.fixture.ts';
import { createTimelineFeed } from './timeline-feed.ts';

const connected: ConnectionState = {
  kind: 'connected',
  since: 0,
  endpoint: { protocol: 'mqtt', host: 'localhost', port: 1883 },
  mqttVersion: '5.0',
  clientId: 'c',
  connack: { sessionPresent: false, userProperties: [] },
  steps: [],
};
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const run of cleanUp.splice(0)) {
    run();
  }
});

function setUp(harness = new PastHarness()) {
  const pacer = new Pacer();
  const connections = new ConnectionMarks();
  const since = harness.now;
  const source = createTimelineFeed({
    log: harness.log,
    pacer,
    connections,
    ingest: { now: () => harness.now },
  });
  const open = (columns: number, view?: { from: number; to: number }) => {
    const windows: TimelineWindow[] = [];
    const feed = source({ columns, view }, (window) => windows.push(window));
    cleanUp.push(() => feed.dispose());
    feed.pull();
    return { feed, windows };
  };
  cleanUp.push(() => {
    pacer.dispose();
  });
  return { harness, connections, open, since };
}

describe('timeline feed', () => {
  it('counts messages over the kept time and marks where the connection was away', () => {
    const { harness, connections, open } = setUp();
    connections.note(connected, harness.now);
    harness.receive('a', 10, false, 1000);
    const from = harness.now;
    harness.receive('a', 10, false, 100);
    harness.gap('Connection lost: the broker closed it', 900);
    connections.note({ kind: 'offline' }, harness.now);
    harness.gap('No connection for 3 s: the broker closed it', 3000);
    connections.note(connected, harness.now);
    harness.receive('a', 10, false, 4000);
    const [window] = open(4).windows;
    expect(window).toMatchObject({ from, to: from + 8000, counts: [3, 1, 0, 1], first: 1, newest: 5 });
    // The first one lies before what is kept.
    expect(window?.marks).toEqual([
      { at: from + 1000, kind: 'disconnected', text: 'Disconnected' },
      { at: from + 4000, kind: 'connected', text: 'Connected' },
    ]);
    expect(window).toMatchObject({ evicted: 0, cleared: 0, oldest: from, present: from + 8000 });
    // A part of it, without what lies outside.
    const part = { from: from + 50, to: from + 1050 };
    expect(open(2, part).windows[0]).toMatchObject({ ...part, oldest: from, counts: [1, 1] });
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

describe('connection marks', () => {
  const failure = { code: 'x', message: 'the broker closed it', hint: '' };

  it('tell when the connection came and went, and by whom it was ended', () => {
    const connections = new ConnectionMarks();
    const states: ConnectionState[] = [
      { kind: 'offline' },
      connected,
      connected,
      { kind: 'waiting', failure, attempt: 1, retryAt: 5, steps: [] },
      { kind: 'failed', failure, steps: [] },
      connected,
      { kind: 'disconnecting' },
      { kind: 'offline' },
    ];
    states.forEach((state, at) => {
      connections.note(state, at);
    });
    expect(connections.marks).toEqual([
      { at: 1, kind: 'connected', text: 'Connected' },
      { at: 3, kind: 'lost', text: 'Connection lost: the broker closed it' },
      { at: 5, kind: 'connected', text: 'Connected' },
      { at: 6, kind: 'disconnected', text: 'Disconnected' },
    ]);
  });

  it('are the newest two hundred', () => {
    const connections = new ConnectionMarks();
    for (let at = 0; at < 300; at += 1) {
      connections.note(at % 2 === 0 ? connected : { kind: 'offline' }, at);
    }
    expect(connections.marks).toHaveLength(200);
    expect(connections.marks.at(-1)?.at).toBe(299);
  });
});
