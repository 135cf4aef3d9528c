import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SearchQuery, searchQuerySchema } from '#app/contract/feeds/search.ts';
import { LogReader } from '../../session/log/log-reader.ts';
import { packPublished } from '../../session/log/properties.ts';
import { bytes, newLog } from '../readers.fixture.ts';
import { QueryMatcher } from './query-matcher.ts';
import { SearchScan } from './search-scan.ts';
import { TextMatcher } from './text-matcher.ts';

const query = (part: Partial<SearchQuery>) => searchQuerySchema.parse(part);
const namesOf = (names: readonly string[]) => ({
  get: (id: number) => names[id] ?? '',
  want: () => {},
  hasAll: true,
});

function filled(payloads: readonly Uint8Array[], topics: readonly number[] = [], budget?: number) {
  const reader = new LogReader();
  const log = newLog((update) => reader.apply(update), budget);
  payloads.forEach((payload, index) => {
    log.receive(payload, topics[index] ?? 1);
  });
  return { reader, log };
}

function results(reader: LogReader, part: Partial<SearchQuery>, isBackwards: boolean, names = ['', 'a/b']) {
  const scan = new SearchScan(new QueryMatcher(query(part), namesOf(names)), isBackwards);
  for (let step = 0; step < 1000 && !scan.isDone; step++) {
    scan.advance(reader, performance.now() + 2);
  }
  return Array.from({ length: scan.total }, (_, index) => scan.at(index));
}

const payload = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'A', '_', ' ', 'é', '1', '.'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const needle = fc.string({
  unit: fc.constantFrom('a', 'B', 'b', 'é', ' ', '.', '1'),
  minLength: 1,
  maxLength: 3,
});

describe('a search by text', () => {
  test('finds what a plain look at each decoded message finds, in their order', () => {
    fc.assert(
      fc.property(
        fc.array(payload, { maxLength: 60 }),
        needle,
        fc.record({ matchCase: fc.boolean(), wholeWord: fc.boolean(), backwards: fc.boolean() }),
        (texts, text, { matchCase, wholeWord, backwards }) => {
          const { reader } = filled(texts.map(bytes));
          const fold = (value: string) => (matchCase ? value : value.toLowerCase());
          const isWord = (value: string | undefined) =>
            value !== undefined && /[\p{L}\p{M}\p{N}_]/u.test(value);
          const naive = texts.flatMap((whole, index) => {
            const value = fold(Buffer.from(bytes(whole)).toString());
            for (let at = value.indexOf(fold(text)); at >= 0; at = value.indexOf(fold(text), at + 1)) {
              const end = at + text.length;
              const isPart =
                (isWord(value[at - 1]) && isWord(value[at])) ||
                (isWord(value[end]) && isWord(value[end - 1]));
              if (!wholeWord || !isPart) {
                return [index + 1];
              }
            }
            return [];
          });
          // Letters outside of the alphabets here fold in more than one way.
          fc.pre(
            texts.every(
              (whole) =>
                whole.toLowerCase().length === whole.length &&
                !/[\u017f\u212a\u0130]|[\ud800-\udfff]/.test(whole),
            ),
          );
          expect(results(reader, { text, matchCase, wholeWord, inTopic: false }, backwards)).toEqual(naive);
        },
      ),
    );
  });

  test('does not find what two messages make together', () => {
    const { reader } = filled([bytes('xxfo'), bytes('obar'), bytes('foo')]);
    expect(results(reader, { text: 'foo', matchCase: true }, false)).toEqual([3]);
    expect(results(reader, { text: 'FOO' }, true)).toEqual([3]);
  });

  test('finds what lies across the windows in which case is folded', () => {
    const long = Buffer.alloc(700 * 1024, 'x');
    long.write('NeeDle', 32 * 1024 * 4 - 3);
    const { reader } = filled([long, bytes('needles')]);
    expect(results(reader, { text: 'needle' }, true)).toEqual([1, 2]);
    expect(results(reader, { text: 'needle', wholeWord: true }, true)).toEqual([]);
  });

  test('looks into properties and topics when it is told to', () => {
    const reader = new LogReader();
    const log = newLog((update) => reader.apply(update));
    const properties = packPublished({
      userProperties: [{ key: 'line', value: 'Seven' }],
      contentType: 'text/x',
    });
    log.receive(bytes('one'), 1, properties);
    log.receive(bytes('two'), 2);
    const names = ['', 'plant/one', 'plant/seven'];
    expect(results(reader, { text: 'seven', inTopic: false }, true, names)).toEqual([]);
    expect(results(reader, { text: 'seven', inTopic: false, inProperties: true }, true, names)).toEqual([1]);
    expect(results(reader, { text: 'seven', inProperties: true }, true, names)).toEqual([1, 2]);
    expect(results(reader, { text: 'e', inPayload: false, topicFilter: '+/one' }, true, names)).toEqual([1]);
  });
});

