import { expect, test } from 'vitest';
import { tailStart } from './cut-text.tsx';

test('short texts stay whole', () => {
  expect(tailStart('plant/line1', 24)).toBe('plant/line1'.length);
});

test('the last segment stays in view when it is short enough', () => {
  const topic = 'factory/north/hall/line1/temperature';
  expect(topic.slice(tailStart(topic, 24))).toBe('/temperature');
});

test('a long last segment is split by length', () => {
  const topic = `a/${'x'.repeat(100)}`;
  expect(topic.slice(tailStart(topic, 24))).toBe('x'.repeat(12));
});

test('a surrogate pair is never split', () => {
  const topic = `${'x'.repeat(40)}😀${'y'.repeat(11)}`;
  expect(topic.slice(tailStart(topic, 24))).toBe(`😀${'y'.repeat(11)}`);
});

test('something stays before the split, however short the text', () => {
  expect(tailStart('a/bcdefghijklmnop', 32)).toBe(4);
  expect(tailStart('abcdefghijklmnop', 32)).toBe(4);
});
