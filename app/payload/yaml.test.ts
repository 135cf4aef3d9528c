import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { detectCodec } from './registry.ts';
import { createUnbase64Codec } from './unbase64.ts';
import { yamlCodec } from './yaml.ts';

const limits = { maxTextLength: 1_000_000, maxDepth: 50, isOver: () => false };
const context = { topic: '' };
const bytes = (text: string) => new TextEncoder().encode(text);
const fields = (text: string, keepsWriting = false) =>
  yamlCodec.fields?.(bytes(text), limits, { keepsWriting }) ?? [];

function decode(text: string) {
  const decoded = yamlCodec.decode(bytes(text), limits, context);
  if (decoded.shape !== 'text') {
    throw new Error('No text.');
  }
  return decoded;
}

describe('YAML', () => {
  it('is shown as it came, with the places of its errors', () => {
    const text = 'a: 1\nb: [1, 2\nc: "x\n';
    const { text: shown, language, markers } = decode(text);
    expect(shown).toBe(text);
    expect(language).toBe('yaml');
    expect(markers.length).toBeGreaterThan(0);
    for (const { offset, length } of markers) {
      expect(offset).toBeLessThan(text.length);
      expect(offset + length).toBeLessThanOrEqual(text.length);
    }
    expect(decode('a: 1\nb:\n  - x\n')).toMatchObject({ markers: [], notes: [] });
    expect(decode('a: 1\n---\na: 2\n').notes).toEqual(['2 documents.']);
  });

  it('is chosen by itself only where the message says so', () => {
    expect(detectCodec(bytes('a: 1\nb: 2'), context).id).toBe('text');
    expect(detectCodec(bytes('a: 1\nb: 2'), { topic: '', contentType: 'application/yaml' }).id).toBe('yaml');
    expect(detectCodec(bytes('a: 1'), { topic: '', contentType: 'application/vnd.x+yaml' }).id).toBe('yaml');
  });

  it('has the fields of what was written', () => {
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string());
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), leaf, { minKeys: 1 }), (record) => {
        const found = Object.fromEntries(fields(stringify(record)).map(({ path, value }) => [path, value]));
        expect(found).toEqual({ ...record });
      }),
    );
    expect(fields('temp:\n  - 1.50\n  - 18446744073709551615\n', true)).toEqual([
      { path: 'temp[0]', value: 1.5, written: '1.50' },
      { path: 'temp[1]', value: 18446744073709551615n },
    ]);
    expect(fields('a: 1\n---\na: 2\n').map(({ path }) => path)).toEqual(['[0].a', '[1].a']);
    expect(fields('x: &v 5\ny: *v\n').map(({ value }) => value)).toEqual([5, 5]);
  });

  it('does not follow aliases without end', () => {
    const levels = Array.from({ length: 30 }, (_, n) =>
      n === 0
        ? 'a0: &a0 [1,1,1,1,1,1,1,1,1,1]'
        : `a${n}: &a${n} [${Array(10)
            .fill(`*a${n - 1}`)
            .join(',')}]`,
    );
    expect(fields(levels.join('\n')).length).toBeLessThanOrEqual(5000);
  });

  it('answers what is too deep or too long without failing', () => {
    const deep = decode('['.repeat(20_000));
    expect(deep.markers.length + deep.notes.length).toBeGreaterThan(0);
    expect(fields(`${'['.repeat(500)}1${']'.repeat(500)}`)).toEqual([]);
    expect(decode(`a: ${'x'.repeat(600_000)}`).notes).toEqual([
      expect.stringMatching(/^Longer than \d+ KB: not checked for errors\.$/),
    ]);
    expect(() => fields('a: [')).toThrow();
  });

  it('names the place of what cannot be sent', () => {
    expect(() => yamlCodec.encode?.('a: [1,\nb: }')).toThrow(
      /^Not valid YAML: .* \(line \d+, column \d+\)\.$/,
    );
    expect(yamlCodec.encode?.('a: 1')).toEqual(bytes('a: 1'));
  });

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        yamlCodec.decode(bytes(text), limits, context);
        yamlCodec.preview(bytes(text), 50);
      }),
    );
  });
});

describe('From Base64', () => {
  const codec = createUnbase64Codec(detectCodec);

  it('shows what is inside by its kind, from either alphabet and from data: URLs', () => {
    for (const text of [btoa('{"a":[1]}'), `data:application/json;base64,${btoa('{"a":[1]}')}`]) {
      const decoded = codec.decode(bytes(text), limits, context);
      expect(decoded).toMatchObject({ shape: 'text', language: 'json' });
      expect(decoded.notes[0]).toMatch(/^Base64 → JSON, \d+ B → 9 B$/);
      expect(codec.fields?.(bytes(text), limits)).toEqual([{ path: 'a[0]', value: 1 }]);
    }
    expect(codec.decode(bytes('AAECAw=='), limits, context)).toMatchObject({
      text: '00000000  00 01 02 03',
    });
    expect(codec.preview(bytes(btoa('{"a":[1]}')), 40)).toBe('{"a":[1]}');
  });

  it('hands an image to be drawn', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>';
    expect(codec.decode(bytes(btoa(svg)), limits, context)).toMatchObject({
      shape: 'image',
      base64: btoa(svg),
    });
  });

  it('names the place of what is no Base64, and previews it as text', () => {
    expect(codec.decode(bytes('ab*d'), limits, context)).toMatchObject({
      text: 'ab*d',
      markers: [{ offset: 2, length: 1, message: expect.stringContaining('“*” is not') }],
    });
    expect(codec.preview(bytes('ab*d'), 40)).toBe('ab*d');
  });
});
