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

test('the value takes what the other columns leave', () => {
  expect(columnTemplate(defaultColumns)).toBe('96px 24px 240px 36px 52px 36px 64px minmax(120px, 1fr)');
  expect(minTotalWidth(defaultColumns)).toBe(96 + 24 + 240 + 36 + 52 + 36 + 64 + 120);
});

test('a column is hidden and shown again', () => {
  const hidden = toggled(toggled(defaultColumns, 'dup'), 'qos');
  expect(shownColumns(hidden)).toEqual(['time', 'direction', 'topic', 'retain', 'size', 'value']);
  expect(columnTemplate(hidden)).toBe('96px 24px 240px 52px 64px minmax(120px, 1fr)');
  expect(shownColumns(toggled(hidden, 'dup'))).toContain('dup');
});

test('topic and value cannot be hidden, whatever is stored', () => {
  expect(toggled(defaultColumns, 'topic')).toEqual(defaultColumns);
  expect(shownColumns({ hidden: ['topic', 'value'], widths: {} })).toHaveLength(8);
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
