import { describe, expect, it } from 'vitest';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import { codecOfView, ruleViewLabel } from './rule-draft.ts';
import { keptSchemas, typesOf } from './schema-facts.ts';
import { type PickedFile, schemasOfFiles } from './schema-files.ts';

const file = (name: string, content: string | Uint8Array<ArrayBuffer>, size?: number): PickedFile => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name,
    webkitRelativePath: '',
    size: size ?? bytes.length,
    arrayBuffer: async () => bytes.slice().buffer,
  };
};
const schema = (id: string, text: string): PayloadSchema => ({
  id,
  name: id,
  kind: 'protobuf',
  files: [{ path: `${id}.proto`, text }],
});

describe('files that are added', () => {
  it('become one schema of all .proto files, and one of each other file', async () => {
    const made = await schemasOfFiles([
      file('reading.proto', '\ufeffmessage A {}'),
      file('all.desc', Uint8Array.of(10, 0)),
      file('units.proto', 'message B {}'),
      file('user.avsc', '{"type":"record"}'),
    ]);
    expect(made.map(({ name, kind, files }) => [name, kind, files])).toEqual([
      [
        'reading',
        'protobuf',
        [
          { path: 'reading.proto', text: 'message A {}' },
          { path: 'units.proto', text: 'message B {}' },
        ],
      ],
      ['all', 'protobuf', [{ path: 'all.desc', base64: 'CgA=' }]],
      ['user', 'avro', [{ path: 'user.avsc', text: '{"type":"record"}' }]],
    ]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(3);
  });

  it('become one schema of several of Avro only where they name each other’s types', async () => {
    const place = file('place.avsc', '{"type":"record","name":"Place","fields":[]}');
    const user = file('user.avsc', '{"type":"record","name":"User","fields":[{"name":"at","type":"Place"}]}');
    const other = file('other.avsc', '"int"');
    expect((await schemasOfFiles([place, other])).map(({ name }) => name)).toEqual(['place', 'other']);
    const joined = await schemasOfFiles([user, place]);
    expect(joined.map(({ name, files }) => [name, files.length])).toEqual([['user', 2]]);
    expect(joined.flatMap((one) => typesOf(one).types)).toEqual(['User', 'Place']);
  });

  it.each([
    [[file('a.txt', 'x')], '“a.txt” is no schema.'],
    [[file('a.proto', Uint8Array.of(0xff))], '“a.proto” is not UTF-8 text.'],
    [[file('a.proto', 'x', 1_000_001)], 'A schema may take 1.0 MB; “a.proto” takes 1.0 MB.'],
    [Array.from({ length: 201 }, () => file('a.proto', '')), 'These are 201 files; a schema may have 200.'],
  ])('are refused with what is wrong: case %#', async (files, message) => {
    await expect(schemasOfFiles(files)).rejects.toThrow(message);
  });
});

describe('schemas that come anew', () => {
  it('stay the same objects where they say the same', () => {
    const before = [schema('a', 'message A {}'), schema('b', 'message B {}')];
    expect(keptSchemas(before, structuredClone(before))).toBe(before);
    const kept = keptSchemas(before, [
      structuredClone(before[1] ?? schema('b', '')),
      schema('a', 'message C {}'),
    ]);
    expect(kept[0]).toBe(before[1]);
    expect(kept[1]).not.toBe(before[0]);
  });

  it('say which messages they describe, or why not', () => {
    expect(typesOf(schema('a', 'message A { message In {} }')).types).toEqual(['A', 'A.In']);
    expect(typesOf(schema('a', 'message A {')).failure?.message).toContain('a.proto can’t be read');
  });
});

describe('a view that reads by a schema', () => {
  it('begins with the first that fits, and names its type', () => {
    const schemas = [schema('a', 'package p; message A {} message B {}')];
    const codec = codecOfView({ id: 'auto' }, 'protobuf', schemas);
    expect(codec).toEqual({ id: 'protobuf', schema: 'a', type: 'p.A' });
    expect(ruleViewLabel(codec)).toBe('Protobuf: A');
    expect(codecOfView(codec, 'json', schemas)).toEqual({ id: 'json' });
    expect(codecOfView({ id: 'auto' }, 'protobuf', [])).toEqual({ id: 'protobuf' });
  });
});
