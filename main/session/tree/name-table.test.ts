import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameTable } from './name-table.ts';

/** A table that finds what a map finds, after each of the names was added once. */
function check(topics: readonly string[], hash?: (text: string, start: number, end: number) => number): void {
  const names: (string | undefined)[] = [undefined];
  const table = new NameTable(names, hash);
  const model = new Map<string, number>();
  for (const topic of topics) {
    expect(table.find(topic)).toBe(model.get(topic) ?? 0);
    if (!model.has(topic)) {
      const id = names.push(topic) - 1;
      table.add(topic, id);
      model.set(topic, id);
    }
  }
  for (const [topic, id] of model) {
    // A string of its own, as it comes from a socket.
    expect(table.find(Buffer.from(topic, 'utf16le').toString('utf16le'))).toBe(id);
    expect(table.find(`${topic}?`)).toBe(model.get(`${topic}?`) ?? 0);
    expect(table.findIn(`/${topic}/?`, 1, topic.length + 1)).toBe(id);
    expect(table.findIn(`${topic}?`, 0, topic.length + 1)).toBe(model.get(`${topic}?`) ?? 0);
  }
  const asked = [...model.keys()].flatMap((topic) => [topic, `${topic}?`]);
  const ids = new Uint32Array(asked.length);
  table.findMany(asked, asked.length, ids);
  expect([...ids]).toEqual(asked.map((topic) => model.get(topic) ?? 0));
}

describe('NameTable', () => {
  it('agrees with a map', () => {
    const topic = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '/', 'a/b', 'a//b'),
    );
    fc.assert(fc.property(fc.array(topic, { maxLength: 200 }), (topics) => check(topics)));
  });

  it('grows', () => {
    check(Array.from({ length: 20_000 }, (_, index) => `plant/device${index % 5000}/value${index % 3}`));
  });

  it('agrees with a map where hashes collide', () => {
    const topics = Array.from({ length: 6000 }, (_, index) => `t${index}`);
    check(topics, () => 7);
    check(topics, (_, start, end) => ((end - start) * 1021) >>> 0);
  });
});
