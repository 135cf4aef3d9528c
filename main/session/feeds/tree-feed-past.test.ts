import { afterEach, describe, expect, it, vi } from 'vitest';
import { type TreeWindow, treeParamsSchema } from '#app/contract/feeds/session.ts';
import type { Moment } from '#app/contract/operations/timeline.ts';
import { PastHarness } from '../timeline/past.fixture.ts';
import { TreeExpansion } from '../tree/expansion.ts';
import { Pacer } from './pacer.ts';
import { TimeSlices } from './time-slices.ts';
import { createTreeFeed, createTreeHandlers, type TreeViews } from './tree-feed.ts';

const idle = { isCancelled: false, onCancel: () => ({ dispose: () => {} }) };
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const run of cleanUp.splice(0)) {
    run();
  }
});

function setUp(harness = new PastHarness()) {
  const { tree, log } = harness;
  const expansion = new TreeExpansion(tree);
  const pacer = new Pacer();
  const slices = new TimeSlices((error) => {
    throw error;
  });
  const deps = {
    tree,
    log,
    expansion,
    pacer,
    slices,
    views: new Map() as TreeViews,
    preview: (sequence: number) => {
      const payload = log.payload(sequence);
      return payload === undefined ? undefined : { preview: Buffer.from(payload).toString().trim() };
    },
    looks: { version: 0, colorOf: () => undefined, isMuted: () => false },
    now: () => harness.now,
  };
  const parse = (value: object) =>
    treeParamsSchema.parse({ offset: 0, count: 50, sort: { by: 'name', descending: false }, ...value });
  const windows: TreeWindow[] = [];
  const feed = createTreeFeed(deps)(parse({ view: 'v' }), (window) => windows.push(window));
  /** Moves the window, and waits until it is there: on a busy machine that may take more than one. */
  const move = async (value: { asOf?: Moment; sort?: object; filter?: string }) => {
    const before = windows.length;
    feed.pull();
    feed.update(parse({ view: 'v', ...value }));
    await vi.waitFor(
      () => {
        feed.pull();
        expect(windows.length).toBeGreaterThan(before);
        expect(windows.at(-1)?.asOf?.progress).toBe(value.asOf === undefined ? undefined : 1);
      },
      { timeout: 20_000, interval: 5 },
    );
    return windows.at(-1);
  };
  cleanUp.push(() => {
    feed.dispose();
    pacer.dispose();
    slices.dispose();
  });
  feed.pull();
  return { harness, tree, log, feed, windows, move, parse, pacer, handlers: createTreeHandlers(deps) };
}

const shown = (window: TreeWindow | undefined) =>
  window?.rows.map(({ segment, preview, messages, notKept }) =>
    notKept === true ? [segment, 'not kept', messages] : [segment, preview, messages],
  );

describe('tree feed as of a moment', () => {
  it('shows topics, values and counts as they were, and returns to what they are', async () => {
    const { harness, move } = setUp();
    harness.receive('b');
    harness.receive('a');
    const at = harness.now;
    harness.receive('b');
    harness.receive('c');
    expect(shown(await move({}))).toEqual([
      ['a', '2', 1],
      ['b', '3', 2],
      ['c', '4', 1],
    ]);
    const past = await move({ asOf: { at, sequence: 2 } });
    expect(shown(past)).toEqual([
      ['a', '2', 1],
      ['b', '1', 1],
    ]);
    expect(past).toMatchObject({ total: 2, asOf: { at, sequence: 2, progress: 1 } });
    expect(past?.rows[1]).toMatchObject({ lastSequence: 1, lastAt: at - 1, topics: 1, siblings: 2 });
    expect(shown(await move({ asOf: { at, sequence: 0 } }))).toEqual([]);
    expect(
      shown(await move({ asOf: { at, sequence: 2 }, sort: { by: 'recent', descending: true } })),
    ).toEqual([
      ['a', '2', 1],
      ['b', '1', 1],
    ]);
    expect(shown(await move({ asOf: { at, sequence: 3 }, filter: 'b' }))).toEqual([['b', '3', 2]]);
    const live = await move({});
    expect(live?.asOf).toBeUndefined();
    expect(live?.total).toBe(3);
  });

  it('stays as it is while messages come, and opens nodes when asked', async () => {
    const { harness, tree, move, windows, feed, pacer, handlers } = setUp();
    harness.receive('a/b');
    const at = harness.now;
    await move({ asOf: { at, sequence: 1 } });
    const before = windows.length;
    feed.pull();
    harness.receive('a/b');
    harness.receive('a/c/d');
    pacer.markDirty();
    await vi.waitFor(() => expect(pacer.isDirty).toBe(false), { timeout: 20_000 });
    expect(windows).toHaveLength(before);
    const nodeId = tree.find('a') ?? 0;
    handlers['tree.expand']({ nodeId, expanded: true, recursive: false }, idle);
    expect(shown(windows.at(-1))).toEqual([
      ['a', '', 1],
      ['b', '1', 1],
    ]);
    // What came later can be opened as well; it shows where it is.
    feed.pull();
    handlers['tree.expand']({ nodeId: 0, expanded: true, recursive: true }, idle);
    expect(shown(windows.at(-1))).toHaveLength(2);
    expect(shown(await move({}))?.map(([segment]) => segment)).toEqual(['a', 'b', 'c', 'd']);
    const found = handlers['tree.find']({ view: 'v', nodeId, text: 'd', isNext: true }, idle);
    expect(found).toEqual({ nodeId: tree.find('a/c/d') });
    await move({ asOf: { at, sequence: 1 } });
    expect(handlers['tree.find']({ view: 'v', nodeId, text: 'd', isNext: true }, idle)).toEqual({});
  });

  it('says of values that are not kept that they are not', async () => {
    const { harness, move } = setUp();
    harness.receive('gone', 50_000);
    for (let index = 0; index < 40; index += 1) {
      harness.receive('busy', 50_000);
    }
    harness.receive('gone');
    const { firstSequence } = harness.log;
    const rows = shown(await move({ asOf: { at: harness.now, sequence: firstSequence } }));
    expect(rows?.[0]?.[0]).toBe('busy');
    expect(rows?.[1]).toEqual(['gone', 'not kept', 1]);
    // A moment before what is kept is answered with the first that is.
    expect((await move({ asOf: { at: 1, sequence: 1 } }))?.asOf?.sequence).toBe(firstSequence - 1);
  });

  it('reaches a moment far back in slices, and the newest one that was asked for', async () => {
    const harness = new PastHarness(256 * 1024 * 1024);
    for (let index = 0; index < 200_000; index += 1) {
      harness.receive(`t/${index % 5000}`);
    }
    const { move, feed, handlers, parse } = setUp(harness);
    for (let sequence = 199_000; sequence > 1000; sequence -= 9000) {
      feed.update(parse({ asOf: { at: harness.now, sequence } }));
    }
    const window = await move({ asOf: { at: harness.now, sequence: 7 } });
    expect(window?.asOf?.sequence).toBe(7);
    expect(shown(window)).toEqual([['t', '', 7]]);
    // Whoever asks for a row on the way waits for it.
    feed.pull();
    feed.update(parse({ view: 'v', asOf: { at: harness.now, sequence: 150_000 } }));
    const nodeId = harness.tree.find('t') ?? 0;
    expect(handlers['tree.find']({ view: 'v', nodeId, text: 't', isNext: false }, idle)).toEqual({ nodeId });
  });
});
