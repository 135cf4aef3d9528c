import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeExpansion } from '../tree/expansion.ts';
import { TreeView } from '../tree/tree-view.ts';
import { PastHarness } from './past.fixture.ts';
import { PastTree } from './past-tree.ts';

const topics = ['a', 'a/b', 'a/b/c', 'a/x', 'b//c', 'b/', '/', 'd/e/f/g', '$SYS/up', 'new'] as const;

type Action =
  | {
      readonly kind: 'receive';
      readonly topic: number;
      readonly bytes: number;
      readonly retained: boolean;
      readonly after: number;
    }
  | { readonly kind: 'publish'; readonly topic: number }
  | { readonly kind: 'gap' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'seek'; readonly share: number }
  | { readonly kind: 'advance'; readonly steps: number };

const topic = fc.nat(topics.length - 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      topic,
      bytes: fc.oneof(fc.constant(10), fc.integer({ min: 10, max: 20_000 })),
      retained: fc.boolean(),
      after: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000 })),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('publish' as const), topic }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'gap' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('seek' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('advance' as const), steps: fc.nat(4) }) },
);

/** The rows of a tree with everything open, as a view places them. */
function rowsOf(view: TreeView, now: number) {
  view.update({ sort: { by: 'name', descending: false }, filter: '', frozen: false }, now);
  return view.slice(0, 1000);
}

/** Holds a tree of the past against one into which only what had come by then was entered. */
function expectAsModel(harness: PastHarness, past: PastTree, at: number): void {
  const { log, tree } = harness;
  const model = harness.modelAt(past.sequence);
  for (let node = 0; node < past.columns.length; node += 1) {
    const where = `node ${node} (${tree.topicOf(node)}) as of ${past.sequence}`;
    expect(past.messages(node), where).toBe(model.messages(node));
    expect(past.topicsBelow(node), where).toBe(model.topicsBelow(node));
    expect(past.isTopic(node), where).toBe(model.isTopic(node));
    expect(past.columns.childCount[node], where).toBe(model.columns.childCount[node]);
    expect(past.rate(node), where).toBeCloseTo(keptRate(harness, past.sequence, node, at), 1);
    const newest = model.lastSequence(node);
    const found = past.lastSequence(node);
    // A value is right or said to be gone, and gone only if it is.
    if (newest !== 0 && log.find(newest) !== undefined) {
      expect(found, where).toBe(newest);
      expect(past.isRetained(node), where).toBe(model.isRetained(node));
    } else {
      expect([0, newest], where).toContain(found);
    }
    expect(past.lastAt(node), where).toBeLessThanOrEqual(model.lastAt(node));
    if (newest !== 0 && log.find(newest) !== undefined && model.columns.firstChild[node] === 0) {
      expect(past.lastAt(node), where).toBe(model.lastAt(node));
    }
  }
  new TreeExpansion(tree).set(0, true, true);
  past.takeExpanded(0, true);
  new TreeExpansion(model).set(0, true, true);
  expect(rowsOf(new TreeView(past), at)).toEqual(rowsOf(new TreeView(model), at));
}

/** The rate that the kept messages at or below a node make. */
function keptRate({ entered, log, tree }: PastHarness, sequence: number, node: number, at: number): number {
  const path = tree.topicOf(node);
  let rate = 0;
  for (let index = log.firstSequence - 1; index < sequence; index += 1) {
    const row = entered[index];
    const isBelow = node === 0 || row?.topic === path || row?.topic.startsWith(`${path}/`) === true;
    if (row?.kind === 0 && isBelow && at - row.at <= 30_000) {
      rate += 0.2 * Math.exp(-(at - row.at) / 5000);
    }
  }
  return rate;
}

