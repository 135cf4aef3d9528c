import { describe, expect, it } from 'vitest';
import { matchScore, paletteGroups } from './palette-groups.ts';

const command = (label: string, group: string, keywords: readonly string[] = []) => ({
  id: label,
  label,
  group,
  keywords,
  run: () => {},
});

const commands = [
  command('New connection', 'Connection'),
  command('Connect', 'Connection', ['retry']),
  command('Theme: dark', 'Theme'),
];

const labels = (query: string) =>
  paletteGroups(commands, query).map(({ group, commands: found }) => [
    group,
    found.map(({ label }) => label),
  ]);

describe('palette', () => {
  it('keeps the order of registration without a query', () => {
    expect(labels('')).toEqual([
      ['Connection', ['New connection', 'Connect']],
      ['Theme', ['Theme: dark']],
    ]);
  });

  it('puts labels that begin with the query first', () => {
    expect(labels('conn')).toEqual([['Connection', ['Connect', 'New connection']]]);
  });

  it('finds by keyword and heading, and wants every word', () => {
    expect(labels('retry')).toEqual([['Connection', ['Connect']]]);
    expect(labels('theme dark')).toEqual([['Theme', ['Theme: dark']]]);
    expect(labels('theme light')).toEqual([]);
  });

  it('scores a begun word above one found inside', () => {
    const [first] = commands;
    expect(first && matchScore(first, 'conn') > matchScore(first, 'onnec')).toBe(true);
  });
});
