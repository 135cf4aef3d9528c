import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import { CursorMachine, type CursorOptions, type TreeCursor } from './cursor-machine.ts';
import { treeRow } from './tree-row.fixture.ts';

const roots = [
  treeRow({ nodeId: 1, segment: 'alpha', children: 2 }),
  treeRow({ nodeId: 2, segment: 'beta', children: 1 }),
  treeRow({ nodeId: 3, segment: 'gamma' }),
];
const below = [
  treeRow({ nodeId: 11, parentId: 1, level: 2, segment: 'one' }),
  treeRow({ nodeId: 12, parentId: 1, level: 2, segment: 'two' }),
];
const [alpha = treeRow({}), beta = treeRow({}), gamma = treeRow({})] = roots;
const closed = windowOf(roots);
const open = windowOf([{ ...alpha, expanded: true }, ...below, beta, gamma]);

function windowOf(rows: readonly TreeRow[], offset = 0, total = offset + rows.length): TreeWindow {
  return { offset, total, rows };
}

class Tree {
  readonly options: { current: CursorOptions };
  readonly machine: CursorMachine;
  cursor: TreeCursor | undefined;
  readonly chosen: string[] = [];
  readonly expanded: [number, boolean, boolean][] = [];
  readonly revealed: number[] = [];
  readonly sought: number[] = [];
  readonly siblings: number[] = [];
  readonly searches: [number, string, boolean][] = [];
  answer: (nodeId: number | undefined) => void = () => {};

  constructor(window: TreeWindow) {
    this.options = {
      current: {
        window,
        scroller: { rowsPerPage: 2, reveal: (index) => this.revealed.push(index) },
        seek: (nodeId) => this.sought.push(nodeId),
        onChoose: (row, isMeant) => this.chosen.push(isMeant ? `${row.segment}!` : row.segment),
        onExpand: (row, isExpanded, isRecursive) => this.expanded.push([row.nodeId, isExpanded, isRecursive]),
        onExpandSiblings: (row) => this.siblings.push(row.nodeId),
        onFind: (nodeId, wanted) => {
          this.searches.push([nodeId, wanted.text, wanted.isNext]);
          return new Promise((resolve) => {
            this.answer = resolve;
          });
        },
        onCopy: () => {},
        onMenu: () => {},
      },
    };
    this.machine = new CursorMachine(this.options);
    this.machine.onMoved = (cursor) => {
      this.cursor = cursor;
    };
  }

