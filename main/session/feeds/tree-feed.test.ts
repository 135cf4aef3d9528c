import { afterEach, describe, expect, it } from 'vitest';
import { FailureError } from '#app/contract/failure.ts';
import { type TreeWindow, treeParamsSchema } from '#app/contract/feeds/session.ts';
import { MessageLog } from '../log/message-log.ts';
import { TreeExpansion } from '../tree/expansion.ts';
import { TopicTree } from '../tree/topic-tree.ts';
import { Pacer } from './pacer.ts';
import { TimeSlices } from './time-slices.ts';
import { createTreeFeed, createTreeHandlers, type TreeViews } from './tree-feed.ts';

const idle = { isCancelled: false, onCancel: () => ({ dispose: () => {} }) };
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const cleanUp: (() => void)[] = [];

afterEach(() => {
  for (const run of cleanUp.splice(0)) {
    run();
  }
});

function setUp() {
  const tree = new TopicTree();
  const expansion = new TreeExpansion(tree);
  const pacer = new Pacer();
  let now = 1_700_000_000_000;
  let sequence = 0;
  const previews: number[] = [];
  const deps = {
    tree,
    expansion,
    pacer,
    log: new MessageLog({ budget: 1_000_000, newestReceived: () => 0 }),
    slices: new TimeSlices(() => {}),
    views: new Map() as TreeViews,
    preview: (of: number) => {
      previews.push(of);
      return of === 1 ? undefined : { preview: `payload ${of}` };
    },
    looks: {
      version: 0,
      isMuted: (topicId: number) => tree.topicOf(topicId) === 'b',
      colorOf: (topicId: number) => (tree.topicOf(topicId) === 'b' ? ('red' as const) : undefined),
    },
    now: () => now,
  };
  const record = (topic: string, retained = false) => {
    sequence += 1;
    now += 1;
    tree.record(tree.intern(topic), now, 10, retained, sequence);
    pacer.markDirty();
  };
  const open = (params: object = {}) => {
    const windows: TreeWindow[] = [];
    const parse = (value: object) =>
      treeParamsSchema.parse({ offset: 0, count: 50, sort: { by: 'name', descending: false }, ...value });
    const feed = createTreeFeed(deps)(parse(params), (window) => windows.push(window));
    cleanUp.push(() => feed.dispose());
    feed.pull();
    return { feed, windows, move: (value: object) => feed.update(parse(value)) };
  };
  cleanUp.push(() => pacer.dispose());
  const skip = (milliseconds: number) => {
    now += milliseconds;
  };
  return { tree, expansion, handlers: createTreeHandlers(deps), record, open, previews, skip, pacer };
}

const segments = (window: TreeWindow | undefined) => window?.rows.map((row) => row.segment);

