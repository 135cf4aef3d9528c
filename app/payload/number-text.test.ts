import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberOfField, numberOfText } from './number-text.ts';

it.each([
  ['21.4', 21.4],
  [' -3e5\n', -300_000],
  ['.5', 0.5],
  ['5.', 5],
  ['21.4 °C', 21.4],
  ['80%', 80],
  ['3 m/s', 3],
  ['12kWh', 12],
  ['ON', 1],
  ['false', 0],
  ['', undefined],
  ['12:30', undefined],
  ['1.2.3', undefined],
  ['0x10', undefined],
  ['2026-11-23', undefined],
  ['1e999', undefined],
  ['constructor', undefined],
  ['1'.repeat(65), undefined],
])('reads %j as %j', (text, number) => {
  expect(numberOfText(text)).toBe(number);
});

it('reads every finite number as JavaScript prints it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(numberOfText(String(number))).toBe(number === 0 ? Number(String(number)) : number);
      expect(numberOfField(number)).toBe(number);
    }),
  );
});

it('takes what is no number for none', () => {
  expect([null, Number.NaN, Number.POSITIVE_INFINITY, 'x'].map(numberOfField)).toEqual(
    Array(4).fill(undefined),
  );
  expect([true, false, 7n, '8'].map(numberOfField)).toEqual([1, 0, 7, 8]);
});
