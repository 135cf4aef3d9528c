import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../contract/failure.ts';
import { referenceType, samples } from './avro.fixture.ts';
import { byFingerprint, canonicalForm, fingerprint } from './fingerprint.ts';
import { findType, readAvroSchema } from './read-schema.ts';

const read = (...texts: string[]) =>
  readAvroSchema(texts.map((text, index) => ({ path: `${'ab'[index]}.avsc`, text })));
const root = (text: string) => read(text).roots[0] ?? { kind: 'null' };
const problem = (...texts: string[]) => {
  try {
    read(...texts);
    return undefined;
  } catch (error) {
    return error instanceof FailureError ? error.failure.message : error;
  }
};

/** Schema, canonical form and fingerprint, as the project has them for all its languages (`schema-tests.txt`). */
const vectors: readonly (readonly [string, string, bigint])[] = [
  ['"null"', '"null"', 7195948357588979594n],
  ['{"type":"null"}', '"null"', 7195948357588979594n],
  ['"boolean"', '"boolean"', -6970731678124411036n],
  ['{"type":"int"}', '"int"', 8247732601305521295n],
  ['"long"', '"long"', -3434872931120570953n],
  ['"float"', '"float"', 5583340709985441680n],
  ['"double"', '"double"', -8181574048448539266n],
  ['"bytes"', '"bytes"', 5746618253357095269n],
  ['"string"', '"string"', -8142146995180207161n],
  ['[  ]', '[]', -1241056759729112623n],
  ['[ "int"  ]', '["int"]', -5232228896498058493n],
  ['[ "int" , {"type":"boolean"} ]', '["int","boolean"]', 5392556393470105090n],
  [
    '{"fields":[], "type":"record", "name":"foo", "doc":"Useful info"}',
    '{"name":"foo","type":"record","fields":[]}',
    -4824392279771201922n,
  ],
  [
    '{"fields":[], "type":"record", "name":"foo", "namespace":"x.y"}',
    '{"name":"x.y.foo","type":"record","fields":[]}',
    5916914534497305771n,
  ],
  [
    '{"fields":[], "type":"record", "name":"a.b.foo", "namespace":"x.y"}',
    '{"name":"a.b.foo","type":"record","fields":[]}',
    -4616218487480524110n,
  ],
  [
    '{"fields":[{"type":"boolean", "aliases":[], "name":"f1", "default":"true"},{"order":"descending","name":"f2","doc":"Hello","type":"int"}],"type":"record", "name":"foo"}',
    '{"name":"foo","type":"record","fields":[{"name":"f1","type":"boolean"},{"name":"f2","type":"int"}]}',
    -4860222112080293046n,
  ],
  [
    '{"namespace":"x.y.z", "type":"enum", "name":"foo", "doc":"foo bar", "symbols":["A1", "A2"]}',
    '{"name":"x.y.z.foo","type":"enum","symbols":["A1","A2"]}',
    -4448647247586288245n,
  ],
  [
    '{"namespace":"x.y.z", "type":"fixed", "name":"foo", "doc":"foo bar", "size":32}',
    '{"name":"x.y.z.foo","type":"fixed","size":32}',
    -3064184465700546786n,
  ],
  ['{ "items":{"type":"null"}, "type":"array"}', '{"type":"array","items":"null"}', -589620603366471059n],
  ['{ "values":"string", "type":"map"}', '{"type":"map","values":"string"}', -8732877298790414990n],
  [
    '{"name":"PigValue","type":"record","fields":[{"name":"value", "type":["null", "int", "long", "PigValue"]}]}',
    '{"name":"PigValue","type":"record","fields":[{"name":"value","type":["null","int","long","PigValue"]}]}',
    -1759257747318642341n,
  ],
];