describe('tree feed', () => {
  it('sends rows with all that the screen shows of them', () => {
    const { record, open, tree } = setUp();
    record('a/x');
    record('b', true);
    const { windows } = open();
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({ offset: 0, total: 2 });
    expect(windows[0]?.rows[0]).toEqual({
      nodeId: tree.find('a'),
      parentId: 0,
      level: 1,
      segment: 'a',
      segmentLength: 1,
      expanded: false,
      children: 1,
      position: 1,
      siblings: 2,
      preview: '',
      messages: 1,
      topics: 1,
      rate: 0.2,
      lastAt: 1_700_000_000_001,
      retained: false,
    });
    expect(windows[0]?.rows[1]).toMatchObject({
      topicId: tree.find('b'),
      preview: 'payload 2',
      retained: true,
      lastSequence: 2,
      color: 'red',
    });
  });

  it('sends nothing before it is pulled again, then what is new at the next tick', async () => {
    const { record, open } = setUp();
    record('a');
    const { feed, windows } = open();
    record('b');
    await sleep(150);
    expect(windows).toHaveLength(1);
    feed.pull();
    await sleep(150);
    expect(windows).toHaveLength(2);
    expect(segments(windows[1])).toEqual(['a', 'b']);
  });

  it('sends nothing while nothing changes in the window, and rates until they have died', async () => {
    const { record, open, skip, pacer } = setUp();
    record('a');
    record('b');
    const { feed, windows } = open({ count: 1 });
    feed.pull();
    record('b');
    await sleep(150);
    // The row of `b` is outside of the window, and `a` did not change.
    expect(windows).toHaveLength(1);
    skip(2000);
    await sleep(1100);
    expect(windows).toHaveLength(2);
    expect(windows[1]?.rows[0]?.rate).toBeLessThan(windows[0]?.rows[0]?.rate ?? 0);
    skip(60_000);
    feed.pull();
    await sleep(150);
    expect(windows[2]?.rows[0]?.rate).toBe(0);
    feed.pull();
    pacer.markDirty();
    await sleep(1300);
    expect(windows).toHaveLength(3);
  });

  it('answers a click at once', () => {
    const { record, open, handlers, tree } = setUp();
    record('a/b/c');
    record('d');
    const { feed, windows } = open();
    feed.pull();
    handlers['tree.expand']({ nodeId: tree.find('a') ?? 0, expanded: true, recursive: true }, idle);
    expect(segments(windows[1])).toEqual(['a', 'b', 'c', 'd']);
    feed.pull();
    handlers['tree.expand']({ nodeId: tree.find('a') ?? 0, expanded: false, recursive: false }, idle);
    expect(segments(windows[2])).toEqual(['a', 'd']);
  });

  it('opens the way to a topic and finds its row by the anchor', () => {
    const { record, open, handlers, tree } = setUp();
    for (let index = 0; index < 100; index += 1) {
      record(`a/n${index}`);
    }
    record('a/n50/deep');
    const { feed, windows, move } = open({ count: 5 });
    const revealed = handlers['tree.reveal']({ topic: 'a/n50/deep' }, idle) as { nodeId: number };
    expect(revealed.nodeId).toBe(tree.find('a/n50/deep'));
    feed.pull();
    feed.pull();
    move({ count: 5, anchor: { nodeId: revealed.nodeId, rowsBefore: 2 } });
    const window = windows.at(-1);
    expect(window?.offset).toBe(50);
    expect(segments(window)).toEqual(['n49', 'n50', 'deep', 'n51', 'n52']);
    feed.pull();
    move({ count: 2, filter: 'n7', anchor: { nodeId: revealed.nodeId } });
    expect(windows.at(-1)).toMatchObject({ offset: 0, total: 12, matched: 11 });
  });

  it('opens siblings and finds rows outside of the window of the view that is named', () => {
    const { record, open, handlers, tree } = setUp();
    for (let index = 0; index < 300; index += 1) {
      record(`n${index}/deep`);
    }
    const { feed, windows, move } = open({ count: 5, view: 'v' });
    const other = open({ count: 5, view: 'other', filter: 'n29' });
    const nodeId = tree.find('n0') ?? 0;
    feed.pull();
    handlers['tree.expandSiblings']({ view: 'v', nodeId }, idle);
    expect(windows.at(-1)?.total).toBe(600);
    feed.pull();
    const find = (view: string, text: string) =>
      handlers['tree.find']({ view, nodeId, text, isNext: true }, idle) as { nodeId?: number };
    expect(find('v', 'N299')).toEqual({ nodeId: tree.find('n299') });
    expect(find('v', 'nothing')).toEqual({});
    // What another view filters out is not found there, although it is open.
    expect(find('other', 'n3')).toEqual({});
    move({ count: 5, view: 'v', sort: { by: 'name', descending: true } });
    expect(find('v', 'n')).toEqual({ nodeId: tree.find('n299') });
    other.feed.dispose();
    expect(() => find('other', 'n')).toThrow(FailureError);
    expect(() => handlers['tree.find']({ view: 'v', nodeId: 9999, text: 'n', isNext: true }, idle)).toThrow(
      FailureError,
    );
  });

  it('keeps the name of a view that was opened anew before the old one is gone', () => {
    const { record, open, handlers, tree } = setUp();
    record('a');
    const first = open({ view: 'v' });
    open({ view: 'v' });
    first.feed.dispose();
    const nodeId = tree.find('a') ?? 0;
    expect(handlers['tree.find']({ view: 'v', nodeId, text: 'A', isNext: false }, idle)).toEqual({ nodeId });
  });

  it('filters, counts matches, and says why a filter cannot be used', () => {
    const { record, open } = setUp();
    record('house/kitchen/light');
    record('house/cellar/light');
    record('$SYS/uptime');
    const { feed, windows, move } = open({ filter: 'KITCH' });
    expect(segments(windows[0])).toEqual(['house', 'kitchen']);
    expect(windows[0]?.matched).toBe(1);
    feed.pull();
    move({ filter: 'house/+/light' });
    expect(segments(windows[1])).toEqual(['house', 'cellar', 'light', 'kitchen', 'light']);
    expect(windows[1]?.matched).toBe(2);
    feed.pull();
    move({ filter: '#/light' });
    expect(windows[2]?.filterProblem).toMatch(/#/);
    expect(windows[2]?.matched).toBeUndefined();
    expect(segments(windows[2])).toEqual(['house', '$SYS']);
  });

  it('cuts long segments and asks for each preview once', async () => {
    const { record, open, previews } = setUp();
    record('first');
    record(`${'x'.repeat(255)}😀${'y'.repeat(1000)}`);
    const { feed, windows } = open();
    expect(windows[0]?.rows[1]).toMatchObject({ segment: 'x'.repeat(255), segmentLength: 1257 });
    feed.pull();
    record('other');
    await sleep(150);
    expect(windows[1]?.total).toBe(3);
    expect(previews.filter((sequence) => sequence === 2)).toHaveLength(1);
  });

  it('tells the whole path of a node, and refuses what is not there', () => {
    const { record, handlers, tree } = setUp();
    record('a//b/');
    const nodeId = tree.find('a//b/') ?? 0;
    expect(handlers['tree.path']({ nodeId }, idle)).toEqual({ path: 'a//b/' });
    expect(() => handlers['tree.path']({ nodeId: 99 }, idle)).toThrow(FailureError);
    expect(() => handlers['tree.expand']({ nodeId: 99, expanded: true, recursive: false }, idle)).toThrow(
      FailureError,
    );
    expect(() => handlers['tree.reveal']({ topic: 'nowhere' }, idle)).toThrow(FailureError);
    tree.intern('only/known');
    expect(() => handlers['tree.reveal']({ topic: 'only/known' }, idle)).toThrow(FailureError);
  });

  it('completes topics: those that begin with the text first, then those that hold it', () => {
    const { record, handlers } = setUp();
    for (const topic of ['Plant/line10', 'plant/line2', 'plant', 'other/plant/x', 'plant/line2/Temp', 'x']) {
      record(topic);
    }
    const complete = (prefix: string, limit = 20) => handlers['topics.complete']({ prefix, limit }, idle);
    expect(complete('pl')).toEqual({
      topics: ['plant', 'plant/line2', 'Plant/line10', 'plant/line2/Temp', 'other/plant/x'],
    });
    expect(complete('plant/L')).toEqual({ topics: ['plant/line2', 'plant/line2/Temp'] });
    expect(complete('temp')).toEqual({ topics: ['plant/line2/Temp'] });
    expect(complete('', 2)).toEqual({ topics: ['plant', 'x'] });
    expect(complete('nowhere/x')).toEqual({ topics: [] });
  });
});
