import { buffer } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectCodec, previewPayload } from '../registry.ts';
import { codecOf, hex, limits, schemaOf, shown } from './avro.fixture.ts';
import { avroCodec } from './avro-codec.ts';
import { markedTypes } from './avro-format.ts';
import { singleObject } from './single-object.ts';

const reading = {
  type: 'record',
  name: 'plant.Reading',
  fields: [
    { name: 'id', type: 'int' },
    { name: 'temp', type: 'double' },
    { name: 'unit', type: ['null', 'string'], default: null },
  ],
};
const other = { type: 'record', name: 'plant.Alarm', fields: [{ name: 'text', type: 'string' }] };
const value = { id: -98, temp: 21.5, unit: { string: '°C' } };
const bytes = avsc.Type.forSchema(reading as avsc.Schema, { wrapUnions: true }).toBuffer(value);
const text = '{ "id": -98, "temp": 21.5, "unit": "°C" }';

/** A container file as the reference library writes it. */
async function file(values: readonly unknown[], codec: string): Promise<Uint8Array> {
  const type = avsc.Type.forSchema(reading as avsc.Schema, { wrapUnions: true });
  const encoder = new avsc.streams.BlockEncoder(type as unknown as avsc.Schema, { codec, blockSize: 64 });
  for (const item of values) {
    encoder.write(item);
  }
  encoder.end();
  return new Uint8Array(await buffer(encoder));
}

describe('frames of Avro', () => {
  it('tell the type of a value by its fingerprint, whatever the rule says', () => {
    const schema = schemaOf([reading, other]);
    const marks = [...markedTypes(schema)];
    const [mark = ''] = marks.find(([, { name }]) => name === 'plant.Reading') ?? [];
    const framed = singleObject(mark, bytes);
    expect(Buffer.from(framed.subarray(0, 2)).toString('hex')).toBe('c301');
    expect(shown(codecOf([reading, other], 'plant.Alarm'), framed)).toEqual({
      text,
      notes: [`The payload names another type of the schema: Reading, fingerprint 0x${mark}.`],
    });
    expect(shown(codecOf([reading, other], 'plant.Reading'), framed)).toEqual({ text, notes: [] });
    expect(codecOf([reading, other], 'plant.Alarm').preview(framed, 100)).toBe(
      '{"id":-98,"temp":21.5,"unit":"°C"}',
    );
    // A number may begin a value as the mark does.
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xc3, 0x01]));
    expect(shown(codecOf(reading), bytes)).toEqual({ text, notes: [] });
  });

  it('name a schema that is not there', () => {
    const framed = singleObject('0123456789abcdef', bytes);
    expect(Buffer.from(framed.subarray(2, 10)).toString('hex')).toBe('efcdab8967452301');
    expect(detectCodec(framed, { topic: '' })).toBe(avroCodec);
    expect(avroCodec.decode(framed, limits, { topic: '' })).toEqual({
      shape: 'bytes',
      notes: [
        'Avro in single-object encoding, by the schema with the fingerprint 0x0123456789abcdef, which is not among the schemas of this connection. Add it in the tab “Rules”.',
      ],
    });
    expect(previewPayload(framed, 100)).toBe('⟨Avro, schema 0x0123456789abcdef, 25 B⟩');
    expect(shown(codecOf(other), framed).notes[0]).toContain('0x0123456789abcdef');
  });

  it('of schema registries are taken off, and told', () => {
    const framed = Buffer.concat([hex('00 00 00 00 2a'), bytes]);
    expect(shown(codecOf(reading), framed)).toEqual({
      text,
      notes: ['Framed for a schema registry (Confluent): schema 42. Read by the type of the rule.'],
    });
    expect(codecOf(reading).fields(framed, limits)[1]).toEqual({ path: 'temp', value: 21.5 });
    expect(codecOf(reading).preview(framed, 100)).toBe('{"id":-98,"temp":21.5,"unit":"°C"}');
    // What is a value as it is stays one.
    expect(shown(codecOf({ type: 'array', items: 'null' }), hex('00')).notes).toEqual([]);
  });

  it.each(['null', 'deflate'])(
    'files with blocks packed by “%s” are read by the schema inside',
    async (codec) => {
      const values = Array.from({ length: 20 }, (_, id) => ({ ...value, id }));
      const whole = await file(values, codec);
      expect(detectCodec(whole, { topic: '' })).toBe(avroCodec);
      const { text: list = '', notes } = shown(avroCodec, whole);
      expect(JSON.parse(list)).toEqual(values.map((item) => ({ ...item, unit: '°C' })));
      expect(notes).toEqual([
        `Avro file: 20 values of plant.Reading, ${codec === 'null' ? 'not packed' : 'deflate'}.`,
      ]);
      expect(avroCodec.fields?.(whole, limits)[4]).toEqual({ path: '[1].temp', value: 21.5 });
      expect(previewPayload(whole, 100)).toMatch(/^⟨Avro file, \d+ B⟩$/);
      // A rule for the topic reads it all the same.
      expect(shown(codecOf(other), whole).text).toBe(list);
      // Cut off, it shows what is there.
      const cut = shown(avroCodec, whole.subarray(0, whole.length - 30));
      expect(JSON.parse(cut.text ?? '').length).toBeGreaterThan(0);
      expect(cut.notes[0]).toContain('bytes are announced');
      whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
      expect(shown(avroCodec, whole).notes[0]).toContain('A block does not end with the mark of the file');
    },
  );

  it('never fail on files that are damaged', async () => {
    const files = [await file([value, value], 'null'), await file([value, value], 'deflate')];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (whole, changes) => {
          const damaged = whole.slice();
          for (const [at, byte] of changes) {
            damaged[4 + (at % (damaged.length - 4))] = byte;
          }
          expect(shown(avroCodec, damaged).notes.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('do not unpack without end', () => {
    // 64 MB of zeros are 64 KB packed.
    const packed = deflateRawSync(Buffer.alloc(70_000_000));
    const head = Buffer.concat([
      hex('4f 62 6a 01 04 16'),
      Buffer.from('avro.schema'),
      hex('0c'),
      Buffer.from('"null"'),
      hex('14'),
      Buffer.from('avro.codec'),
      hex('0e'),
      Buffer.from('deflate'),
      hex('00'),
      Buffer.alloc(16, 7),
    ]);
    const size = avsc.Type.forSchema('long').toBuffer(packed.length);
    const { notes } = shown(avroCodec, Buffer.concat([head, hex('02'), size, packed, Buffer.alloc(16, 7)]));
    expect(notes[0]).toContain('The file unpacks to more than 67 MB');
  });
});
