import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageLog } from '../log/message-log.ts';
import { foldCase } from '../tree/segments.ts';
import { PayloadSearch } from './payload-search.ts';
import { TimeBudget } from './time-budget.ts';

/** Bytes that are searched at once: where the cuts fall. */
const WINDOW = 32 * 1024;

/** Whether the text is found, in the smallest slices there are, and in how many. */
function searchSliced(
  payload: Uint8Array,
  text: string,
): { readonly found: boolean; readonly slices: number } {
  const log = new MessageLog({ budget: 1 << 20, newestReceived: () => 0 });
  log.appendPublished(1, payload, 1, 0, false, undefined);
  const place = log.find(1);
  const search = new PayloadSearch(foldCase(text));
  for (let slices = 1; place !== undefined; slices += 1) {
    const budget = new TimeBudget(Number.NEGATIVE_INFINITY);
    const found = search.isIn(place.source, place.row, 1, budget);
    if (found !== undefined) {
      return { found, slices };
    }
    expect(budget.isOver).toBe(true);
  }
  throw new Error('The message was not kept.');
}

/** The same without slices. */
function isInWhole(payload: Buffer, text: string): boolean {
  return /[^\x00-\x7f]/.test(text)
    ? foldCase(payload.toString('utf8')).includes(foldCase(text))
    : payload.toString('latin1').toLowerCase().includes(text.toLowerCase());
}

// What may lie on a cut: characters of each length, some that fold to more or fewer bytes or by their place in the
// word, and bytes that are no characters.
const piece = fc.oneof(
  fc.constantFrom('a', 'K', 'ß', 'Σ', 'ς', 'İ', '日', '😀', '\u0307').map((text) => Buffer.from(text)),
  fc.uint8Array({ minLength: 1, maxLength: 5 }),
  fc
    .array(fc.constantFrom(0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xa0, 0xf0, 0x9f, 0xff), { maxLength: 8 })
    .map((bytes) => Uint8Array.from(bytes)),
);
const special = fc
  .array(piece, { minLength: 1, maxLength: 12 })
  .map((pieces) => Buffer.concat(pieces).subarray(0, 60));

/** A payload of a few windows with something special on each cut. */
const payloads = fc
  .record({
    specials: fc.array(fc.tuple(special, fc.nat(60)), { minLength: 1, maxLength: 3 }),
    filler: fc.constantFrom(Buffer.from('x'), Buffer.from('σ'), Buffer.of(0x80)),
  })
  .map(({ specials, filler }) => {
    const payload = Buffer.alloc((specials.length + 1) * WINDOW - 5, filler);
    for (const [index, [bytes, before]] of specials.entries()) {
      bytes.copy(payload, (index + 1) * WINDOW - Math.min(before, bytes.length));
    }
    return payload;
  });

it('finds in slices what it finds at once, also across the cuts', () => {
  fc.assert(
    fc.property(payloads, fc.nat(70), fc.integer({ min: 1, max: 30 }), (payload, before, length) => {
      const near = (encoding: 'utf8' | 'latin1') =>
        payload.toString(encoding, WINDOW - before).slice(0, length);
      for (const text of [near('utf8'), near('latin1'), 'k', 'aK', 'ßσ', 'i\u0307', '日😀', '\ufffdσ']) {
        expect(searchSliced(payload, text).found).toBe(isInWhole(payload, text));
      }
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['of ASCII', 'Needle in the hay', 'needle in the HAY'],
  [
    'beyond ASCII',
    'Nadel im Heuhaufen: Größe ΣΑΣ 😀',
    'nadel im heuhaufen: GRÖSSE σας 😀'.replace('SS', 'ß'),
  ],
])('finds a text %s wherever it lies on a cut', (_what, hidden, text) => {
  const bytes = Buffer.from(hidden);
  for (let before = 0; before <= bytes.length; before += 1) {
    const payload = Buffer.alloc(3 * WINDOW, '.');
    bytes.copy(payload, 2 * WINDOW - before);
    expect(searchSliced(payload, text)).toMatchObject({ found: true });
    // One byte short.
    payload[2 * WINDOW - before + bytes.length - 1] = 0x2e;
    expect(searchSliced(payload, text)).toEqual({ found: false, slices: 3 });
  }
});

it('finds a text that is longer than what is searched at once', () => {
  const payload = Buffer.alloc(5 * WINDOW, 'ab');
  payload.fill('c', WINDOW / 2, WINDOW / 2 + 3 * WINDOW);
  const text = `b${'C'.repeat(3 * WINDOW)}a`;
  expect(searchSliced(payload, text).found).toBe(true);
  expect(searchSliced(payload, `${text}a`).found).toBe(false);
});
