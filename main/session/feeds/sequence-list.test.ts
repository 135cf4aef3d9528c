import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SequenceList } from './sequence-list.ts';

it('agrees with an array that grows at both ends and loses its first', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 400 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('prepend' as const), count: fc.integer({ min: 1, max: 400 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('drop' as const), count: fc.integer({ min: 1, max: 500 }) }),
    },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const list = new SequenceList();
      let model: number[] = [];
      let low = 1_000_000;
      let high = 1_000_000;
      for (const { do: what, count } of steps) {
        if (what === 'drop') {
          const first = model[count] ?? high + 1;
          const before = model.length;
          model = model.filter((sequence) => sequence >= first);
          expect(list.dropWhile((sequence) => sequence < first)).toBe(before - model.length);
          continue;
        }
        for (let index = 0; index < count; index++) {
          if (what === 'append') {
            high += 3;
            list.append(high);
            model.push(high);
          } else if (model.length > 0 && (model[0] ?? 0) < low) {
            // Older rows are only found below those that are there.
            low = (model[0] ?? 0) - 2;
            list.prepend(low);
            model.unshift(low);
          }
        }
        low = Math.min(low, model[0] ?? low);
      }
      expect(list.length).toBe(model.length);
      expect(model.map((_, row) => list.at(row))).toEqual(model);
      expect(list.at(-1)).toBe(0);
      expect(list.at(model.length)).toBe(0);
      for (const [row, sequence] of model.slice(0, 50).entries()) {
        expect(list.lowerBound(sequence)).toBe(row);
        expect(list.lowerBound(sequence + 1)).toBe(row + 1);
      }
    }),
    { numRuns: 200 },
  );
});
