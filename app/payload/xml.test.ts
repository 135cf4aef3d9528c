import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeLimits } from './codec.ts';
import { xmlCodec } from './xml.ts';
import { checkXml } from './xml-check.ts';
import { formatXml } from './xml-format.ts';
import { tokenizeXml, XmlToken } from './xml-tokens.ts';

const limits: DecodeLimits = { maxTextLength: 1 << 24, maxDepth: 100, isOver: () => false };
const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (text: string, some: Partial<DecodeLimits> = {}) => {
  const decoded = xmlCodec.decode(bytes(text), { ...limits, ...some }, { topic: 't' });
  if (decoded.shape !== 'text') {
    throw new Error('XML is text');
  }
  return decoded;
};
const marked = (text: string) => {
  const { text: out, markers } = shown(text);
  return markers.map(({ offset, length, message }) => [out.slice(offset, offset + length), message]);
};

/** All tokens but blank text, each exactly as it stands. */
function tokens(text: string): string[] {
  const { kinds, starts } = tokenizeXml(text);
  return kinds
    .map((kind, index) => ({ kind, token: text.slice(starts[index], starts[index + 1]) }))
    .filter(({ kind, token }) => kind !== XmlToken.text || token.trim() !== '')
    .map(({ token }) => token);
}

const blank = fc.constantFrom('', '', ' ', '\n\t');
const content = fc.constantFrom(
  'x',
  ' 127.0 ',
  '&amp;&#10;',
  'ü\n  y',
  '&lt;b&gt;',
  '<![CDATA[ <a> ]]>',
  '😀',
);
const tag = fc.constantFrom(
  'a',
  'b:c',
  'ü',
  'd a="1>2"',
  "e x='\"' y = '&lt;'",
  'f xml:space="preserve"',
  'g\n',
);
const misc = fc.constantFrom('<!-- a > b -->', '<?pi a?b ?>', '<!-- -->');
/** Well-formed documents with white space, mixed content, CDATA, comments and instructions. */
const element = fc.letrec<{ element: string }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tag.map((name) => `<${name}/>`),
    fc
      .tuple(tag, fc.array(fc.oneof(blank, content, misc, tie('element')), { maxLength: 5 }))
      .map(([name, parts]) => `<${name}>${parts.join('')}</${name.split(/\s/)[0]}>`),
    fc
      .tuple(tag, fc.array(fc.oneof(blank, misc, tie('element')), { maxLength: 5 }))
      .map(([name, parts]) => `<${name}>${parts.join('')}</${name.split(/\s/)[0]} >`),
  ),
})).element;
const documentText = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE a [<!ENTITY e "]>">]>\n'),
    blank,
    element,
    blank,
  )
  .map((parts) => parts.join(''));
