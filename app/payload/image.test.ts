import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeLimits } from './codec.ts';
import { imageCodec } from './image.ts';
import { readImageHeader } from './image-header.ts';
import { detectCodec } from './registry.ts';

const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
const text = (value: string) => new TextEncoder().encode(value);
const limits: DecodeLimits = { maxTextLength: 1000, maxDepth: 10, isOver: () => false };
const png = (width: number, height: number) => {
  const bytes = hex('89504e470d0a1a0a 0000000d 49484452 00000000 00000000 08060000 00');
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
};

describe('readImageHeader', () => {
  it.each([
    ['PNG', png(640, 480), { mime: 'image/png', width: 640, height: 480 }],
    ['GIF', hex('474946383961 8002 e001 00'), { mime: 'image/gif', width: 640, height: 480 }],
    [
      'JPEG behind other segments',
      hex('ffd8 ffe0 0004 0000 ffff c0 0011 08 01e0 0280 03 00'),
      { mime: 'image/jpeg', width: 640, height: 480 },
    ],
    [
      'extended WebP',
      hex('52494646 00000000 57454250 56503858 0a000000 00000000 7f0200 df0100 00'),
      { mime: 'image/webp', width: 640, height: 480 },
    ],
    [
      'lossless WebP',
      hex('52494646 00000000 57454250 5650384c 0a000000 2f 7fc27700 0000000000'),
      { mime: 'image/webp', width: 640, height: 480 },
    ],
    [
      'lossy WebP',
      hex('52494646 00000000 57454250 56503820 0a000000 000000 9d012a 8002 e001 0000'),
      { mime: 'image/webp', width: 640, height: 480 },
    ],
    ['SVG', text('<svg xmlns="x"/>'), { mime: 'image/svg+xml' }],
    [
      'SVG behind its prologue',
      text('\uFEFF<?xml version="1.0"?>\n<!-- a <svg> -->\n<!DOCTYPE svg>\n<svg>'),
      { mime: 'image/svg+xml' },
    ],
    ['a PNG that is cut', png(1, 1).subarray(0, 12), { mime: 'image/png' }],
    ['a JPEG that is cut', hex('ffd8ffe00004'), { mime: 'image/jpeg' }],
    ['XML', text('<svgs/>'), undefined],
    ['a comment without end', text('<!-- <svg>'), undefined],
    ['text', text('GIF8 is old'), undefined],
  ])('%s', (_name, bytes, header) => {
    expect(readImageHeader(bytes)).toEqual(header);
  });

  it('ends for any bytes, and soon', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'ffd8ff', '89504e470d0a1a0a', '474946383961', '52494646000000005745425056503858'),
        fc.uint8Array({ maxLength: 100 }),
        (start, rest) => {
          readImageHeader(new Uint8Array([...hex(start), ...rest]));
        },
      ),
    );
    expect(readImageHeader(text('<!---->'.repeat(100_000)))).toBeUndefined();
    expect(readImageHeader(new Uint8Array([0xff, 0xd8, ...new Uint8Array(100_000).fill(0xff)]))).toEqual({
      mime: 'image/jpeg',
    });
  });
});

describe('the codec', () => {
  const decoded = (bytes: Uint8Array) => imageCodec.decode(bytes, limits, { topic: 't' });

  it('is chosen for images, and draws them', () => {
    expect(detectCodec(png(2, 2), { topic: 't' }).id).toBe('image');
    expect(detectCodec(text('<svg/>'), { topic: 't' }).id).toBe('image');
    expect(decoded(png(2, 2))).toEqual({ shape: 'image', mime: 'image/png', notes: [] });
    expect(imageCodec.preview(png(640, 480), 100, 1200)).toBe('(PNG image, 640 × 480, 1.2 KB)');
  });

  it('draws nothing that would take too much memory, and shows the bytes of what is no image', () => {
    expect(decoded(png(60_000, 60_000))).toMatchObject({
      shape: 'bytes',
      notes: [expect.stringContaining('60,000 × 60,000 pixels')],
    });
    const large = new Uint8Array(33 * 1024 * 1024);
    large.set(png(2, 2));
    expect(decoded(large)).toMatchObject({ shape: 'bytes', notes: [expect.stringContaining('35 MB')] });
    expect(decoded(text('no image'))).toMatchObject({ shape: 'bytes', notes: [expect.any(String)] });
  });
});