  show(window: TreeWindow): void {
    this.options.current = { ...this.options.current, window };
    this.machine.onWindow(window);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('moving', () => {
  test('goes from row to row and stops at the ends', () => {
    const tree = new Tree(closed);
    tree.machine.press({ kind: 'move', to: 'first' });
    tree.machine.press({ kind: 'move', to: 'previous' });
    expect(tree.cursor).toEqual({ index: 0, nodeId: 1 });
    tree.machine.press({ kind: 'move', to: 'page-down' });
    tree.machine.press({ kind: 'move', to: 'page-down' });
    expect(tree.cursor).toEqual({ index: 2, nodeId: 3 });
    expect(tree.chosen).toEqual(['alpha', 'alpha', 'gamma', 'gamma']);
  });

  test('chooses a row that was not known as soon as it is', () => {
    const tree = new Tree(windowOf(roots, 0, 500));
    tree.machine.press({ kind: 'move', to: 'last' });
    expect(tree.cursor).toEqual({ index: 499, nodeId: undefined });
    expect(tree.chosen).toEqual([]);
    tree.show(windowOf([treeRow({ nodeId: 77, segment: 'omega' })], 499));
    expect(tree.cursor).toEqual({ index: 499, nodeId: 77 });
    expect(tree.chosen).toEqual(['omega']);
  });

  test('stays with its node when rows come above it', () => {
    const tree = new Tree(closed);
    tree.machine.place({ index: 1, nodeId: 2 });
    tree.show(windowOf([treeRow({ nodeId: 9 }), ...roots]));
    expect(tree.cursor).toEqual({ index: 2, nodeId: 2 });
  });
});

describe('opening and closing', () => {
  test('keys that are typed while a node opens wait for its children', () => {
    const tree = new Tree(closed);
    tree.machine.place({ index: 0, nodeId: 1 });
    tree.machine.press({ kind: 'right' });
    tree.machine.press({ kind: 'right' });
    tree.machine.press({ kind: 'move', to: 'next' });
    expect(tree.expanded).toEqual([[1, true, false]]);
    expect(tree.cursor?.nodeId).toBe(1);
    tree.show(closed);
    expect(tree.cursor?.nodeId).toBe(1);
    tree.show(open);
    expect(tree.cursor).toEqual({ index: 2, nodeId: 12 });
    expect(tree.expanded).toHaveLength(1);
  });

  test('a tree that does not answer holds keys up for half a second only', () => {
    const tree = new Tree(closed);
    tree.machine.place({ index: 0, nodeId: 1 });
    tree.machine.press({ kind: 'right' });
    tree.machine.press({ kind: 'move', to: 'next' });
    vi.advanceTimersByTime(499);
    expect(tree.cursor?.nodeId).toBe(1);
    vi.advanceTimersByTime(1);
    expect(tree.cursor?.nodeId).toBe(2);
  });

  test('left closes, then goes to the parent', () => {
    const tree = new Tree(open);
    tree.machine.place({ index: 2, nodeId: 12 });
    tree.machine.press({ kind: 'left' });
    expect(tree.cursor?.nodeId).toBe(1);
    tree.machine.press({ kind: 'left' });
    expect(tree.expanded).toEqual([[1, false, false]]);
  });

  test('a parent that is not among the known rows is sought', () => {
    const child = treeRow({ nodeId: 500, parentId: 1, level: 2 });
    const tree = new Tree(windowOf([child], 400));
    tree.machine.place({ index: 400, nodeId: 500 });
    tree.machine.press({ kind: 'left' });
    expect(tree.sought).toEqual([1]);
    tree.show(open);
    expect(tree.cursor).toEqual({ index: 0, nodeId: 1 });
    expect(tree.revealed.at(-1)).toBe(0);
    expect(tree.chosen).toEqual(['alpha']);
  });

  test('siblings and everything below', () => {
    const tree = new Tree(open);
    tree.machine.place({ index: 3, nodeId: 2 });
    tree.machine.press({ kind: 'expand-siblings' });
    tree.machine.press({ kind: 'below', expanded: false });
    // What is pressed next waits until the row itself is open.
    expect(tree.siblings).toEqual([2]);
    expect(tree.expanded).toEqual([]);
    tree.show(windowOf([alpha, { ...beta, expanded: true }, gamma]));
    expect(tree.expanded).toEqual([[2, false, true]]);
  });
});

describe('typing', () => {
  const type = (tree: Tree, text: string) => {
    for (const character of text) {
      tree.machine.press({ kind: 'type', character });
    }
  };

  test('finds among the known rows at once, and asks the tree for the others', async () => {
    const tree = new Tree(windowOf(roots, 0, 5000));
    tree.machine.place({ index: 0, nodeId: 1 });
    type(tree, 'g');
    expect(tree.cursor?.nodeId).toBe(3);
    expect(tree.searches).toEqual([]);
    vi.advanceTimersByTime(1000);
    type(tree, 'zeb');
    expect(tree.searches).toEqual([[3, 'z', true]]);
    tree.answer(4000);
    await Promise.resolve();
    // The row is not known yet; the next characters are sought from there all the same.
    expect(tree.sought).toEqual([4000]);
    expect(tree.searches.at(-1)).toEqual([4000, 'ze', false]);
    tree.answer(4000);
    await Promise.resolve();
    expect(tree.searches.at(-1)).toEqual([4000, 'zeb', false]);
    tree.answer(4001);
    await Promise.resolve();
    tree.show(windowOf([treeRow({ nodeId: 4001, segment: 'zebra' })], 3900, 5000));
    expect(tree.cursor).toEqual({ index: 3900, nodeId: 4001 });
    expect(tree.chosen.at(-1)).toBe('zebra');
  });

  test('takes characters for one word by when they were pressed, however long the tree took to answer', async () => {
    const tree = new Tree(windowOf(roots, 0, 5000));
    tree.machine.place({ index: 0, nodeId: 1 });
    const start = performance.now();
    tree.machine.press({ kind: 'type', character: 'z' }, start);
    tree.machine.press({ kind: 'type', character: 'e' }, start + 100);
    vi.advanceTimersByTime(450);
    tree.answer(4000);
    await Promise.resolve();
    expect(tree.searches.at(-1)).toEqual([4000, 'ze', false]);
    vi.advanceTimersByTime(450);
    tree.machine.press({ kind: 'type', character: 'b' }, start + 200);
    tree.answer(4000);
    await Promise.resolve();
    expect(tree.searches.at(-1)).toEqual([4000, 'zeb', false]);
  });

  test('stays when nothing is found, and does not jump when the answer comes too late', async () => {
    const tree = new Tree(windowOf(roots, 0, 5000));
    tree.machine.place({ index: 1, nodeId: 2 });
    type(tree, 'q');
    tree.machine.press({ kind: 'move', to: 'next' });
    expect(tree.cursor?.nodeId).toBe(2);
    tree.answer(undefined);
    await Promise.resolve();
    expect(tree.cursor?.nodeId).toBe(3);
    type(tree, 'r');
    tree.machine.press({ kind: 'move', to: 'previous' });
    vi.advanceTimersByTime(500);
    expect(tree.cursor?.nodeId).toBe(2);
    tree.answer(4000);
    await Promise.resolve();
    expect(tree.cursor?.nodeId).toBe(2);
    expect(tree.sought).toEqual([]);
  });
});

test('a space selects, but belongs to a word that is being typed', () => {
  const tree = new Tree(windowOf([alpha, treeRow({ nodeId: 8, segment: 'my topic' }), gamma]));
  tree.machine.place({ index: 0, nodeId: 1 });
  tree.machine.press({ kind: 'type', character: ' ' });
  expect(tree.chosen).toEqual(['alpha!']);
  for (const character of 'my t') {
    tree.machine.press({ kind: 'type', character });
  }
  expect(tree.cursor?.nodeId).toBe(8);
});
