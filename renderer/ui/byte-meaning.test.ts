import { describe, expect, it } from 'vitest';
import { meaningOf } from './byte-meaning.ts';

describe('meaningOf', () => {
  it('reads one, two and four bytes in both orders', () => {
    expect(meaningOf(new Uint8Array([0x7f]))).toBe('127');
    expect(meaningOf(new Uint8Array([0xfe]))).toBe('254, signed -2');
    expect(meaningOf(new Uint8Array([0x01, 0x00]))).toBe('LE 1, BE 256');
    expect(meaningOf(new Uint8Array([0x00, 0x00, 0x80, 0x3f]))).toBe(
      'LE 1065353216, BE 32831, float LE 1, BE 4.600603e-41',
    );
    expect(meaningOf(new Uint8Array(3))).toBe('');
  });

  it('reads a part of a larger buffer', () => {
    expect(meaningOf(new Uint8Array([9, 1, 0, 9]).subarray(1, 3))).toBe('LE 1, BE 256');
  });
});
