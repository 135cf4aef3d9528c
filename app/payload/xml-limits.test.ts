import { describe, expect, it } from 'vitest';
import type { DecodeLimits } from './codec.ts';
import { xmlCodec } from './xml.ts';
import { checkXml } from './xml-check.ts';
import { formatXml } from './xml-format.ts';
import { tokenizeXml, XmlToken } from './xml-tokens.ts';

/** So many tokens or characters may pass between two looks at the clock. */
const TOKENS = 4096;
const CHARACTERS = 65_536;

/** A clock that is asked, and says that the time is over from the call `until` on. */
function clock(until = Number.POSITIVE_INFINITY) {
  const state = {
    asked: 0,
    isOver: () => {
      state.asked += 1;
      return state.asked >= until;
    },
  };
  return state;
}

const limitsOf = (isOver: () => boolean): DecodeLimits => ({ maxTextLength: 1 << 24, maxDepth: 100, isOver });
const filled = (part: string, length: number) => part.repeat(Math.ceil(length / part.length));

/** Texts of about `length` characters on which a careless reader would start again and again. */
const hostile: Readonly<Record<string, (length: number) => string>> = {
  'comments without an end': (length) => `<a>${filled('<!-- ', length)}`,
  'CDATA without an end': (length) => `<a>${filled('<![CDATA[', length)}`,
  'instructions without an end': (length) => `<a>${filled('<?p ', length)}`,
  'a DTD without an end': (length) => `<!DOCTYPE a [${filled('<!ENTITY <?', length)}`,
  'a DTD of comments and quotes': (length) => `<!DOCTYPE a [${filled('<!-- -->"x"', length)}]><a/>`,
  'nothing but “<”': (length) => filled('<', length),
  'nothing but end tags': (length) => filled('</a>', length),
  'quotes without an end': (length) => `<a ${filled('b="', length)}`,
  'a huge list of attributes': (length) => {
    const parts = ['<a'];
    for (let index = 0; index * 11 < length; index++) {
      parts.push(` b${index}="${index}"`);
    }
    return `${parts.join('')}/>`;
  },
  'attributes that nearly keep the space': (length) => `<a${filled(' xml:space =  "pre"', length)}></a>`,
  'one long name': (length) => `<${filled('n', length)}`,
  'deep nesting': (length) => filled('<a>', length),
  'deep nesting that ends wrong': (length) => `${filled('<a>', length)}</b>`,
  'deep nesting with text': (length) => `${filled('<a>x', length / 2)}${filled('</a>', length / 2)}`,
  'text and elements in turn': (length) => `<a>${filled('x<b/> ', length)}</a>`,
  'blanks and line ends': (length) => `<a>${filled('\r\n ', length)}<b/></a>`,
  'an entity without an end': (length) => `<a>&${filled('e', length)}`,
};
const cases = Object.entries(hostile);

