import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFilter } from '#app/mqtt/topic.ts';
import { TreeExpansion } from './expansion.ts';
import { compareNatural } from './natural-order.ts';
import { foldCase } from './segments.ts';
import { TopicTree } from './topic-tree.ts';
import { TreeView, type ViewParams } from './tree-view.ts';

const segment = fc.constantFrom('a', 'A', 'b', 'ab', 'n1', 'n2', 'n10', '', '$S', 'ς', 'x');
const topic = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));
const filter = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.constantFrom('a', 'n', 'B', 'b/', '/a', 'a/b', 'Σ', '/', 'zzz', '$s', '//', 'n1/n1'),
  fc.constantFrom('#', '+', 'a/#', '+/b', '+/+/#', '$S/#', 'a/+/b', '$share/g/a/#', '+/+/+'),
);
const params = fc.record({
  sort: fc.record({ by: fc.constantFrom('name', 'recent', 'count', 'rate'), descending: fc.boolean() }),
  filter,
  frozen: fc.constant(false),
});
type Step =
  | { readonly do: 'record'; readonly topics: readonly string[]; readonly wait: number }
  | {
      readonly do: 'expand';
      readonly pick: number;
      readonly isExpanded: boolean;
      readonly isRecursive: boolean;
    }
  | { readonly do: 'params'; readonly params: ViewParams };
const record = fc.record({
  do: fc.constant('record'),
  topics: fc.array(topic, { minLength: 1, maxLength: 8 }),
  wait: fc.constantFrom(0, 1, 100, 60_000),
});
const expand = fc.record({
  do: fc.constant('expand'),
  pick: fc.nat(),
  isExpanded: fc.boolean(),
  isRecursive: fc.boolean(),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: record },
    { weight: 3, arbitrary: expand },
    fc.record({ do: fc.constant('params'), params }),
  ) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 15 },
);

/** The same view, said plainly: no counts are kept, everything is worked out from the tree at each look. */
class Naive {
  readonly closedByHand = new Set<number>();
  readonly tree: TopicTree;
  readonly expansion: TreeExpansion;
  params: ViewParams;
  constructor(tree: TopicTree, expansion: TreeExpansion, initial: ViewParams) {
    this.tree = tree;
    this.expansion = expansion;
    this.params = initial;
  }

  childrenOf(node: number): number[] {
    const { columns } = this.tree;
    const all = Array.from({ length: columns.length - 1 }, (_, index) => index + 1);
    return all.filter((each) => columns.parent[each] === node && this.tree.isAttached(each));
  }

  below(node: number): number[] {
    return this.childrenOf(node).flatMap((child) => [child, ...this.below(child)]);
  }

  get kind(): 'none' | 'text' | 'topic' {
    const { filter: text } = this.params;
    return text === ''
      ? 'none'
      : text.split('/').some((level) => level === '+' || level === '#')
        ? 'topic'
        : 'text';
  }

  isCovered(node: number): boolean {
    if (this.kind === 'text') {
      return foldCase(this.tree.topicOf(node)).includes(foldCase(this.params.filter));
    }
    return this.tree.isTopic(node) && matchesFilter(this.params.filter, this.tree.topicOf(node));
  }

  isHit(node: number): boolean {
    if (this.kind === 'topic') {
      return this.isCovered(node);
    }
    const text = foldCase(this.params.filter);
    const path = foldCase(this.tree.topicOf(node));
    const parent = this.tree.columns.parent[node]!;
    const known = parent === 0 ? 0 : this.tree.topicOf(parent).length;
    return path.indexOf(text, Math.max(0, known - text.length + 1)) !== -1;
  }

  isForced(node: number): boolean {
    return this.kind !== 'none' && this.below(node).some((each) => this.isHit(each));
  }

  shownChildren(node: number): number[] {
    const children = this.childrenOf(node);
    return this.kind === 'none'
      ? children
      : children.filter((each) => this.isCovered(each) || this.isForced(each));
  }

  isOpen(node: number): boolean {
    return this.isForced(node) ? !this.closedByHand.has(node) : this.expansion.isExpanded(node);
  }

  expand(node: number, isExpanded: boolean, isRecursive: boolean): void {
    for (const each of isRecursive ? [node, ...this.below(node)] : [node]) {
      if (!isExpanded && each !== 0 && this.isForced(each)) {
        this.closedByHand.add(each);
      } else {
        this.closedByHand.delete(each);
      }
    }
  }

