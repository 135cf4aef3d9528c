import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { packPublished } from '../session/log/properties.ts';
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
const brotli = (text: string) => new Uint8Array(zlib.brotliCompressSync(text));

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

describe('brotli, which has no mark', () => {
  const text = `{"values":[${'21.5,'.repeat(100)}0]}`;

  it('is taken off where the message names it', () => {
    for (const hints of [{ contentEncoding: 'br' }, { contentType: 'application/x-brotli' }]) {
      const unwrapped = unwrap(brotli('x'), MAX, hints);
      expect(unwrapped).toMatchObject({ layers: ['brotli'], problem: undefined });
      expect(Buffer.from(unwrapped.bytes).toString()).toBe('x');
      expect(unwrap(bytes('not packed'), MAX, hints).problem).toMatch(/^Begins like brotli, but/);
    }
  });

  it('is tried where binary bytes unpack to a longer text', () => {
    expect(unwrap(brotli(text), MAX).layers).toEqual(['brotli']);
    expect(unwrap(brotli(text), 100)).toMatchObject({ layers: [], problem: undefined });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 300 }), (tail) => {
        const payload = Uint8Array.of(0x1b, ...tail);
        const { bytes: unpacked, layers } = unwrap(payload, MAX);
        expect(layers.length === 0 ? unpacked : payload).toBe(payload);
      }),
    );
  });

  it('is named by the user property of the message', async () => {
    const logs = new SessionLogs();
    const log = newLog((update) => logs.apply('s', update));
    const decoder = new Decoder(logs, defaultReaderLimits, { onBegin: vi.fn(), onEnd: vi.fn() });
    const userProperties = [{ key: 'Content-Encoding', value: 'br' }];
    const sequence = log.receive(brotli('[1]'), 1, packPublished({ userProperties }));
    expect(await decoder.view('s', sequence, 'auto')).toMatchObject({ codec: 'json' });
  });
});

describe('text in a charset that it names', () => {
  const utf16 = Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from('{"a":"é"}', 'utf16le')]);

  it('comes to the codecs in UTF-8, also out of a wrapping', async () => {
    for (const payload of [utf16, packers.gzip(utf16)]) {
      const view = await viewOf(payload);
      expect(view.codec).toBe('json');
      expect(view.decoded.notes[0]).toMatch(/UTF-16 LE → JSON/);
    }
    const xml = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1');
    expect((await viewOf(xml)).decoded).toMatchObject({ text: expect.stringContaining('é'), markers: [] });
  });

  it('is shown in the charset that is chosen', async () => {
    expect((await viewOf(packers.gzip(utf16), 'text:utf-16be')).decoded).toMatchObject({
      text: expect.stringContaining('笀'),
    });
    expect((await viewOf(Uint8Array.of(0xc3, 0xa9), 'text:windows-1252')).decoded).toMatchObject({
      text: 'Ã©',
    });
  });
});

describe('an image in a wrapping', () => {
  it('comes as Base64 for the page, which has only the packed bytes', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>';
    const view = await viewOf(packers.gzip(bytes(svg)));
    expect(view.decoded).toMatchObject({
      shape: 'image',
      mime: 'image/svg+xml',
      base64: Buffer.from(svg).toString('base64'),
    });
    expect((await viewOf(bytes(svg))).decoded).not.toHaveProperty('base64');
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
