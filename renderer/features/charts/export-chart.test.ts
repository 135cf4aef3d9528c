import { expect, it } from 'vitest';
import { csvCell } from './export-chart.ts';
import { figure } from './series-label.ts';

it('quotes cells, and lets no spreadsheet take one for a formula', () => {
  expect(['a/b', 'say "x"', '=1+1', '-2', '@x', ''].map(csvCell)).toEqual([
    '"a/b"',
    '"say ""x"""',
    `"'=1+1"`,
    `"'-2"`,
    `"'@x"`,
    '""',
  ]);
});

it('writes figures that fit their column', () => {
  expect([0, 21.400000000000002, -3, 1234567.891, 1.5e12, 1e-7, 100].map(figure)).toEqual([
    '0',
    '21.4',
    '-3',
    '1234568',
    '1.500e+12',
    '1.000e-7',
    '100',
  ]);
});
