import { expect, it } from 'vitest';
import type { ImportItem } from '#app/contract/operations/transfer.ts';
import { chosenItems, modeOf, reportSummary } from './import-choices.ts';

const item = (fields: Partial<ImportItem>): ImportItem => ({
  itemId: '0.0',
  file: 0,
  name: 'A',
  group: '',
  endpoint: 'mqtt://a:1883',
  taken: ['Name'],
  notTaken: [],
  warnings: [],
  newName: 'A',
  ...fields,
});
const existing = { profileId: 'p', name: 'A', isSame: false };

it('adds what is new or different, skips what is the same, and replaces nothing by itself', () => {
  expect(modeOf(item({}), new Map())).toBe('add');
  expect(modeOf(item({ existing }), new Map())).toBe('add');
  expect(modeOf(item({ existing: { ...existing, isSame: true } }), new Map())).toBe('skip');
  expect(modeOf(item({ existing }), new Map([['0.0', 'replace']]))).toBe('replace');
  expect(modeOf(item({ problem: 'It names no host.' }), new Map([['0.0', 'add']]))).toBe('skip');
});

it('hands the engine what is not skipped', () => {
  const items = [item({}), item({ itemId: '0.1' }), item({ itemId: '0.2', existing })];
  const choices = new Map([
    ['0.1', 'skip'],
    ['0.2', 'replace'],
  ] as const);
  expect(chosenItems({ files: [], items }, choices)).toEqual([
    { itemId: '0.0', mode: 'add' },
    { itemId: '0.2', mode: 'replace' },
  ]);
});

it('sums a report up', () => {
  expect(reportSummary(item({}))).toBe('1 taken');
  expect(reportSummary(item({ notTaken: [{ what: 'x', why: 'y' }] }))).toBe('1 taken, 1 not taken');
});
