import { expect, test } from 'vitest';
import {
  columnLayoutSchema,
  columnTemplate,
  defaultColumns,
  minTotalWidth,
  resetWidth,
  resized,
  shownColumns,
  toggled,
  widthOf,
} from './columns.ts';

test('topic and value share what the other columns leave', () => {
  expect(columnTemplate(defaultColumns)).toBe(
    '96px 24px minmax(80px, 1fr) 34px 46px 34px 60px minmax(120px, 1fr)',
  );
  expect(minTotalWidth(defaultColumns)).toBe(96 + 24 + 80 + 34 + 46 + 34 + 60 + 120);
});

test('a column is hidden and shown again', () => {
  const hidden = toggled(toggled(defaultColumns, 'dup'), 'qos');
  expect(shownColumns(hidden)).toEqual(['time', 'direction', 'topic', 'retain', 'size', 'value']);
  expect(columnTemplate(hidden)).toBe('96px 24px minmax(80px, 1fr) 46px 60px minmax(120px, 1fr)');
  expect(shownColumns(toggled(hidden, 'dup'))).toContain('dup');
});

test('topic and value cannot be hidden, whatever is stored', () => {
  expect(toggled(defaultColumns, 'topic')).toEqual(defaultColumns);
  expect(shownColumns({ hidden: ['topic', 'value'], widths: {} })).toHaveLength(8);
});

test('a topic that was resized keeps its width, and the value takes the rest', () => {
  expect(columnTemplate(resized(defaultColumns, 'topic', 200))).toBe(
    '96px 24px 200px 34px 46px 34px 60px minmax(120px, 1fr)',
  );
});

test('a width stays within what the column can be', () => {
  expect(widthOf(resized(defaultColumns, 'topic', 300.4), 'topic')).toBe(300);
  expect(widthOf(resized(defaultColumns, 'topic', -50), 'topic')).toBe(80);
  expect(widthOf(resized(defaultColumns, 'topic', 90_000), 'topic')).toBe(2000);
  expect(resetWidth(resized(defaultColumns, 'topic', 300), 'topic')).toEqual(defaultColumns);
});

test('what was stored by another version is refused as a whole', () => {
  expect(columnLayoutSchema.safeParse({ hidden: ['colour'], widths: {} }).success).toBe(false);
  expect(columnLayoutSchema.safeParse({ hidden: ['dup'], widths: { topic: 180 } }).success).toBe(true);
});
