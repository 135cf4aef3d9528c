import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from './failure.ts';
import { decodeFrame, decodeHeader, encodeFrame, FrameKind, MAX_FRAME_BYTES } from './frames.ts';

const kind = fc.constantFrom(...Object.values(FrameKind));
const channel = fc.integer({ min: 0, max: 0xffff_ffff });
const target = fc.string({ maxLength: 60, unit: 'grapheme' });
const body = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    // MessagePack has no negative zero among its integers, and needs none here.
    fc.double({ noNaN: true }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      tie('value'),
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
  ),
})).value;

describe('frames', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(kind, channel, target, body, (k, c, t, b) => {
        expect(decodeFrame(encodeFrame({ kind: k, channel: c, target: t, body: b }))).toEqual({
          kind: k,
          channel: c,
          target: t,
          body: b,
        });
      }),
    );
  });

  it('show their header without their body', () => {
    fc.assert(
      fc.property(kind, channel, target, fc.uint8Array(), (k, c, t, garbage) => {
        const whole = encodeFrame({ kind: k, channel: c, target: t, body: {} });
        const { bodyOffset, ...header } = decodeHeader(whole);
        expect(header).toEqual({ kind: k, channel: c, target: t });
        // A body that can't be read is forwarded all the same: it concerns the target alone.
        const broken = new Uint8Array([...whole.subarray(0, bodyOffset), ...garbage]);
        expect(decodeHeader(broken)).toEqual({ ...header, bodyOffset });
      }),
    );
  });

  it('refuse any other bytes with a failure, never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('drop members that are undefined, so that optional fields stay absent', () => {
    const { body: seen } = decodeFrame(
      encodeFrame({ kind: FrameKind.request, channel: 1, target: 'main', body: { a: undefined, b: 1 } }),
    );
    expect(seen).toEqual({ b: 1 });
  });

  it('have a largest size', () => {
    expect(() => decodeHeader(new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow(/larger than the limit/);
  });

  it('do not let a body ask for more room than it fills', () => {
    const bytes = encodeFrame({ kind: FrameKind.hello, channel: 0, target: 'main', body: 0 });
    const header = bytes.subarray(0, decodeHeader(bytes).bodyOffset);
    // A hundred arrays of thirty million members each, one within the other: 24 GB, were they taken at their word.
    const array = [0xdd, 0x01, 0xc9, 0xc3, 0x80];
    const hostile = new Uint8Array([...header, ...Array.from({ length: 100 }, () => array).flat()]);
    expect(() => decodeFrame(hostile)).toThrow(FailureError);
    const map = new Uint8Array([...header, 0xdf, 0x01, 0xc9, 0xc3, 0x80]);
    expect(() => decodeFrame(map)).toThrow(FailureError);
  });

  it('hold large and many members, of every width that a count can have', () => {
    for (const size of [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      const large = {
        text: 'x'.repeat(size),
        bytes: new Uint8Array(size),
        list: Array.from({ length: size }, (_, index) => index - 5),
        map: Object.fromEntries(
          Array.from({ length: Math.min(size, 300) }, (_, index) => [`k${index}`, 0.5]),
        ),
        numbers: [127, 128, -32, -33, 255, 256, 65_535, 65_536, 2 ** 32, -(2 ** 31), -(2 ** 40), 1.5],
        date: new Date(1_700_000_000_123),
      };
      const frame = { kind: FrameKind.window, channel: 1, target: 's', body: large };
      expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
    }
  });

  it('do not let a body set a prototype', () => {
    const bytes = encodeFrame({ kind: FrameKind.request, channel: 1, target: 'main', body: 0 });
    const header = bytes.subarray(0, decodeHeader(bytes).bodyOffset);
    const hostile = encode(new Map([['__proto__', { polluted: true }]]) as never);
    try {
      decodeFrame(new Uint8Array([...header, ...hostile]));
    } catch (error) {
      expect(error).toBeInstanceOf(FailureError);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
