import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Decoder, defaultReaderLimits } from './decoder.ts';
import { bytes, newLog } from './readers.fixture.ts';
import { SessionLogs } from './session-logs.ts';
import { unwrap } from './unwrap.ts';

const MAX = 1024 * 1024;
const packers = {
  gzip: (data: Uint8Array) => zlib.gzipSync(data),
  zlib: (data: Uint8Array) => zlib.deflateSync(data),
  zstd: (data: Uint8Array) => zlib.zstdCompressSync(data),
} as const;

async function viewOf(payload: Uint8Array, codec = 'auto', maxUnpacked = MAX) {
  const logs = new SessionLogs();
  const log = newLog((update) => logs.apply('s', update));
  const limits = { ...defaultReaderLimits, maxUnpacked };
  const decoder = new Decoder(logs, limits, { onBegin: vi.fn(), onEnd: vi.fn() });
  return decoder.view('s', log.receive(new Uint8Array(payload)), codec);
}

describe('unwrap', () => {
  it('takes off what the packers put on, in any order', () => {
    const names = fc.array(fc.constantFrom('gzip', 'zlib', 'zstd'), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string(), names, (text, layers) => {
        const content = bytes(`"${text}`);
        const packed = layers.reduceRight((data, name) => new Uint8Array(packers[name](data)), content);
        const unwrapped = unwrap(packed, MAX);
        expect(unwrapped).toMatchObject({ layers, problem: undefined });
        expect(Buffer.compare(unwrapped.bytes, content)).toBe(0);
      }),
    );
  });

  it.each(['gzip', 'zlib', 'zstd'] as const)('leaves a bomb of %s packed', (name) => {
    const bomb = packers[name](new Uint8Array(50 * MAX));
    const { bytes: left, layers, problem } = unwrap(bomb, MAX);
    expect(left).toBe(bomb);
    expect(layers).toEqual([]);
    expect(problem).toBe(`Unpacked from ${name} it would be larger than 1.0 MB: shown as it came.`);
  });

  it('leaves text and broken data as they are', () => {
    expect(unwrap(bytes('x^2 + 1'), MAX)).toMatchObject({ layers: [], problem: undefined });
    expect(unwrap(packers.gzip(bytes('abc')).subarray(0, 15), MAX).problem).toMatch(/^Begins like gzip, but/);
    fc.assert(
      fc.property(
        fc.constantFrom([0x1f, 0x8b, 8], [0x78, 0x9c], [0x28, 0xb5, 0x2f, 0xfd]),
        fc.uint8Array({ maxLength: 200 }),
        (head, tail) => {
          expect(unwrap(new Uint8Array([...head, ...tail]), MAX).bytes.length).toBeLessThanOrEqual(MAX);
        },
      ),
    );
  });
});

describe('a compressed payload', () => {
  const packed = packers.gzip(bytes(`{"a":[${'1,'.repeat(700)}1]}`));

  it('is decoded by what is inside, and says so', async () => {
    const view = await viewOf(packed);
    expect(view).toMatchObject({ codec: 'json', size: packed.length });
    expect(view.decoded.notes).toEqual([`gzip → JSON, ${packed.length} B → 1.4 KB`]);
  });

  it('is shown as received by Hex and Base64', async () => {
    const view = await viewOf(packed, 'base64');
    expect(view.decoded.notes).toEqual([`gzip → bytes, shown as they came, ${packed.length} B → 1.4 KB`]);
    expect(view.decoded.shape === 'text' && view.decoded.text.replace(/\s/g, '')).toBe(
      packed.toString('base64'),
    );
    expect((await viewOf(packers.gzip(new Uint8Array([0, 1, 2, 255])))).decoded).toMatchObject({
      shape: 'bytes',
      notes: [expect.stringMatching(/^gzip → bytes, shown as they came, \d+ B → 4 B$/)],
    });
  });

  it('is not unpacked beyond the limit', async () => {
    expect((await viewOf(packed, 'auto', 100)).decoded).toMatchObject({
      shape: 'bytes',
      notes: ['Unpacked from gzip it would be larger than 100 B: shown as it came.'],
    });
  });
});
