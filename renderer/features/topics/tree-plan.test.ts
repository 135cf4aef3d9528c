import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import { firstPlan, planTree, type TreePlan } from './tree-plan.ts';

function row(nodeId: number): TreeRow {
  return {
    nodeId,
    parentId: 0,
    level: 1,
    segment: String(nodeId),
    segmentLength: 1,
    expanded: false,
    children: 0,
    position: 1,
    siblings: 1,
    preview: '',
    messages: 1,
    topics: 1,
    rate: 0,
    lastAt: 0,
    retained: false,
  };
}

/** What the engine answers, of a list of nodes in their order. */
function answer({ offset, count, anchor }: TreePlan, nodes: readonly number[]): TreeWindow {
  const place = anchor === undefined ? -1 : nodes.indexOf(anchor.nodeId);
  const first = anchor === undefined || place < 0 ? offset : Math.max(0, place - anchor.rowsBefore);
  return { offset: first, total: nodes.length, rows: nodes.slice(first, first + count).map(row) };
}

const thousand = Array.from({ length: 1000 }, (_, index) => index + 1);

describe('planTree', () => {
  test('stays at the top without hanging on a node', () => {
    expect(planTree(firstPlan, answer(firstPlan, thousand), { first: 0, end: 40 }, 500)).toBe(firstPlan);
  });

  test('hangs on the first row in view once it is scrolled', () => {
    const plan = planTree(firstPlan, answer(firstPlan, thousand), { first: 16, end: 56 }, 500);
    expect(plan).toEqual({ offset: 0, count: 100, anchor: { nodeId: 17, rowsBefore: 16 } });
  });

  test('follows its node when hundreds of rows come above it', () => {
    const plan = planTree(firstPlan, answer(firstPlan, thousand), { first: 16, end: 56 }, 500);
    const grown = [...Array.from({ length: 400 }, (_, index) => 2000 + index), ...thousand];
    const window = answer(plan, grown);
    expect(window.offset).toBe(400);
    expect(planTree(plan, window, { first: 416, end: 456 }, 500)).toBe(plan);
  });

  test('lets go of the node back at the top', () => {
    const plan = planTree(firstPlan, answer(firstPlan, thousand), { first: 16, end: 56 }, 500);
    expect(planTree(plan, answer(plan, thousand), { first: 0, end: 40 }, 500).anchor).toBeUndefined();
  });

  test('covers what is in view and comes to rest, wherever it is', () => {
    fc.assert(
      fc.property(fc.nat(990), fc.integer({ min: 1, max: 120 }), (first, rows) => {
        const rendered = { first, end: Math.min(1000, first + rows) };
        let plan: TreePlan = firstPlan;
        let window = answer(plan, thousand);
        // The same plan until its answer has come.
        const asked = planTree(plan, window, rendered, 500);
        expect(planTree(asked, window, rendered, 500)).toBe(asked);
        for (let round = 0; round < 3; round += 1) {
          plan = planTree(plan, window, rendered, 500);
          window = answer(plan, thousand);
        }
        expect(planTree(plan, window, rendered, 500)).toBe(plan);
        expect(window.offset).toBeLessThanOrEqual(rendered.first);
        expect(window.offset + window.rows.length).toBeGreaterThanOrEqual(rendered.end);
      }),
      // Once a plan of another size was waiting for its answer, and was taken for what the window holds.
      { examples: [[100, 56]] },
    );
  });
});