describe('the time limit of XML', () => {
  it('is asked for while cutting into tokens, and inside of one long token', () => {
    const many = clock();
    expect(tokenizeXml('<a/>'.repeat(10 * TOKENS), many.isOver).kinds).toHaveLength(10 * TOKENS);
    expect(many.asked).toBe(10);
    for (const text of [
      `<a ${filled('b="" ', 10 * CHARACTERS)}>`,
      `<!DOCTYPE a ${filled('x', 10 * CHARACTERS)}>`,
    ]) {
      const long = clock();
      expect(tokenizeXml(text, long.isOver).isCut).toBe(false);
      expect(long.asked).toBeGreaterThanOrEqual(9);
      const over = clock(3);
      expect(tokenizeXml(text, over.isOver)).toMatchObject({ kinds: [XmlToken.text], isCut: true });
      expect(over.asked).toBe(3);
    }
  });

  it('ends cutting soon: what follows is one stretch of text', () => {
    const text = '<a/>'.repeat(10 * TOKENS);
    const over = clock(3);
    const { kinds, starts, isCut, isComplete } = tokenizeXml(text, over.isOver);
    expect({ asked: over.asked, isCut, isComplete }).toEqual({ asked: 3, isCut: true, isComplete: false });
    expect(kinds).toHaveLength(3 * TOKENS);
    expect(kinds.at(-1)).toBe(XmlToken.text);
    expect(starts.at(-1)).toBe(text.length);
  });

  it('is asked for in each pass of laying out', () => {
    const text = `<r>${'<a/>'.repeat(10 * TOKENS)}</r>`;
    const passes = clock();
    expect(formatXml(text, limitsOf(passes.isOver)).outcome).toBe('formatted');
    // Cutting, finding what stays as it is, laying out.
    expect(passes.asked).toBeGreaterThanOrEqual(29);
    for (const until of [5, 15]) {
      const over = clock(until);
      expect(formatXml(text, limitsOf(over.isOver))).toMatchObject({ outcome: 'timeout', text });
      expect(over.asked).toBe(until);
    }
    const late = clock(25);
    const { outcome, text: shown } = formatXml(text, limitsOf(late.isOver));
    expect(outcome).toBe('timeout');
    expect(shown.startsWith('<r>\n  <a/>\n  <a/>')).toBe(true);
    expect(shown.endsWith('<a/><a/></r>')).toBe(true);
  });

  it('is asked for while looking for the element to blame, and what is found is said without it', () => {
    const text = `${'<a>'.repeat(10 * TOKENS)}</b>`;
    const whole = clock();
    expect(checkXml(text, whole.isOver).problem?.message).toBe(
      '</b> cannot stand here: <a> must be closed first',
    );
    const chunks = Math.ceil(text.length / 32_768);
    expect(whole.asked).toBeGreaterThanOrEqual(chunks + 19);
    for (const until of [chunks + 1, chunks + 15]) {
      const over = clock(until);
      expect(checkXml(text, over.isOver).problem).toEqual({
        offset: text.length - 1,
        length: 1,
        message: 'Another element must be closed before this end tag',
      });
      expect(over.asked).toBe(until);
    }
  });

  it.each(cases)('may be over at any moment without a loss: %s', (_, make) => {
    const text = make(200_000);
    const bytes = new TextEncoder().encode(text);
    const bare = (value: string) => value.replace(/\s/g, '');
    const asked = clock();
    xmlCodec.decode(bytes, limitsOf(asked.isOver), { topic: 't' });
    for (let until = 1; until <= asked.asked; until += 1 + Math.floor(asked.asked / 12)) {
      const over = clock(until);
      const decoded = xmlCodec.decode(bytes, limitsOf(over.isOver), { topic: 't' });
      expect(decoded.shape === 'text' && bare(decoded.text) === bare(text)).toBe(true);
      // Each pass that is left notices it at its first look.
      expect(over.asked - until).toBeLessThan(6);
    }
  });
});

/**
 * How many characters `run` looks at or copies, with the parser's work: counted, as time on a busy machine says
 * nothing. What a regular expression reads is not in it; each gets a piece of the text that was sliced, and is counted so.
 */
function charactersRead(run: () => void): number {
  let count = 0;
  const { charCodeAt, codePointAt, indexOf, includes, startsWith, slice } = String.prototype;
  const counted = {
    charCodeAt(this: string, at: number) {
      count += 1;
      return charCodeAt.call(this, at);
    },
    codePointAt(this: string, at: number) {
      count += 1;
      return codePointAt.call(this, at);
    },
    indexOf(this: string, text: string, from = 0) {
      const found = indexOf.call(this, text, from);
      count += text.length + Math.max(0, (found < 0 ? this.length : found) - from);
      return found;
    },
    includes(this: string, text: string, from = 0) {
      count += this.length - from;
      return includes.call(this, text, from);
    },
    startsWith(this: string, text: string, from = 0) {
      count += text.length;
      return startsWith.call(this, text, from);
    },
    slice(this: string, from?: number, to?: number) {
      const piece = slice.call(this, from, to);
      count += piece.length;
      return piece;
    },
  };
  Object.assign(String.prototype, counted);
  try {
    run();
  } finally {
    Object.assign(String.prototype, { charCodeAt, codePointAt, indexOf, includes, startsWith, slice });
  }
  return count;
}

describe('the work on XML', () => {
  it.each(cases)('grows with the text, not with its square: %s', (_, make) => {
    const work = (length: number) => {
      const bytes = new TextEncoder().encode(make(length));
      return charactersRead(() =>
        xmlCodec.decode(
          bytes,
          limitsOf(() => false),
          { topic: 't' },
        ),
      );
    };
    const small = work(50_000);
    expect(small).toBeGreaterThan(50_000);
    // Linear is 4, quadratic is 16.
    expect(work(200_000) / small).toBeLessThan(5);
  });

  it('is counted so that quadratic work shows', () => {
    const scan = (length: number) =>
      charactersRead(() => {
        const text = 'x'.repeat(length);
        for (let at = 0; at < length; at += 10) {
          text.indexOf('<', at);
        }
      });
    expect(scan(4000) / scan(1000)).toBeGreaterThan(12);
  });
});

it('a name as long as the text is not repeated in the message', () => {
  const text = `<${filled('n', 1_000_000)}>`;
  expect(checkXml(text).problem?.message.length).toBeLessThan(200);
  expect(checkXml(`<a ${filled('n', 1_000_000)} />`).problem?.message.length).toBeLessThan(300);
});