describe('a search by other things', () => {
  test('takes topic filter, size and fields together', () => {
    const payloads = [
      '{"temp":31,"at":{"zone":"a"}}',
      '{"temp":29}',
      '{"temp":35,"at":{"zone":"b"}}',
      '31',
    ].map(bytes);
    const { reader } = filled(payloads, [1, 2, 2, 2]);
    const names = ['', 'x/1', 'x/2'];
    expect(results(reader, { condition: 'temp > 30' }, true, names)).toEqual([1, 3]);
    expect(results(reader, { condition: 'temp > 30 and at.zone = "b"' }, false, names)).toEqual([3]);
    expect(results(reader, { condition: 'temp < 30 or at.zone = a' }, false, names)).toEqual([1, 2]);
    expect(results(reader, { condition: 'temp', topicFilter: 'x/2' }, true, names)).toEqual([2, 3]);
    expect(results(reader, { maxSize: 2 }, true, names)).toEqual([4]);
  });

  test('says what is wrong with a query', () => {
    const make = (part: Partial<SearchQuery>) => () => new QueryMatcher(query(part), namesOf([]));
    expect(make({ text: '(', isRegex: true })).toThrow('not a regular expression');
    expect(make({ condition: 'temp >' })).toThrow('A value is missing after >');
    expect(make({ topicFilter: 'a/#/b' })).toThrow();
  });

  test('gives up on an expression that runs away, and goes on after it', () => {
    const { reader } = filled([bytes(`${'a'.repeat(60)}!`), bytes('ok')]);
    const begun = performance.now();
    expect(() => results(reader, { text: '^(a+)+$', isRegex: true }, true)).toThrow('takes too long');
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(results(reader, { text: '^o.$', isRegex: true }, true)).toEqual([2]);
    expect(() =>
      new TextMatcher(query({ text: '(a+)+$', isRegex: true })).marks(`${'a'.repeat(60)}!`),
    ).toThrow();
  });
});

test('places are marked after texts were tested', () => {
  const matcher = new TextMatcher(query({ text: 'pump' }));
  expect([...matcher.test(['the Pump', 'none'])]).toEqual([1, 0]);
  expect(matcher.marks('the Pump, pump')).toEqual([
    [4, 8],
    [10, 14],
  ]);
});

test('results that are evicted while the search stands leave the list, the newest of a topic stays', () => {
  const reader = new LogReader();
  const log = newLog((update) => reader.apply(update), 4 * 1024 * 1024);
  const scan = new SearchScan(new QueryMatcher(query({ text: 'find' }), namesOf(['', 'a', 'b'])), true);
  const list = () => Array.from({ length: scan.total }, (_, index) => scan.at(index) ?? 0);
  const only = log.receive(bytes('find me'), 2);
  for (let n = 0; n < 40; n++) {
    for (let message = 0; message < 500; message++) {
      log.receive(bytes(`${message % 10 === 0 ? 'find' : 'leave'} ${'x'.repeat(900)}`), 1);
    }
    scan.advance(reader, performance.now() + 1000);
  }
  expect(reader.firstSequence).toBeGreaterThan(1);
  const found = list();
  expect(found).toContain(only);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  expect(found.filter((sequence) => reader.details(sequence) === undefined)).toEqual([]);
  const alive = found.filter((sequence) => sequence >= reader.firstSequence).length;
  expect(alive).toBeGreaterThan(0);
  // A search that begins now finds the same.
  expect(results(reader, { text: 'find' }, true, ['', 'a', 'b'])).toEqual(found);
});