  compare(a: number, b: number, now: number): number {
    const { by, descending } = this.params.sort;
    const { tree } = this;
    const key = (node: number) =>
      ({ name: 0, recent: tree.lastAt(node), count: tree.messages(node), rate: tree.rate(node, now) })[by];
    const name = (node: number) => tree.segments.text(tree.columns.segment[node]!);
    const isSystem = (node: number) => Number(tree.columns.parent[node] === 0 && name(node).startsWith('$'));
    const sign = descending ? -1 : 1;
    const byName = compareNatural(name(a), foldCase(name(a)), name(b), foldCase(name(b)));
    return sign * (key(a) - key(b)) || isSystem(a) - isSystem(b) || (by === 'name' ? sign * byName : byName);
  }

  rows(
    now: number,
    node = 0,
    level = 1,
  ): { node: number; level: number; position: number; siblings: number }[] {
    const children = this.shownChildren(node).sort((a, b) => this.compare(a, b, now));
    return children.flatMap((child, index) => [
      { node: child, level, position: index + 1, siblings: children.length },
      ...(this.isOpen(child) ? this.rows(now, child, level + 1) : []),
    ]);
  }

  get matched(): number | undefined {
    return this.kind === 'none'
      ? undefined
      : this.below(0).filter((node) => this.tree.isTopic(node) && this.isCovered(node)).length;
  }
}

const byName: ViewParams = { sort: { by: 'name', descending: false }, filter: '', frozen: false };

/** Sorting takes no time at all and so is always due. */
const stoppedClock = () => 0;

