import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds, parseCondition } from './field-condition.ts';

const of = (text: string, fields: Readonly<Record<string, string | number | boolean | null>>) => {
  const condition = parseCondition(text);
  if (typeof condition === 'string') {
    throw new Error(condition);
  }
  return holds(
    condition,
    Object.entries(fields).map(([path, value]) => ({ path, value })),
  );
};

test.each([
  ['temp > 30', { temp: 30.1 }, true],
  ['temp>=30', { temp: '30 °C' }, true],
  ['temp > 30', { other: 40 }, false],
  ['a.b["c d"] = 1', { 'a.b["c d"]': 1 }, true],
  ['items[*].id = 7', { 'items[0].id': 1, 'items[12].id': 7 }, true],
  ['err', { err: null }, true],
  ['err = null', { err: null }, true],
  ['ok = true && n != 3', { ok: true, n: 4 }, true],
  ['a = 1 or b = 1 and c = 1', { a: 1 }, true],
  ['name ~ "PUMP"', { name: 'The pump' }, true],
  ['state = auto', { state: 'auto' }, true],
])('%s in %j: %s', (text, fields, expected) => {
  expect(of(text, fields)).toBe(expected);
});

test.each(['', '> 3', 'a >', 'a = 1 b = 2', 'a = "x', 'a = 1 and'])('%j is told to be wrong', (text) => {
  expect(typeof parseCondition(text)).toBe('string');
});

test('compares numbers as numbers are compared', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), (one, other) => {
      expect(of(`v > ${other}`, { v: one })).toBe(one > other);
      expect(of(`v <= ${other}`, { v: one })).toBe(one <= other);
    }),
  );
});

test('takes any text without throwing', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseCondition(text)));
});
