import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeLimits } from './codec.ts';
import { jsonFields } from './json-fields.ts';
import { jsonLinesCodec } from './json-lines.ts';
import { codecById, detectCodec } from './registry.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const limits: DecodeLimits = { maxTextLength: 1_000_000, maxDepth: 100, isOver: () => false };
const chosen = (text: string, contentType?: string) =>
  detectCodec(bytes(text), { topic: 'a', ...(contentType === undefined ? {} : { contentType }) }).id;
const textOf = (text: string, part: Partial<DecodeLimits> = {}) => {
  const decoded = jsonLinesCodec.decode(bytes(text), { ...limits, ...part }, { topic: 'a' });
  if (decoded.shape !== 'text') {
    throw new Error('not text');
  }
  return decoded;
};

describe('JSON lines', () => {
  it.each([
    ['{"a":1}\n{"a":2}\n', 'jsonl'],
    ['{"a":1}\r\n\r\n[1,2]', 'jsonl'],
    ['{"a":1}\n{"a":\n{"a":3}', 'jsonl'],
    ['{"a":1}', 'json'],
    ['{"a":1}\n', 'json'],
    ['{\n  "a": 1\n}', 'json'],
    ['[\n{"a":1},\n{"a":2}\n]', 'json'],
    ['1\n2\n3', 'text'],
    ['{name}\n{other}', 'text'],
  ])('recognises %j as %s', (text, id) => {
    expect(chosen(text)).toBe(id);
  });

  it('goes by the content type, and by a long payload’s whole lines', () => {
    expect(chosen('1\n2', 'application/x-ndjson')).toBe('jsonl');
    expect(chosen(`${'{"value":12345}\n'.repeat(20_000)}{"cut`)).toBe('jsonl');
    expect(codecById('jsonl')?.label).toBe('JSON lines');
  });

  it('is shown as it came, and marks the lines that are not JSON', () => {
    const text = '{"a":1.50}\n{"a":}\n\n[1]\n';
    const { text: shown, markers, notes } = textOf(text);
    expect(shown).toBe(text);
    expect(markers).toHaveLength(1);
    expect(text.slice(markers[0]?.offset)).toMatch(/^\}\n/);
    expect(notes).toEqual(['3 records, one a line.', '1 line of them not JSON.']);
    // The last line is cut by the limit, and nothing is wrong with it.
    expect(textOf('{"a":1}\n{"b":2}', { maxTextLength: 12 }).markers).toEqual([]);
    expect(textOf(text, { isOver: () => true }).notes.at(-1)).toContain('took too long');
  });

  it('has the fields of each record by its place', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1, maxLength: 8 }), (values) => {
        const text = values.map((value) => JSON.stringify(value)).join('\n');
        const whole = jsonFields(
          bytes(`[${values.map((value) => JSON.stringify(value)).join(',')}]`),
          limits,
        );
        expect(jsonLinesCodec.fields?.(bytes(text), limits)).toEqual(whole);
      }),
      { numRuns: 500, examples: [[[{ $: 0 }]], [['x']]] },
    );
  });

  it('leaves a broken record out, and keeps the places of the others', () => {
    expect(jsonLinesCodec.fields?.(bytes('{"a":1}\n{"a"\n\n{"a":3}'), limits)).toEqual([
      { path: '[0].a', value: 1 },
      { path: '[2].a', value: 3 },
    ]);
  });

  it('answers whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
        expect(jsonLinesCodec.detect(payload, { topic: 'a' })).toBeLessThanOrEqual(1);
        expect(jsonLinesCodec.decode(payload, limits, { topic: 'a' }).shape).toBe('text');
        expect(Array.isArray(jsonLinesCodec.fields?.(payload, limits))).toBe(true);
      }),
    );
  });
});
