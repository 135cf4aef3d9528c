import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, levelsOf, movedToGroup, normalizeGroup, renamedGroup } from './groups.ts';

const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', ' c ', '', 'd e'), { maxLength: 6 })
  .map((levels) => levels.join('/'));

describe('paths of groups', () => {
  it('are normal after one normalisation', () => {
    fc.assert(
      fc.property(path, (text) => {
        const normal = normalizeGroup(text);
        expect(normalizeGroup(normal)).toBe(normal);
        expect(levelsOf(normal).join('/')).toBe(normal);
      }),
    );
    expect(normalizeGroup('  a / /b ')).toBe('a/b');
  });

  it('lie within what their levels begin with, whatever their names begin with', () => {
    fc.assert(
      fc.property(path.map(normalizeGroup), path.map(normalizeGroup), (group, other) => {
        fc.pre(other !== '');
        const levels = levelsOf(other);
        expect(isWithin(group, other)).toBe(levels.every((level, index) => levelsOf(group)[index] === level));
      }),
    );
    expect(isWithin('plant-2', 'plant')).toBe(false);
  });

  it('are renamed with all below them, and back', () => {
    fc.assert(
      fc.property(path.map(normalizeGroup), path.map(normalizeGroup), (group, from) => {
        fc.pre(from !== '');
        const renamed = renamedGroup(group, from, 'new/name');
        if (isWithin(group, from)) {
          expect(isWithin(renamed, 'new/name')).toBe(true);
          expect(renamedGroup(renamed, 'new/name', from)).toBe(group);
        } else {
          expect(renamed).toBe(group);
        }
      }),
    );
    expect(renamedGroup('a/b', 'a', '')).toBe('b');
  });
});

describe('movedToGroup', () => {
  const member = fc.record({ id: fc.uuid(), group: fc.constantFrom('', 'a', 'a/b') });
  const list = fc.uniqueArray(member, { selector: ({ id }) => id, minLength: 1, maxLength: 12 });

  it('loses nobody, leaves the order of the others alone, and puts the one where it is wanted', () => {
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), fc.constantFrom('', 'a', 'c'), (all, from, to, group) => {
        const moving = all[from % all.length];
        const before = all[to % (all.length + 1)];
        fc.pre(moving !== undefined && moving !== before);
        const moved = movedToGroup(all, moving?.id ?? '', group, before?.id);
        expect(moved.filter(({ id }) => id !== moving?.id)).toEqual(all.filter((other) => other !== moving));
        const index = moved.findIndex(({ id }) => id === moving?.id);
        expect(moved[index]?.group).toBe(group);
        if (before !== undefined) {
          expect(moved[index + 1]).toBe(before);
        } else {
          expect(moved.slice(index + 1).some((other) => other.group === group)).toBe(false);
        }
      }),
    );
    expect(movedToGroup([{ id: 'x', group: '' }], 'none', 'a')).toEqual([{ id: 'x', group: '' }]);
  });
});
