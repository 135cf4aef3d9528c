import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectCodec } from '../registry.ts';
import { ample, referenceRoot } from './plant.fixture.ts';
import { protobufCodec } from './raw-codec.ts';

const context = { topic: '' };
const root = referenceRoot();
const encoded = (type: string, value: Record<string, unknown>) => {
  const reference = root.lookupType(type);
  return reference.encode(reference.fromObject(value)).finish();
};
const textOf = (payload: Uint8Array) => {
  const decoded = protobufCodec.decode(payload, ample, context);
  return decoded.shape === 'text' ? decoded.text : decoded.shape;
};

describe('Protobuf without a schema', () => {
  it('shows numbers, texts, messages and bytes as they may be meant', () => {
    const payload = encoded('plant.Reading', {
      f64: 1.5,
      f32: 21.4,
      i32: -1,
      s32: -75,
      x32: 7,
      name: 'oven "1"\nnext',
      raw: Uint8Array.of(0, 255, 1),
      point: { x: 1, inner: { y: 2 } },
    });
    expect(textOf(payload).split('\n')).toEqual([
      '1: 0x3ff8000000000000  # double 1.5, unsigned 4609434218613702656',
      '2: 0x41ab3333  # float 21.4, unsigned 1101738803',
      '3: 18446744073709551615  # int64 -1, sint -9223372036854775808',
      '7: 149  # sint -75',
      '9: 0x00000007  # float 9.80909e-45, unsigned 7',
      '14: "oven \\"1\\"\\nnext"',
      "15: h'00ff01'  # 3 B",
      '19 {',
      '  1: 1',
      '  3 {',
      '    2: 2  # sint 1',
      '  }',
      '}',
    ]);
    const fields = protobufCodec.fields?.(payload, ample);
    expect(fields).toContainEqual({ path: '2', value: 21.4 });
    expect(fields).toContainEqual({ path: '3', value: 18446744073709551615n });
    expect(fields).toContainEqual({ path: '19.3.2', value: 2 });
  });

  it('shows groups, and counts what comes again', () => {
    const payload = encoded('old.Report', { id: 7, extra: { note: 'n', deep: [{ z: 1 }, { z: 2 }] } });
    expect(textOf(payload)).toContain('2 {  # group\n  1: "n"\n  2 {  # group\n    1: 1\n  }');
    expect(protobufCodec.fields?.(payload, ample)?.map(({ path }) => path)).toEqual([
      '1',
      '2.1',
      '2.2[0].1',
      '2.2[1].1',
    ]);
    expect(protobufCodec.preview(payload, 200)).toBe('1: 7, 2 {1: "n", 2 {1: 1}, 2 {1: 2}}');
  });

  it('is chosen by content type only', () => {
    const payload = encoded('plant.Reading', { i32: 5, name: 'x' });
    const chosen = (contentType?: string) =>
      detectCodec(payload, contentType === undefined ? context : { ...context, contentType }).id;
    expect(chosen()).not.toBe('protobuf');
    for (const type of [
      'application/x-protobuf',
      'application/protobuf; proto=a.B',
      'application/vnd.google.protobuf',
    ]) {
      expect(chosen(type)).toBe('protobuf');
    }
    expect(chosen('application/protobuffer')).not.toBe('protobuf');
  });

  it('says where bytes are none, and shows them', () => {
    expect(protobufCodec.decode(Uint8Array.of(0x0f), ample, context)).toEqual({
      shape: 'bytes',
      notes: ['This is not Protobuf: wire type 7 is not known (byte 2).'],
    });
    const cut = protobufCodec.decode(Uint8Array.of(0x08, 1, 0x12, 9, 0x61), ample, context);
    expect(cut).toMatchObject({ shape: 'text', text: '1: 1' });
    expect(cut.notes[1]).toContain('Shown is what came before.');
  });

  it('never throws, whatever the bytes and the limits', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 0, max: 200 }),
        (payload, maxTextLength) => {
          const decoded = protobufCodec.decode(payload, { ...ample, maxTextLength }, context);
          expect(['text', 'bytes']).toContain(decoded.shape);
          if (decoded.shape === 'text') {
            // What is open is closed even where there is no room.
            expect(decoded.text.length).toBeLessThanOrEqual(maxTextLength + 32 * 66);
          }
          try {
            expect(protobufCodec.preview(payload, 60).length).toBeLessThanOrEqual(60);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends at its limits of depth, count and time', () => {
    const groups = new Uint8Array(100_000).fill(0x0b);
    expect(protobufCodec.decode(groups, ample, context).notes.join()).toContain('within a group');
    const many = new Uint8Array(500_000).fill(0x08);
    expect(protobufCodec.decode(many, ample, context).notes).toContain(
      'More than 200,000 fields: the rest is left out.',
    );
    expect(protobufCodec.decode(many, { ...ample, isOver: () => true }, context).notes).toContain(
      'Reading it took too long: the rest is left out.',
    );
  });
});
