import { ConnectError, lasting } from './verdict.ts';

/** Spaces beyond ASCII, which become a plain one (RFC 3454 table C.1.2). */
const otherSpaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;

/** Nothing is left of these (RFC 3454 table B.1): soft hyphens, joiners, variation selectors. */
// biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant, whatever they would join to
const mappedToNothing = /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g;

/** Controls, private use, surrogates, non-characters, tags and what changes the display (RFC 3454 tables C.2 to C.9). */
const prohibited =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

/**
 * A user name or password prepared as SASLprep (RFC 4013) says, so that both ends hash the same bytes however it was
 * typed. Two of its rules are left to the broker: the one against mixing directions of writing, and the one against
 * characters newer than Unicode 3.2. Neither changes the text, they only refuse it. Throws a ConnectError.
 */
export function saslPrep(text: string, what: string): string {
  // RFC 4013 maps U+200B to a space, before table B.1 could drop it.
  const prepared = text.replaceAll(otherSpaces, ' ').replaceAll(mappedToNothing, '').normalize('NFKC');
  if (prohibited.test(prepared)) {
    throw new ConnectError(
      lasting(
        'auth.characters',
        `The ${what} has a character that SCRAM does not allow.`,
        `Type the ${what} anew: a control or invisible character may have come with a paste.`,
        'RFC 4013 section 2.3.',
      ),
    );
  }
  return prepared;
}
