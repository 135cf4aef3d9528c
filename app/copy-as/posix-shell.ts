import { decodeStrictUtf8 } from '../payload/utf8.ts';
import { type CommandLine, linesOf } from './command-line.ts';
import { isSeen, seenParts } from './hidden-text.ts';
import { comments } from './program.ts';

/** Bytes of a payload that a command line still takes: systems cut a single argument at 128 KiB. */
export const MAX_ARGUMENT = 100 * 1024;

/** A command for any POSIX shell. A payload that is no readable text is written by `printf`. */
export function posixScript({ program, words, payload, notes }: CommandLine): readonly string[] {
  const text = payload === undefined ? undefined : decodeStrictUtf8(payload);
  const isText = text !== undefined && isSeen(text);
  const task = payload === undefined ? [] : isText ? ['-m', text] : ['-s'];
  const pipe = payload === undefined || isText ? '' : `printf '${printfFormat(payload)}' | `;
  const line = linesOf([program, ...[...words, ...task].map(shellWord)]).join(' \\\n');
  return [...comments(notes.map(harmless), '#'), `${pipe}${line}`];
}

/** An interactive zsh takes a line with `#` for a command unless it is told not to: nothing in it may run. */
function harmless(note: string): string {
  return note
    .replaceAll(/[`$;|&<>!'"]/g, '_')
    .replaceAll('(', '[')
    .replaceAll(')', ']');
}

/** A word that a POSIX shell takes as it is; what is not seen in it is written by `printf`. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) {
    return text;
  }
  const parts = seenParts(text).map((part) =>
    part.isHidden
      ? // A substitution loses line ends at its end only, and there are none in it.
        `"$(printf '${printfFormat(new TextEncoder().encode(part.text))}')"`
      : `'${part.text.replaceAll("'", "'\\''")}'`,
  );
  return parts.length === 0 ? "''" : parts.join('');
}

/** Three octal digits are what every `printf` knows; printable characters stay, but a `-` at the front would be an option. */
function printfFormat(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isOption = text === '' && byte === 0x2d;
    const isPlain =
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && byte !== 0x25 && !isOption;
    text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}
