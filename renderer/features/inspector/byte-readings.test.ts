import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingsOf } from './byte-readings.ts';

const reading = (bytes: Uint8Array, name: string) => readingsOf(bytes).find((one) => one.name === name);
const hex = (digits: string) =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

describe('readingsOf', () => {
  it('reads integers and floats as they were written, in both byte orders', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.boolean(), (value, isLittle) => {
        const view = new DataView(new ArrayBuffer(8));
        view.setBigUint64(0, value, isLittle);
        const bytes = new Uint8Array(view.buffer);
        const of = (name: string) => reading(bytes, name)?.[isLittle ? 'little' : 'big'];
        expect(of('uint64')).toBe(String(value));
        expect(of('int64')).toBe(String(BigInt.asIntN(64, value)));
        expect(of('float64')).toBe(String(view.getFloat64(0, isLittle)));
        expect(of('uint32')).toBe(String(view.getUint32(0, isLittle)));
        expect(of('int16')).toBe(String(view.getInt16(0, isLittle)));
      }),
    );
  });

  it.each([
    ['3c00', '1'],
    ['c000', '-2'],
    ['7bff', '65504'],
    ['0001', '5.9605e-8'],
    ['8000', '-0'],
    ['7c00', 'Infinity'],
    ['7e00', 'NaN'],
    ['3555', '0.33325'],
  ])('reads the half float %s', (digits, text) => {
    expect(reading(hex(digits), 'float16')?.big).toBe(text);
  });

  it('reads a float with the digits that name it, bits, and signed bytes', () => {
    expect(reading(hex('41ab3333'), 'float32')?.big).toBe('21.3999996');
    expect(reading(hex('a5'), 'bits')).toMatchObject({ little: '10100101', big: '10100101' });
    expect(reading(hex('fe'), 'int8')?.little).toBe('-2');
  });

  it('reads times where they can be meant', () => {
    expect(reading(hex('6592008000'), 'Unix time, s')?.big).toBe('2024-01-01T00:00:00.000Z');
    expect(reading(hex('0000018cc251f400'), 'Unix time, ms')).toEqual({
      name: 'Unix time, ms',
      big: '2024-01-01T00:00:00.000Z',
      little: undefined,
    });
  });

  it('leaves out what needs more bytes, and reads a part of a larger buffer', () => {
    expect(readingsOf(new Uint8Array())).toSatisfy((all: ReturnType<typeof readingsOf>) =>
      all.every(({ little, big }) => little === undefined && big === undefined),
    );
    expect(reading(new Uint8Array([9, 1, 0, 9]).subarray(1, 3), 'uint16')).toMatchObject({
      little: '1',
      big: '256',
    });
    expect(reading(new Uint8Array(3), 'uint32')?.big).toBeUndefined();
  });
});
