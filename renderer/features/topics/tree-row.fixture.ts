import type { TreeRow } from '#app/contract/feeds/session.ts';

/** A row for tests: a root without children unless said otherwise. */
export function treeRow(overrides: Partial<TreeRow>): TreeRow {
  const { segment = 'a' } = overrides;
  return {
    nodeId: 1,
    parentId: 0,
    level: 1,
    segment,
    segmentLength: segment.length,
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
    ...overrides,
  };
}