describe('TreeView', () => {
  it('shows what a naive flattening shows, for any tree, expansion, sort and filter', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.nat(20), (all, someOffset, count) => {
        const tree = new TopicTree();
        const expansion = new TreeExpansion(tree);
        const view = new TreeView(tree, stoppedClock);
        view.follow(expansion);
        const naive = new Naive(tree, expansion, byName);
        let now = 1_700_000_000_000;
        let sequence = 0;
        for (const step of all) {
          if (step.do === 'record') {
            for (const each of step.topics) {
              now += step.wait;
              sequence += 1;
              tree.record(tree.intern(each), now, 10, false, sequence);
            }
            // Known, but without a message: not to be seen.
            tree.intern(`${step.topics[0] ?? ''}/quiet`);
          } else if (step.do === 'expand') {
            const node = step.pick % (tree.nodes + 1);
            if (node !== 0 || step.isRecursive) {
              naive.expand(node, step.isExpanded, step.isRecursive);
              expansion.set(node, step.isExpanded, step.isRecursive);
            }
          } else {
            if (step.params.filter !== naive.params.filter) {
              naive.closedByHand.clear();
            }
            naive.params = step.params;
          }
          view.update(naive.params, now);
          const expected = naive.rows(now);
          expect(view.total).toBe(expected.length);
          expect(view.matched).toBe(naive.matched);
          expect(view.slice(0, expected.length + 5)).toEqual(expected);
          const offset = someOffset % (expected.length + 2);
          expect(view.slice(offset, count)).toEqual(expected.slice(offset, offset + count));
          const place = someOffset % (tree.nodes + 1);
          const row = expected.findIndex((each) => each.node === place);
          expect(view.rowOf(place)).toBe(row === -1 ? undefined : row);
          for (const { node } of expected) {
            expect(view.children(node)).toBe(naive.shownChildren(node).length);
            expect(view.isOpen(node) && view.children(node) > 0).toBe(
              naive.isOpen(node) && naive.shownChildren(node).length > 0,
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('counts the same rows whether it follows step by step or counts anew', () => {
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 60 }), filter, fc.nat(60), (topics, text, split) => {
        const tree = new TopicTree();
        const view = new TreeView(tree);
        topics.slice(0, split).forEach((each, index) => {
          tree.record(tree.intern(each), index, 1, false, index + 1);
        });
        view.update({ ...byName, filter: text }, 0);
        for (const each of topics.slice(split)) {
          tree.record(tree.intern(each), 100, 1, false, 100);
          view.update({ ...byName, filter: text }, 0);
        }
        const fresh = new TreeView(tree);
        fresh.update({ ...byName, filter: text }, 0);
        expect(view.total).toBe(fresh.total);
        expect(view.matched).toBe(fresh.matched);
        expect(view.slice(0, 1000)).toEqual(fresh.slice(0, 1000));
      }),
    );
  });

  it('moves nothing while it is frozen, and puts new siblings at the end', () => {
    fc.assert(
      fc.property(
        fc.array(topic, { minLength: 1, maxLength: 30 }),
        fc.array(fc.array(topic, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('name' as const, 'recent' as const, 'count' as const),
        (before, later, by) => {
          const tree = new TopicTree();
          const expansion = new TreeExpansion(tree);
          const view = new TreeView(tree, stoppedClock);
          view.follow(expansion);
          let now = 0;
          const feed = (topics: readonly string[]) => {
            for (const each of topics) {
              now += 1;
              tree.record(tree.intern(each), now, 1, false, now);
            }
          };
          feed(before);
          expansion.set(0, true, true);
          const live: ViewParams = { sort: { by, descending: true }, filter: '', frozen: false };
          view.update(live, now);
          const childrenOf = (rows: readonly { node: number }[], parent: number) =>
            rows.map(({ node }) => node).filter((node) => tree.columns.parent[node] === parent);
          let shown = view.slice(0, 1000);
          for (const topics of later) {
            feed(topics);
            view.update({ ...live, frozen: true }, now);
            const next = view.slice(0, 1000);
            for (const parent of [0, ...shown.map(({ node }) => node)]) {
              const previous = childrenOf(shown, parent);
              expect(childrenOf(next, parent).slice(0, previous.length)).toEqual(previous);
            }
            expect(next).toHaveLength(view.total);
            shown = next;
          }
          view.update(live, now);
          const naive = new Naive(tree, expansion, live);
          expect(view.slice(0, 1000)).toEqual(naive.rows(now));
        },
      ),
    );
  });

  it('stays exact while sorting is put off, and says so', () => {
    const tree = new TopicTree();
    let time = 0;
    // Each look at the clock takes 10 ms, so that sorting seems to be dear.
    const view = new TreeView(tree, () => {
      time += 10;
      return time;
    });
    const live: ViewParams = { sort: { by: 'count', descending: true }, filter: '', frozen: false };
    tree.record(tree.intern('a'), 1, 1, false, 1);
    view.update(live, 1);
    expect(view.slice(0, 10)).toHaveLength(1);
    for (let index = 0; index < 200; index += 1) {
      tree.record(tree.intern(`n${index}`), 1, 1, false, index + 2);
    }
    tree.record(tree.intern('n7'), 1, 1, false, 300);
    view.update(live, 2);
    expect(view.slice(0, 500)).toHaveLength(201);
    expect(view.isBehind).toBe(true);
    time += 1000;
    view.update(live, 3);
    const rows = view.slice(0, 500);
    expect(view.isBehind).toBe(false);
    expect(tree.topicOf(rows[0]!.node)).toBe('n7');
    expect(tree.topicOf(rows[1]!.node)).toBe('a');
    expect(tree.topicOf(rows[200]!.node)).toBe('n199');
  });

  it('takes deep trees without falling over', { timeout: 30_000 }, () => {
    const tree = new TopicTree();
    const expansion = new TreeExpansion(tree);
    const view = new TreeView(tree);
    view.follow(expansion);
    const deep = Array.from({ length: 30_000 }, (_, index) => (index % 2 === 0 ? 'a' : 'b')).join('/');
    const begin = performance.now();
    tree.record(tree.intern(deep), 1, 1, false, 1);
    expansion.reveal(tree.intern(deep));
    view.update(byName, 1);
    expect(view.total).toBe(30_000);
    expect(view.slice(29_999, 5)).toHaveLength(1);
    for (let index = 0; index < 20; index += 1) {
      tree.record(tree.intern(`${deep}/${index}`), 1, 1, false, index + 2);
    }
    view.update({ ...byName, filter: 'a' }, 1);
    view.update({ ...byName, filter: '19' }, 1);
    expect(view.total).toBe(30_001);
    expect(view.rowOf(tree.intern(`${deep}/19`))).toBe(30_000);
    expansion.set(0, false, true);
    view.update(byName, 1);
    expect(view.total).toBe(1);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
