import { describe, expect, it } from 'vitest';
import type { ProfileSummary } from '#app/contract/feeds/main.ts';
import { foundProfiles, keyPlace, listRows, placeBehind } from './group-rows.ts';

const profile = (id: string, group: string, overrides: Partial<ProfileSummary> = {}): ProfileSummary => ({
  id,
  name: id,
  color: 'gray',
  group,
  autoConnect: false,
  guard: 'none',
  protocol: 'mqtt',
  host: 'localhost',
  port: 1883,
  path: '',
  clientId: '',
  username: '',
  ...overrides,
});
const all = [
  profile('a', 'plant/line'),
  profile('b', ''),
  profile('c', 'plant'),
  profile('d', 'lab'),
  profile('e', 'plant'),
];
const words = (rows: ReturnType<typeof listRows>) =>
  rows.map((row) =>
    row.kind === 'group' ? `${row.level} ${row.name} (${row.count})` : `${row.level} ${row.profile.id}`,
  );

describe('listRows', () => {
  it('gives a group’s own connections before the groups in it, both in the order of the list', () => {
    expect(words(listRows(all, new Set()))).toEqual([
      '1 b',
      '1 plant (3)',
      '2 c',
      '2 e',
      '2 line (1)',
      '3 a',
      '1 lab (1)',
      '2 d',
    ]);
    expect(words(listRows(all, new Set(['plant'])))).toEqual(['1 b', '1 plant (3)', '1 lab (1)', '2 d']);
  });
});

describe('foundProfiles', () => {
  it('wants every word somewhere: name, address, group, client ID, user name', () => {
    const list = [
      profile('x', 'Plant/North', { host: 'broker.example.com', clientId: 'scope-1', username: 'alice' }),
      profile('y', '', { host: 'other' }),
    ];
    for (const query of ['X', 'EXAMPLE.com:1883', 'north', 'scope-1', 'ali plant', '']) {
      expect(foundProfiles(list, query)[0]?.id, query).toBe('x');
    }
    expect(foundProfiles(list, 'alice other')).toEqual([]);
  });
});

describe('moving by keys', () => {
  const rows = listRows(all, new Set());

  it('swaps with a neighbour, goes into the next group and out of its own', () => {
    expect(keyPlace(rows, 'c', 'ArrowDown')).toEqual({ group: 'plant' });
    expect(keyPlace(rows, 'e', 'ArrowUp')).toEqual({ group: 'plant', before: 'c' });
    expect(keyPlace(rows, 'b', 'ArrowDown')).toEqual({ group: 'plant', before: 'c' });
    expect(keyPlace(rows, 'c', 'ArrowUp')).toEqual({ group: '' });
    expect(keyPlace(rows, 'a', 'ArrowUp')).toEqual({ group: 'plant' });
    expect(keyPlace(rows, 'b', 'ArrowUp')).toBeUndefined();
    expect(keyPlace(rows, 'd', 'ArrowDown')).toBeUndefined();
  });

  it('goes to the ends of its group', () => {
    expect(keyPlace(rows, 'e', 'Home')).toEqual({ group: 'plant', before: 'c' });
    expect(keyPlace(rows, 'c', 'End')).toEqual({ group: 'plant' });
  });

  it('finds the place behind a connection', () => {
    const member = all[2];
    expect(member && placeBehind(rows, member)).toEqual({ group: 'plant', before: 'e' });
    const last = all[4];
    expect(last && placeBehind(rows, last)).toEqual({ group: 'plant' });
  });
});
