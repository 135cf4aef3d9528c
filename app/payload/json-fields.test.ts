import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DecodeLimits } from './codec.ts';
import { jsonFields } from './json-fields.ts';

const limits: DecodeLimits = { maxTextLength: 1e6, maxDepth: 100, isOver: () => false };
const read = (text: string) => jsonFields(new TextEncoder().encode(text), limits);

it('names each value by its path, in the order of the document', () => {
  expect(read('{"temp": 21.4, "at": {"zone": "a", "a key": [1, {"x.y": null}]}, "": true}')).toEqual([
    { path: 'temp', value: 21.4 },
    { path: 'at.zone', value: 'a' },
    { path: 'at["a key"][0]', value: 1 },
    { path: 'at["a key"][1]["x.y"]', value: null },
    { path: '[""]', value: true },
  ]);
  expect(read('7')).toEqual([{ path: '$', value: 7 }]);
  expect(read('{}')).toEqual([]);
});

it('alters no integer', () => {
  expect(
    read('[12345678901234567890, 1234567890123456.5, 9007199254740991]').map(({ value }) => value),
  ).toEqual([12345678901234567890n, 1234567890123456.5, 9007199254740991]);
});

it('tells how numbers are written where that is asked for', () => {
  const text = '{"a":127.0,"b":127,"c":1E3,"d":12345678901234567890}';
  const fields = jsonFields(new TextEncoder().encode(text), limits, { keepsWriting: true });
  expect(fields).toEqual([
    { path: 'a', value: 127, written: '127.0' },
    { path: 'b', value: 127 },
    { path: 'c', value: 1000, written: '1E3' },
    { path: 'd', value: 12345678901234567890n },
  ]);
});

it('gives every place a path of its own, and every value that is there', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const fields = read(JSON.stringify(value));
      expect(new Set(fields.map(({ path }) => path)).size).toBe(fields.length);
      const leaves: unknown[] = [];
      JSON.stringify(value, (_key, part: unknown) => {
        if (typeof part !== 'object' || part === null) {
          leaves.push(part);
        }
        return part;
      });
      const asText = (list: readonly unknown[]) => list.map((part) => JSON.stringify(part) ?? '').sort();
      expect(asText(fields.map(({ value }) => (typeof value === 'bigint' ? Number(value) : value)))).toEqual(
        asText(leaves),
      );
    }),
  );
});

it('keeps to its limits, and refuses what is not JSON', () => {
  expect(read(`[${'1,'.repeat(20_000)}1]`)).toHaveLength(5000);
  expect(read(`${'['.repeat(5000)}1${']'.repeat(5000)}`)).toEqual([]);
  // One long name above many values is not copied for each.
  expect(read(`{"${'k'.repeat(500_000)}":[${'1,'.repeat(4999)}1],"b":2}`)).toEqual([{ path: 'b', value: 2 }]);
  expect(() => read('{"a": 1')).toThrow();
});