describe('schemas of Avro', () => {
  it.each(vectors)('%s has the canonical form and fingerprint of the vectors', (text, form, mark) => {
    expect(canonicalForm(root(text))).toBe(form);
    expect(fingerprint(form)).toBe(BigInt.asUintN(64, mark).toString(16).padStart(16, '0'));
  });

  it('have the canonical form that the reference library makes', () => {
    fc.assert(
      fc.property(samples, ({ schema }) => {
        const whole = { type: 'record', name: 'x.Whole', fields: [{ name: 'v', type: schema }] };
        const form = canonicalForm(root(JSON.stringify(whole))) ?? '';
        expect(createHash('md5').update(form).digest()).toEqual(referenceType(whole).fingerprint('md5'));
      }),
    );
  });

  it('may name each other in any order, over files and namespaces', () => {
    const { types } = read(
      '{"type":"record","name":"Reading","namespace":"plant","fields":[{"name":"at","type":"Place"},{"name":"next","type":["null","Reading"]},{"name":"unit","type":"other.Unit"}]}',
      '[{"type":"enum","name":"other.Unit","symbols":["C","F"]},{"type":"record","name":"Place","namespace":"plant","fields":[{"name":"inner","type":{"type":"record","name":"Inner","fields":[]}},{"name":"unit","type":"other.Unit"}]}]',
    );
    expect([...types.keys()]).toEqual([
      'plant.Reading',
      'other.Unit',
      'plant.Place',
      'plant.Inner',
      'union<Unit, Place>',
    ]);
    const reading = types.get('plant.Reading');
    expect(reading?.kind === 'record' && reading.fields[1]?.type).toMatchObject({ kind: 'union' });
    expect(reading?.kind === 'record' && reading.fields[0]?.type).toBe(types.get('plant.Place'));
  });

  it('are found by their names, their earlier names and their fingerprints', () => {
    const schema = read(
      '{"type":"record","name":"p.New","aliases":["Old","q.Older"],"fields":[]}',
      '{"type":"array","items":"p.New"}',
    );
    expect(findType(schema, 'p.Old')).toBe(findType(schema, 'p.New'));
    expect(findType(schema, 'q.Older')).toBe(findType(schema, 'p.New'));
    expect(findType(schema, 'array<New>').kind).toBe('array');
    expect(() => findType(schema, 'Old')).toThrow('The schema has no type “Old”.');
    expect(byFingerprint(schema.types).size).toBe(2);
  });

  it('may carry the same type in several files, each complete', () => {
    const unit = '{"type":"enum","name":"Unit","symbols":["C"]}';
    const record = (name: string) =>
      `{"type":"record","name":"${name}","fields":[{"name":"u","type":${unit}}]}`;
    expect([...read(record('A'), record('B')).types.keys()]).toEqual(['A', 'B']);
    expect(problem(record('A'), record('B').replace('"C"', '"F"'))).toBe(
      'b.avsc, line 1, column 58: There is another type “Unit” already, in a.avsc.',
    );
  });

  it.each([
    ['{"type":"record"', 'line 1, column 17: The text ends here, but a “}” is missing.'],
    ['', 'line 1, column 1: There is no JSON value.'],
    ['5', 'line 1, column 1: A type is a name, an object in braces, or a list of them.'],
    ['"Foo"', 'line 1, column 1: There is no type “Foo” in the files of this schema.'],
    ['"record"', 'line 1, column 1: “record” needs an object in braces that says more.'],
    ['{"name":"a"}', 'line 1, column 1: The “type” is missing.'],
    ['{"type":"record","fields":[]}', 'line 1, column 1: The record needs a “name”.'],
    ['{"type":"record","name":"a"}', 'line 1, column 1: The record needs a list of “fields”.'],
    ['{"type":"record","name":5,"fields":[]}', 'line 1, column 25: “name” must be a text.'],
    ['{"type":"record","name":"a","fields":[{"name":"x"}]}', 'line 1, column 39: A field needs a “type”.'],
    [
      '{"type":"record","name":"a-b","fields":[]}',
      'line 1, column 25: “a-b” is not a name: it holds letters, digits and “_”, and does not begin with a digit.',
    ],
    [
      '{"type":"fixed","name":"int","size":1}',
      'line 1, column 24: “int” is the name of a type that is always there.',
    ],
    [
      '{"type":"record","name":"a","namespace":"p",\n"fields":[\n  {"name":"x","type":"Nowhere"}]}',
      'line 3, column 22: There is no type “p.Nowhere” in the files of this schema.',
    ],
    [
      '{"type":"record","name":"a","fields":[{"name":"x","type":"int"},{"name":"x","type":"int"}]}',
      'line 1, column 65: There is a field “x” already.',
    ],
    ['{"type":"enum","name":"a","symbols":["A","A"]}', 'line 1, column 42: There is a symbol “A” already.'],
    [
      '{"type":"fixed","name":"a","size":-1}',
      'line 1, column 35: The fixed needs a “size” from 0 to 1,000,000 bytes.',
    ],
    ['{"type":"array"}', 'line 1, column 1: The array needs “items”.'],
    ['["int",["null"]]', 'line 1, column 8: A union can’t hold a union.'],
    ['["int","int"]', 'line 1, column 8: The union has “int” twice.'],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 'line 1, column 1: The file is nested deeper than 100.'],
  ])('%s is refused with the place', (text, message) => {
    expect(problem(text)).toBe(`a.avsc, ${message}`);
  });

  it('says what to do about Avro IDL', () => {
    expect(problem('@namespace("x")\nprotocol P {}')).toBe(
      'a.avsc is written in Avro IDL, which can’t be read.',
    );
  });

  it('take long chains of types and deep canonical forms within limits', () => {
    const chain = JSON.stringify(
      Array.from({ length: 510 }, (_, index) => ({
        type: 'record',
        name: `T${index}`,
        fields: index === 509 ? [] : [{ name: 'next', type: ['null', `T${index + 1}`] }],
      })),
    );
    expect(read(chain).types.size).toBe(511);
    expect(canonicalForm(read(chain).roots[0] ?? { kind: 'null' })).toBeUndefined();
    expect(byFingerprint(read(chain).types).size).toBeGreaterThan(50);
  });

  it('are never a reason to fail otherwise', () => {
    const value = fc.oneof(
      fc.constantFrom('record', 'int', 'array', 'enum', 'T', '', null, 3, true),
      fc.string(),
    );
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        value,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.record(
          {
            type: tie('node'),
            name: value,
            namespace: value,
            fields: tie('node'),
            items: tie('node'),
            values: tie('node'),
            symbols: tie('node'),
            size: value,
            aliases: tie('node'),
            logicalType: value,
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    fc.assert(
      fc.property(node, (json) => {
        const said = problem(JSON.stringify(json));
        expect(said === undefined || typeof said === 'string').toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
