import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeExpansion } from './expansion.ts';
import { findRow } from './find-row.ts';
import { foldCase } from './segments.ts';
import { TopicTree } from './topic-tree.ts';
import { TreeView, type ViewParams } from './tree-view.ts';

const byName: ViewParams = { sort: { by: 'name', descending: false }, filter: '', frozen: false };

function setUp(topics: readonly string[], params: Partial<ViewParams> = {}) {
  const tree = new TopicTree();
  const expansion = new TreeExpansion(tree);
  const view = new TreeView(tree);
  view.follow(expansion);
  for (const [index, topic] of topics.entries()) {
    tree.record(tree.intern(topic), 1000 + index, 1, false, index + 1);
  }
  const show = (change: Partial<ViewParams> = params) => view.update({ ...byName, ...change }, 2000);
  show();
  const find = (text: string, from: string, isNext = false) => {
    const found = view.find(text, { node: tree.find(from) ?? 0, isNext });
    return found === undefined ? undefined : tree.topicOf(found);
  };
  return { tree, expansion, view, show, find };
}

describe('the search for a row', () => {
  it('finds what lies far below, behind what is open only, and goes around the end', () => {
    const topics = Array.from({ length: 5000 }, (_, index) => `plant/m${index}/state`);
    const { tree, expansion, show, find } = setUp([...topics, 'plant/Zebra', 'store/zoo']);
    expect(find('z', 'plant')).toBeUndefined();
    expansion.set(tree.find('plant') ?? 0, true);
    show();
    expect(find('z', 'plant')).toBe('plant/Zebra');
    expect(find('z', 'plant/Zebra')).toBe('plant/Zebra');
    expect(find('ZEB', 'plant/Zebra', true)).toBe('plant/Zebra');
    expect(find('state', 'plant')).toBeUndefined();
    expansion.set(tree.find('plant/m4321') ?? 0, true);
    show();
    expect(find('state', 'plant/m10')).toBe('plant/m4321/state');
    expect(find('m4', 'plant/m4321/state')).toBe('plant/m4322');
    expect(find('p', 'store')).toBe('plant');
  });

  it('begins at the top when the row it should begin at is not shown, and names the empty segment', () => {
    const { tree, expansion, show, find } = setUp(['a//x', 'a/b', 'b']);
    expect(find('b', 'a/b')).toBe('b');
    expansion.set(tree.find('a') ?? 0, true);
    show();
    expect(find('b', 'b', true)).toBe('a/b');
    expect(find('(e', 'b')).toBe('a/');
  });

  it('agrees with a walk over all rows, whatever is open, filtered and sorted', () => {
    const segment = fc.constantFrom('a', 'B', 'ab', 'Ab2', 'ab10', '', 'c', '$x');
    const topic = fc.array(segment, { minLength: 1, maxLength: 4 }).map((path) => path.join('/'));
    fc.assert(
      fc.property(
        fc.uniqueArray(topic, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.record({
          by: fc.constantFrom('name' as const, 'recent' as const, 'count' as const),
          descending: fc.boolean(),
        }),
        fc.constantFrom('', '', 'a', 'ab', '+/ab/#'),
        fc.constantFrom('a', 'AB', 'ab1', 'b', '(em', 'zz'),
        fc.nat(),
        fc.boolean(),
        (topics, opened, sort, filter, text, at, isNext) => {
          const { tree, expansion, view, show } = setUp(topics, { sort, filter });
          for (const pick of opened) {
            expansion.set(1 + (pick % tree.nodes), true);
          }
          show();
          const rows = view.slice(0, view.total).map(({ node }) => node);
          const from = 1 + (at % tree.nodes);
          const place = rows.indexOf(from);
          const start = place < 0 ? 0 : isNext ? place + 1 : place;
          const around = [...rows.slice(start), ...rows.slice(0, start)];
          const nameOf = (node: number) => tree.segments.text(tree.columns.segment[node] ?? 0) || '(empty)';
          const expected = around.find((node) => foldCase(nameOf(node)).startsWith(foldCase(text)));
          expect(view.find(text, { node: from, isNext })).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('puts children in order only on its way, and asks once for each segment', () => {
    const topics = Array.from({ length: 400 }, (_, index) => `n${index}/x/y`);
    const { tree } = setUp([...topics, 'z/v/w']);
    const { firstChild, nextSibling } = tree.columns;
    const ordered: number[] = [];
    const asked: number[] = [];
    const orderOf = (node: number) => {
      ordered.push(node);
      const children: number[] = [];
      for (let child = firstChild[node] ?? 0; child !== 0; child = nextSibling[child] ?? 0) {
        children.unshift(child);
      }
      return {
        length: children.length,
        at: (index: number) => children[index] ?? 0,
        indexOf: (child: number) => children.indexOf(child),
      };
    };
    const view = { tree, isOpen: () => true, isIncluded: () => true, orderOf };
    const wanted = tree.segments.find('w');
    const start = { node: tree.find('n7/x/y') ?? 0, isNext: true };
    const matches = (segment: number) => {
      asked.push(segment);
      return segment === wanted;
    };
    expect(findRow(view, matches, start)).toBe(tree.find('z/v/w'));
    expect([...new Set(ordered)].map((node) => tree.topicOf(node))).toEqual(['n7/x', 'n7', '', 'z', 'z/v']);
    expect(asked).toHaveLength(tree.segments.count);
    ordered.length = 0;
    expect(findRow(view, () => false, start)).toBeUndefined();
    expect(ordered).toEqual([]);
  });
});

describe('the closed siblings of a row', () => {
  it('are those that have something to open, far outside of any window too', () => {
    const topics = Array.from({ length: 3000 }, (_, index) => `a/n${index}${index % 3 === 0 ? '/deep' : ''}`);
    const { tree, expansion, view, show } = setUp([...topics, 'b/n0/deep']);
    expansion.set(tree.find('a') ?? 0, true);
    expansion.set(tree.find('a/n3') ?? 0, true);
    show();
    const closed = view.closedSiblings(tree.find('a/n1') ?? 0);
    expect(closed).toHaveLength(999);
    expansion.openAll(closed);
    show();
    expect(view.total).toBe(2 + 3000 + 1000);
    expect(view.closedSiblings(tree.find('a/n1') ?? 0)).toEqual([]);
    expect(view.isOpen(tree.find('b') ?? 0)).toBe(false);
  });

  it('are only those that a filter leaves', () => {
    const { tree, expansion, view, show } = setUp(['a/one/x', 'a/one/y', 'a/two/x', 'b/z']);
    show({ filter: 'one' });
    expect(view.closedSiblings(tree.find('a/one') ?? 0)).toEqual([tree.find('a/one')]);
    expansion.openAll(view.closedSiblings(tree.find('a/one') ?? 0));
    show({ filter: '' });
    expect(expansion.isExpanded(tree.find('a/one') ?? 0)).toBe(true);
    expect(expansion.isExpanded(tree.find('a/two') ?? 0)).toBe(false);
  });
});
