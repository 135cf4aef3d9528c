import fc from 'fast-check';
import { expect, test } from 'vitest';
import { treeRow } from './tree-row.fixture.ts';
import { areSameRows, knownPath, shownSegment } from './tree-rows.ts';

test('segments are shown so that they can be told apart', () => {
  expect(shownSegment({ segment: '', segmentLength: 0 })).toBe('(empty)');
  expect(shownSegment({ segment: ' a  ', segmentLength: 4 })).toBe('␣a␣␣');
  expect(shownSegment({ segment: 'a b', segmentLength: 3 })).toBe('a b');
  expect(shownSegment({ segment: 'a\u202eb', segmentLength: 3 })).toBe('a⟨U+202E⟩b');
  expect(shownSegment({ segment: 'xxx', segmentLength: 65_000 })).toBe('xxx…');
});

test('nothing that hides itself reaches the screen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (segment) => {
      const shown = shownSegment({ segment, segmentLength: segment.length });
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test('a path is read off the rows on screen', () => {
  const rows = [
    treeRow({ nodeId: 1, segment: '' }),
    treeRow({ nodeId: 2, parentId: 1, level: 2, segment: 'house' }),
    treeRow({ nodeId: 3, parentId: 2, level: 3, segment: 'light' }),
    treeRow({ nodeId: 4, parentId: 1, level: 2, segment: '' }),
    treeRow({ nodeId: 5, parentId: 4, level: 3, segment: 'x' }),
  ];
  expect(rows.map((row) => knownPath(rows, row))).toEqual(['', '/house', '/house/light', '/', '//x']);
});

test('a path that the rows don’t tell is left to the engine', () => {
  const orphan = treeRow({ nodeId: 3, parentId: 2, level: 3, segment: 'light' });
  expect(knownPath([orphan], orphan)).toBeUndefined();
  const long = treeRow({ nodeId: 1, segment: 'xxx', segmentLength: 65_000 });
  expect(knownPath([long], long)).toBeUndefined();
  expect(knownPath([], orphan)).toBeUndefined();
});

test('rows differ by what is drawn of them, not by their age', () => {
  const row = treeRow({ lastSequence: 5, preview: 'on' });
  expect(areSameRows(row, { ...row, lastAt: 99 })).toBe(true);
  for (const change of [
    { preview: 'off' },
    { lastSequence: 6 },
    { messages: 2 },
    { rate: 1 },
    { retained: true },
    { expanded: true },
    { position: 2 },
    { siblings: 2 },
    { color: 'red' },
  ] as const) {
    expect(areSameRows(row, { ...row, ...change }), JSON.stringify(change)).toBe(false);
  }
});
