import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortByKey } from './key-sort.ts';
import { compareNatural, sortByName } from './natural-order.ts';
import { foldCase } from './segments.ts';

const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', 'A', 'b', '0', '1', '9', '-', '\0', 'é', 'z'),
      maxLength: 8,
    }),
  },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc
    .tuple(fc.constantFrom('device', 'Device', 'temperature-', ''), fc.bigInt(0n, 10n ** 22n))
    .map(([text, number]) => `${text}${number}`),
);

/** The same order said in another way: tokens, compared one by one. */
function naive(a: string, b: string): number {
  const tokens = (text: string) => foldCase(text).match(/[0-9]+|[\s\S]/g) ?? [];
  const left = tokens(a);
  const right = tokens(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x, y] = [left[index], right[index]];
    if (x === undefined || y === undefined) {
      return x === undefined ? -1 : 1;
    }
    const areNumbers = /[0-9]/.test(x) && /[0-9]/.test(y);
    const difference = areNumbers ? Number(BigInt(x) - BigInt(y)) : x.charCodeAt(0) - y.charCodeAt(0);
    if (difference !== 0) {
      return difference;
    }
  }
  const plain = (x: string, y: string) => (x === y ? 0 : x < y ? -1 : 1);
  return plain(foldCase(a), foldCase(b)) || plain(a, b);
}

const compare = (a: string, b: string) => compareNatural(a, foldCase(a), b, foldCase(b));

describe('natural order', () => {
  it('puts device2 before device10 and tells case apart last', () => {
    const names = ['device10', 'Device2', 'device2', 'device1', 'b', 'B', 'a', '10', '9', '', 'device02'];
    expect([...names].sort(compare)).toEqual([
      '',
      '9',
      '10',
      'a',
      'B',
      'b',
      'device1',
      'device02',
      'Device2',
      'device2',
      'device10',
    ]);
  });

  it('is the order of the tokens', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compare(a, b))).toBe(Math.sign(naive(a, b)));
        expect(compare(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the order in which many are sorted', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 200 }), fc.constantFrom('', 'line7/'), (names, start) => {
        const all = names.map((each) => start + each);
        const nodes = Int32Array.from(all, (_, index) => index);
        sortByName(
          nodes,
          (node) => all[node] as string,
          (node) => foldCase(all[node] as string),
        );
        expect(Array.from(nodes, (node) => all[node])).toEqual([...all].sort(naive));
      }),
      { numRuns: 300 },
    );
  });

  it('sorts 100,000 names without comparing each with each', () => {
    const kinds = ['temperature', 'humidity', 'Valve/state-', 'x'];
    const names = Array.from(
      { length: 100_000 },
      (_, index) => `${kinds[index % 4]}${(index * 7919) % 100_003}`,
    );
    const nodes = Int32Array.from(names, (_, index) => index);
    const begin = performance.now();
    sortByName(
      nodes,
      (node) => names[node] as string,
      (node) => names[node] as string,
    );
    expect(performance.now() - begin).toBeLessThan(4000);
    for (let index = 1; index < nodes.length; index += 1) {
      const [a, b] = [names[nodes[index - 1]!] as string, names[nodes[index]!] as string];
      if (compareNatural(a, a, b, b) >= 0) {
        throw new Error(`${a} before ${b}`);
      }
    }
  });
});

describe('sortByKey', () => {
  it('is stable and moves items with their keys', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 300 }),
        fc.nat(20),
        (values, skip) => {
          const from = Math.min(skip, values.length);
          const keys = Float64Array.from(values);
          const items = Int32Array.from(values, (_, index) => index);
          sortByKey(items, keys, from);
          const expected = values
            .map((value, index) => ({ value, index }))
            .slice(from)
            .sort((a, b) => a.value - b.value || a.index - b.index);
          expect(Array.from(items.subarray(from))).toEqual(expected.map((each) => each.index));
          expect(Array.from(keys.subarray(from))).toEqual(expected.map((each) => each.value));
          expect(Array.from(items.subarray(0, from))).toEqual(values.slice(0, from).map((_, index) => index));
        },
      ),
    );
  });
});