const xmlSoup = fc
  .array(
    fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '<',
      '>',
      '</',
      '/>',
      'x',
      ' ',
      '\n',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?p',
      '?>',
      '"',
      "'",
      '<!DOCTYPE a',
      '[',
      ']',
      '&e;',
      '&amp;',
      '\0',
      'é',
      '\r\n',
      '<a b="',
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

describe('XML that is well-formed', () => {
  it('keeps every token as it was sent, and formatting twice changes nothing', () => {
    fc.assert(
      fc.property(documentText, (text) => {
        expect(checkXml(text)).toEqual({ isChecked: true });
        const { text: out, outcome } = formatXml(text, limits);
        expect(outcome).toBe('formatted');
        expect(tokens(out)).toEqual(tokens(text));
        expect(checkXml(out)).toEqual({ isChecked: true });
        expect(formatXml(out, limits).text).toBe(out);
      }),
      { numRuns: 1000 },
    );
  });

  it('indents elements and leaves text alone', () => {
    expect(
      shown('<?xml version="1.0"?><r><a>127.0</a><b/> <!-- c --><m>mixed <i>text</i>\n here</m><e> </e></r>')
        .text,
    ).toBe(
      [
        '<?xml version="1.0"?>',
        '<r>',
        '  <a>127.0</a>',
        '  <b/>',
        '  <!-- c -->',
        '  <m>mixed <i>text</i>\n here</m>',
        '  <e> </e>',
        '</r>',
      ].join('\n'),
    );
  });

  it('keeps CDATA, xml:space and the line ends of the device', () => {
    expect(shown('<a><b><![CDATA[ 1 < 2 ]]></b></a>').text).toBe('<a>\n  <b><![CDATA[ 1 < 2 ]]></b>\n</a>');
    expect(shown('<a xml:space="preserve"> <b/> </a>').text).toBe('<a xml:space="preserve"> <b/> </a>');
    expect(shown('<a>\r\n<b/><c/></a>').text).toBe('<a>\r\n  <b/>\r\n  <c/>\r\n</a>');
  });

  it('expands no entity and reads no DTD', () => {
    const bomb = '<!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><z>&b;</z>';
    const { text, markers } = shown(bomb);
    expect(text).toBe(bomb.replace(']><z>', ']>\n<z>'));
    expect(markers).toEqual([]);
    expect(marked('<z>&b;</z>').map(([, message]) => message)).toEqual(['This entity is not defined']);
    expect(marked('<z>&constructor;</z>')).toHaveLength(1);
  });
});

describe('XML that is not well-formed', () => {
  it('loses nothing but blank text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(xmlSoup, fc.string({ unit: 'binary' })),
        fc.integer({ min: 0, max: 4 }),
        (text, maxDepth) => {
          const decoded = shown(text, { maxDepth });
          const bare = (value: string) => value.replace(/\s/g, '');
          expect(bare(decoded.text)).toBe(bare(text.replace(/^\ufeff/, '')));
          for (const { offset, length } of decoded.markers) {
            expect(offset).toBeGreaterThanOrEqual(0);
            expect(offset + length).toBeLessThanOrEqual(Math.max(1, decoded.text.length));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('marks the wrong place in the shown text', () => {
    expect(marked('<a><b>1</b><c></a>')).toEqual([
      ['</a>', '</a> cannot stand here: <c> must be closed first'],
    ]);
    expect(marked('<a><b/>')[0]?.[1]).toBe('The text ends here, but <a> is not closed');
    expect(marked('<a/><b/>')[0]?.[1]).toBe('A second root element may not follow the first');
    expect(marked('<a x=1/>')[0]?.[1]).toBe('Unquoted attribute value');
    expect(marked('hello')[0]?.[1]).toBe('Text may not stand outside of the root element');
  });

  it('lays out what comes before the error', () => {
    expect(shown('<a><b/><c/></x><d/><e/>').text).toBe('<a>\n  <b/>\n  <c/>\n</x><d/><e/>');
  });
});

describe('XML beyond the limits', () => {
  it('does not indent what is nested too deep, and says so', () => {
    const text = '<a>'.repeat(20_000) + '</a>'.repeat(20_000);
    const decoded = shown(text);
    expect(decoded.text.replace(/\s/g, '')).toBe(text);
    expect(decoded.text.length).toBeLessThan(text.length + 100 * 100 * 4);
    expect(decoded.notes.join()).toContain('Nested deeper than 100');
  });

  it('stops when the time is over, with the rest as it came', () => {
    const text = `<r>${'<a/>'.repeat(20_000)}</r>`;
    const decoded = shown(text, { isOver: () => true });
    expect(decoded.text.replace(/\s/g, '')).toBe(text);
    expect(decoded.notes).toHaveLength(2);
  });
});

describe('typed XML', () => {
  it('is sent exactly as typed, or refused with the place', () => {
    expect(xmlCodec.encode?.('<a> <b/></a>\n')).toEqual(bytes('<a> <b/></a>\n'));
    expect(() => xmlCodec.encode?.('<a>\n<b></a>')).toThrow(
      'Not well-formed XML: </a> cannot stand here: <b> must be closed first (line 2, column 4).',
    );
  });
});
