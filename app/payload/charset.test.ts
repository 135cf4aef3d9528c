import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetOf, charsetOfXml, charsets, decodeCharset, guessCharset, utf16ByMark } from './charset.ts';
import { charsetCodecs } from './charset-codec.ts';
import type { Codec } from './codec.ts';
import { codecById, detectCodec } from './registry.ts';
import { textCodec } from './text.ts';

const limits = { maxTextLength: 100_000, maxDepth: 50, isOver: () => false };
const context = { topic: '' };
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Russian text in Windows-1251, in which the letters from А stand from 0xc0 on. */
const windows1251 = (text: string) =>
  Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
  });

function shown(codec: Codec | undefined, bytes: Uint8Array) {
  const decoded = codec?.decode(bytes, limits, context);
  if (decoded?.shape !== 'text') {
    throw new Error(`Shown as ${decoded?.shape}`);
  }
  return decoded;
}

describe('Text that is not UTF-8', () => {
  it('is read in the charset of its letters, and says that this is a guess', () => {
    const german = 'Die Tür ist geöffnet, die Lüftung läuft. Außentemperatur 21 Grad.';
    expect(shown(textCodec, latin1(german))).toMatchObject({
      text: german,
      notes: [expect.stringMatching(/^Not UTF-8 at byte 5: read as Western .*, a guess\./)],
    });
    const russian = 'Температура в помещении выше нормы, проверьте датчик номер три и вентиль';
    expect(detectCodec(windows1251(russian), context)).toBe(textCodec);
    expect(shown(textCodec, windows1251(russian)).text).toBe(russian);
  });

  it('is read as Western where there is too little of it', () => {
    expect(shown(textCodec, latin1('21 °C')).text).toBe('21 °C');
  });

  it('stays UTF-8 where only some of it is damaged', () => {
    const damaged = new Uint8Array([...new TextEncoder().encode('größer als 5 µm '), 0xff]);
    expect(shown(textCodec, damaged)).toMatchObject({
      text: 'größer als 5 µm �',
      notes: [expect.stringMatching(/^Not UTF-8 at byte \d+: shown as �\.$/)],
    });
  });

  it('leaves bytes that are no text to Hex', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 31 }), (bytes) => {
        fc.pre(bytes.filter((byte) => byte >= 0x80).length * 2 > bytes.length);
        fc.pre(new TextDecoder().decode(bytes).split('\ufffd').length - 1 > bytes.length / 4);
        expect(detectCodec(bytes, context).id).not.toBe('text');
      }),
    );
  });
});

describe('A charset that is chosen', () => {
  it.each(charsets)('$name can be decoded by this host, whatever the bytes', ({ label }) => {
    const codec = codecById(`text:${label}`);
    expect(codec).toBeDefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (bytes, length) => {
        const decoded = codec?.decode(bytes, { ...limits, maxTextLength: length }, context);
        expect(decoded?.shape === 'text' && decoded.text.length).toBeLessThanOrEqual(length);
        const line = codec?.preview(bytes, 40) ?? '';
        expect(line.length).toBeLessThanOrEqual(40);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      { numRuns: 50 },
    );
    expect(codec?.id.length).toBeLessThanOrEqual(40);
  });

  it('shows the letters of it', () => {
    const bytes = Uint8Array.of(0xf4, 0xc5, 0xcd, 0xd0);
    expect(shown(codecById('text:koi8-r'), bytes).text).toBe('Темп');
    expect(shown(codecById('text:shift_jis'), Uint8Array.of(0x89, 0xb7, 0x93, 0x78)).text).toBe('温度');
    expect(shown(codecById('text:utf-16le'), Uint8Array.of(0x41, 0, 0x42, 0)).text).toBe('AB');
  });

  it('says where the bytes are none of it, and what was cut', () => {
    expect(shown(codecById('text:utf-8'), Uint8Array.of(0x41, 0xff)).notes).toEqual([
      'Not UTF-8 at 1 place: shown as �.',
    ]);
    const cut = codecById('text:utf-16le')?.decode(
      Buffer.from('x'.repeat(50), 'utf16le'),
      { ...limits, maxTextLength: 11 },
      context,
    );
    expect(cut).toMatchObject({ text: 'xxxxx', notes: [expect.stringMatching(/11 of 100 bytes/)] });
  });

  it('is never taken by itself', () => {
    expect(charsetCodecs.every((codec) => codec.detect(latin1('Tür'), context) === 0)).toBe(true);
  });
});

describe('What a text says of its charset', () => {
  it('is believed of a mark before text only', () => {
    expect(utf16ByMark(Uint8Array.of(0xff, 0xfe, 0x41, 0))?.label).toBe('utf-16le');
    expect(utf16ByMark(Uint8Array.of(0xfe, 0xff, 0, 0x41))?.label).toBe('utf-16be');
    expect(utf16ByMark(Uint8Array.of(0xff, 0xfe, 1, 0))).toBeUndefined();
    expect(utf16ByMark(Uint8Array.of(0xff, 0xfe, 0x41))).toBeUndefined();
  });

  it('is read from the XML declaration', () => {
    const declared = (name: string) =>
      charsetOfXml(latin1(`<?xml version="1.0" encoding="${name}"?><a/>`))?.label;
    expect(declared('ISO-8859-1')).toBe('windows-1252');
    expect(declared('koi8-r')).toBe('koi8-r');
    expect(declared('UTF-8')).toBeUndefined();
    expect(declared('UTF-16')).toBeUndefined();
    expect(declared('made-up')).toBeUndefined();
    expect(charsetOf(' Latin1 ')?.label).toBe('windows-1252');
  });

  it('never throws, and guesses only what it can decode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        charsetOfXml(bytes);
        utf16ByMark(bytes);
        const guess = guessCharset(bytes);
        if (guess !== undefined) {
          expect(() => decodeCharset(bytes, guess.charset.label)).not.toThrow();
        }
      }),
    );
  });
});