describe('the tree as it was', () => {
  it('equals a tree into which only what had come was entered, whatever comes and goes meanwhile', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
        const harness = new PastHarness();
        harness.receive('a/b');
        let past: PastTree | undefined;
        let at = 0;
        for (const step of actions) {
          switch (step.kind) {
            case 'receive':
              harness.receive(topics[step.topic] ?? '', step.bytes, step.retained, step.after);
              break;
            case 'publish':
              harness.publish(topics[step.topic] ?? '');
              break;
            case 'gap':
              harness.gap('Connection lost: test');
              break;
            case 'clear':
              harness.log.clear();
              break;
            case 'seek': {
              past ??= new PastTree(harness.tree, harness.log, 7);
              const sequence = Math.round(step.share * harness.log.newestSequence);
              at = harness.entered[sequence - 1]?.at ?? 0;
              past.seek({ at, sequence });
              break;
            }
            case 'advance':
              for (let count = 0; count < step.steps; count += 1) {
                past?.advance(0);
              }
              break;
          }
        }
        if (past !== undefined) {
          const { firstSequence } = harness.log;
          past.advance(Number.POSITIVE_INFINITY);
          expect(past.isReady).toBe(true);
          // What it shows of a moment whose rows went later is not held against the rows that are kept.
          if (past.sequence >= firstSequence - 1) {
            expectAsModel(harness, past, at);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('walks from moment to moment, and shows each as it was', () => {
    const harness = new PastHarness();
    const one = harness.receive('t/one');
    const two = harness.receive('t/two');
    harness.receive('t/one');
    const past = new PastTree(harness.tree, harness.log);
    const topic = harness.tree.find('t/one') ?? 0;
    const other = harness.tree.find('t/two') ?? 0;
    const seen = [two, one, 0, 3, one].map((sequence) => {
      past.seek({ at: harness.now, sequence });
      past.advance(Number.POSITIVE_INFINITY);
      return [past.lastSequence(topic), past.messages(topic), past.isTopic(other), past.messages(0)];
    });
    expect(seen).toEqual([
      [1, 1, true, 2],
      [1, 1, false, 1],
      [0, 0, false, 0],
      [3, 2, true, 3],
      [1, 1, false, 1],
    ]);
  });

  it('counts what is not kept any more, and does not make up its value', () => {
    const harness = new PastHarness();
    harness.receive('gone', 50_000);
    harness.receive('quiet', 10);
    for (let index = 0; index < 40; index += 1) {
      harness.receive('busy', 50_000);
    }
    const { firstSequence } = harness.log;
    expect(firstSequence).toBeGreaterThan(2);
    harness.receive('gone');
    const past = new PastTree(harness.tree, harness.log);
    past.seek({ at: harness.now, sequence: firstSequence });
    past.advance(Number.POSITIVE_INFINITY);
    const gone = harness.tree.find('gone') ?? 0;
    const quiet = harness.tree.find('quiet') ?? 0;
    expect([past.messages(gone), past.lastSequence(gone), past.lastAt(gone)]).toEqual([1, 0, 0]);
    // The newest of a topic outlives the stream, and is known.
    expect([past.messages(quiet), past.lastSequence(quiet)]).toEqual([1, 2]);
    expect(past.messages(0)).toBe(firstSequence);
  });

  it('says how far it is, and goes where it was sent last', () => {
    const harness = new PastHarness(64 * 1024 * 1024);
    for (let index = 0; index < 30_000; index += 1) {
      harness.receive(`t/${index % 100}`);
    }
    const past = new PastTree(harness.tree, harness.log);
    past.seek({ at: harness.now, sequence: 10 });
    expect(past.advance(0)).toBe(true);
    expect(past.progress).toBeGreaterThan(0);
    expect(past.progress).toBeLessThan(1);
    expect(past.isReady).toBe(false);
    past.seek({ at: harness.now, sequence: 29_000 });
    past.advance(Number.POSITIVE_INFINITY);
    expect([past.isReady, past.progress, past.messages(0)]).toEqual([true, 1, 29_000]);
  });
});
