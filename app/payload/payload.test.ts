import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../contract/failure.ts';
import { payloadFormats } from '../profile/profile.ts';
import type { DecodeLimits } from './codec.ts';
import { codecById, codecs, detectCodec, encodePayload, previewPayload } from './registry.ts';
import { looksBinary } from './sample.ts';
import { TextSink } from './text-sink.ts';
import { decodeUtf8, findInvalidUtf8, utf8Boundary } from './utf8.ts';
import { visibleText } from './visible-text.ts';

const limits: DecodeLimits = { maxTextLength: 1 << 20, maxDepth: 50, isOver: () => false };
const bytes = (text: string) => new TextEncoder().encode(text);
const detected = (payload: Uint8Array | string, contentType?: string) =>
  detectCodec(typeof payload === 'string' ? bytes(payload) : payload, {
    topic: 't',
    ...(contentType === undefined ? {} : { contentType }),
  }).id;
/** Random bytes, and bytes that are nearly text. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 4 }), fc.string({ unit: 'grapheme' }))
    .map(([a, b, c]) => new Uint8Array([...bytes(a), ...b, ...bytes(c)])),
  fc
    .constantFrom('{"a":', '[', '<a', '<?xml', '"', '\ufeff{')
    .chain((head) =>
      fc.uint8Array({ maxLength: 50 }).map((tail) => new Uint8Array([...bytes(head), ...tail])),
    ),
);

describe('every codec, whatever the bytes', () => {
  it('answers within the limits', () => {
    fc.assert(
      fc.property(
        anyBytes,
        fc.constantFrom(...codecs),
        fc.integer({ min: 1, max: 400 }),
        (payload, codec, maxTextLength) => {
          const score = codec.detect(payload, { topic: 't' });
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          const decoded = codec.decode(payload, { ...limits, maxTextLength }, { topic: 't' });
          if (decoded.shape === 'text') {
            // Base64 never shows less than one line.
            expect(decoded.text.length).toBeLessThanOrEqual(Math.max(maxTextLength, 76));
            for (const { offset, length } of decoded.markers) {
              expect(offset + length).toBeLessThanOrEqual(decoded.text.length);
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('previews as one safe line', () => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 0, max: 80 }), (payload, maxLength) => {
        for (const line of [
          previewPayload(payload, maxLength),
          ...codecs.map((codec) => codec.preview(payload, maxLength)),
        ]) {
          expect(line.length).toBeLessThanOrEqual(maxLength);
          expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]/);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('previewPayload', () => {
  it('shows text, JSON, binary and nothing', () => {
    expect(previewPayload(bytes('21.50'), 100)).toBe('21.50');
    expect(previewPayload(bytes('a\r\nb\t'), 100)).toBe('a␍␊b␉');
    expect(previewPayload(bytes('{\n  "a":  1,\n  "b": "x  y"\n}\n'), 100)).toBe('{ "a":  1, "b": "x  y" }');
    expect(previewPayload(new Uint8Array(), 100)).toBe('(empty)');
    expect(previewPayload(new Uint8Array([10, 27, 0, 255]), 100)).toBe('⟨binary, 4 B⟩ 0a 1b 00 ff');
    expect(previewPayload(new Uint8Array(1234), 30)).toBe('⟨binary, 1.2 KB⟩ 00 00 00 …');
  });

  it('names the whole size when it is given the beginning only', () => {
    expect(previewPayload(new Uint8Array(100), 30, 5_000_000)).toBe('⟨binary, 5.0 MB⟩ 00 00 00 …');
    expect(previewPayload(bytes('abc'), 30, 4000)).toBe('abc…');
    expect(previewPayload(bytes('{"a":1'), 30, 4000)).toBe('{"a":1…');
  });

  it('marks a cut, and cuts no character in two', () => {
    expect(previewPayload(bytes('0123456789'), 10)).toBe('0123456789');
    expect(previewPayload(bytes('0123456789a'), 10)).toBe('012345678…');
    expect(previewPayload(bytes('12345678😀9'), 10)).toBe('12345678…');
    expect(previewPayload(bytes('x'.repeat(5000)), 2000)).toMatch(/^x+…$/);
  });
});

describe('detectCodec', () => {
  it('recognises what is sent most', () => {
    expect(detected('{"a":1}')).toBe('json');
    expect(detected(' [1,2')).toBe('json');
    expect(detected('\ufeff{"a":1}')).toBe('json');
    expect(detected('21.5')).toBe('text');
    expect(detected('ON')).toBe('text');
    expect(detected('')).toBe('text');
    expect(detected('[INFO] started')).toBe('text');
    expect(detected('[2026-01-02] started')).toBe('text');
    expect(detected('{name}')).toBe('text');
    expect(detected('<a/>')).toBe('xml');
    expect(detected('<?xml version="1.0"?><a/>')).toBe('xml');
    expect(detected('<!DOCTYPE html><html>')).toBe('text');
    expect(detected('< 5')).toBe('text');
    expect(detected(new Uint8Array([0x41, 0xa8, 0, 0]))).toBe('hex');
    expect(detected(new Uint8Array([0xff]))).toBe('hex');
  });

  it('believes the content type as far as the bytes allow', () => {
    expect(detected('21.5', 'application/json')).toBe('json');
    expect(detected('{oops', 'application/vnd.x+json; charset=utf-8')).toBe('json');
    expect(detected(new Uint8Array([0, 1, 2]), 'application/json')).toBe('hex');
    expect(detected('21.5', 'application/xml')).toBe('text');
  });

  it('takes a C string and a stray Latin-1 letter for text', () => {
    expect(looksBinary(bytes('21.5\0\0'))).toBe(false);
    expect(looksBinary(new Uint8Array([...bytes('21.5 degrees '), 0xb0, 0x43]))).toBe(false);
    expect(looksBinary(new Uint8Array([0]))).toBe(true);
  });
});

describe('text', () => {
  const decode = (payload: Uint8Array) => codecById('text')?.decode(payload, limits, { topic: 't' });

  it('shows what is not UTF-8 as � and says where and how often', () => {
    const payload = new Uint8Array([0x61, 0xff, 0x62, 0xe2, 0x82, 0x63]);
    expect(decode(payload)).toMatchObject({
      text: 'a�b�c',
      notes: ['Not UTF-8 at 2 places, the first at byte 1: shown as �.'],
    });
  });

  it('names marks that change the order on screen, and leaves them in the text', () => {
    expect(decode(bytes('a\u202eb'))).toMatchObject({ text: 'a\u202eb' });
    expect(decode(bytes('a\u202eb'))?.notes.join()).toContain('U+202E');
  });

  it('counts invalid UTF-8 as the platform replaces it', () => {
    fc.assert(
      fc.property(anyBytes, (payload) => {
        const replaced = decodeUtf8(payload).split('\ufffd').length - 1;
        const genuine = replaced - (findInvalidUtf8(payload)?.count ?? 0);
        const strict = [...payload.keys()].filter(
          (at) => payload[at] === 0xef && payload[at + 1] === 0xbf && payload[at + 2] === 0xbd,
        ).length;
        expect(genuine).toBe(strict);
      }),
      { numRuns: 2000 },
    );
  });

  it('cuts between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(100), (text, length) => {
        const payload = bytes(text);
        const cut = utf8Boundary(payload, length);
        expect(cut).toBeLessThanOrEqual(Math.min(length, payload.length));
        expect(cut).toBeGreaterThan(Math.min(length, payload.length) - 4);
        expect(findInvalidUtf8(payload.subarray(0, cut))).toBeUndefined();
      }),
    );
  });

  it('refuses half a surrogate pair', () => {
    expect(() => encodePayload('text', 'ab\ud83d')).toThrow(
      'UTF-8 cannot express half of a surrogate pair (character 3).',
    );
  });
});

describe('hex and Base64', () => {
  it('accept every usual spelling', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.constantFrom('', ' ', ':', '-', ', ', '\n', '\r\n\t'),
        fc.constantFrom('', '0x', '0X'),
        fc.boolean(),
        (payload, separator, prefix, isUpper) => {
          const digits = [...payload].map((byte) => byte.toString(16).padStart(2, '0'));
          const cased = digits.map((pair) => (isUpper ? pair.toUpperCase() : pair));
          const text = cased.map((pair) => (separator === '' ? pair : prefix + pair)).join(separator);
          expect(encodePayload('hex', text)).toEqual(payload);
        },
      ),
    );
    expect(encodePayload('hex', '0x0a1b')).toEqual(new Uint8Array([0x0a, 0x1b]));
  });

  it('name the place of what is wrong', () => {
    const message = (format: 'hex' | 'base64', text: string) => {
      try {
        encodePayload(format, text);
        return undefined;
      } catch (error) {
        return error instanceof FailureError ? error.failure.message : String(error);
      }
    };
    expect(message('hex', '0a 1g')).toBe('“g” is not a hex digit (character 5).');
    expect(message('hex', '0a\n1')).toBe('“1” stands alone: a byte has two digits (line 2, column 1).');
    expect(message('hex', '0x5, 0x6')).toBe('“5” stands alone: a byte has two digits (character 3).');
    expect(message('hex', '0x')).toContain('“0x” has no digits');
    expect(message('hex', '0a😀')).toBe('“😀” is not a hex digit (character 3).');
    expect(message('base64', 'SGV$')).toBe('“$” is not a Base64 character (character 4).');
    expect(message('base64', 'SGV=sbG8')).toBe('Nothing may follow the “=” at the end (character 5).');
    expect(message('base64', 'S')).toContain('left over');
    expect(message('base64', 'SG=')).toContain('fill up');
    expect(message('base64', '=')).toContain('fill up');
  });

  it('show and read back the same bytes, in lines of 76', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (payload, isUrlSafe) => {
        const decoded = codecById('base64')?.decode(payload, limits, { topic: 't' });
        const text = decoded?.shape === 'text' ? decoded.text : '';
        expect(text.replaceAll('\n', '')).toBe(Buffer.from(payload).toString('base64'));
        expect(text.split('\n').every((line) => line.length <= 76)).toBe(true);
        const typed = isUrlSafe ? text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : text;
        expect(encodePayload('base64', typed)).toEqual(payload);
      }),
    );
  });

  it('never throws anything but a failure that says what to do', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...payloadFormats),
        fc.string({ unit: 'binary', maxLength: 40 }),
        (format, text) => {
          try {
            encodePayload(format, text);
          } catch (error) {
            expect(error).toBeInstanceOf(FailureError);
            expect((error as FailureError).failure.hint).toBeDefined();
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('visibleText', () => {
  it('shows what hides, and leaves the rest alone', () => {
    expect(visibleText('sensor/ü/温度/😀 a')).toBe('sensor/ü/温度/😀 a');
    expect(visibleText('a\0\x1b[31m\x7f\x85')).toBe('a␀␛[31m␡⟨U+0085⟩');
    expect(visibleText('a\u202eb\u200bc\ufeffd\u00ade')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+FEFF⟩d⟨U+00AD⟩e');
    expect(visibleText('\ud83d!')).toBe('⟨U+D83D⟩!');
    expect(visibleText('\u{e0041}')).toBe('⟨U+E0041⟩');
    expect(visibleText('❤\ufe0f')).toBe('❤\ufe0f');
    expect(visibleText('👨\u200d👩\u200d👧 a\u200db')).toBe('👨\u200d👩\u200d👧 a⟨U+200D⟩b');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = visibleText(text);
        expect(visibleText(once)).toBe(once);
      }),
    );
  });
});

describe('TextSink', () => {
  it('builds what joining would', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' }));
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.nat(5))), fc.nat(10), (pieces, expected) => {
        const sink = new TextSink(expected);
        for (const [text, count] of pieces) {
          sink.add(text);
          sink.fill(0x20, count);
        }
        const joined = pieces.map(([text, count]) => text + ' '.repeat(count)).join('');
        expect(sink.toString()).toBe(joined);
        expect(sink.length).toBe(joined.length);
      }),
    );
  });
});
