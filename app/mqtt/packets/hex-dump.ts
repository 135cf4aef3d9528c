/** One piece of a dump: bytes that follow one another. */
export interface DumpBlock {
  readonly bytes: Uint8Array;
  /** Set in by spaces while other pieces are not: what the other side said (Wireshark, “Follow TCP stream”). */
  readonly isIndented: boolean;
}

/** What a pasted text holds, or why nothing could be read from it. */
export type HexDump =
  | { readonly kind: 'bytes'; readonly blocks: readonly DumpBlock[] }
  | { readonly kind: 'problem'; readonly message: string; readonly hint: string };

/** Characters of a dump that are read. */
export const MAX_DUMP_CHARACTERS = 4 * 1024 * 1024;

/** `0000  10 2a`, `0x0000:  102a 0004`, `00000000: 102a`: an offset and what stands behind it. */
const offsetLine = /^([ \t]*)(?:0x)?([0-9a-f]{4,8})(?::\s*|[ \t]+)(.*)$/i;
/** Bytes of a line at most, where the offset of the next does not tell. */
const LINE_BYTES = 16;

/**
 * Reads the bytes of a hex dump: lines with offsets and perhaps ASCII beside them (Wireshark, `tcpdump -X` and `-xx`,
 * `xxd`, `hexdump -C`), an array of C, `\x10\x2a`, or hex digits alone. Never throws.
 */
export function readHexDump(text: string): HexDump {
  if (text.length > MAX_DUMP_CHARACTERS) {
    return problem('The dump is too long.', 'At most 4 MB of text are read: paste a part of it.');
  }
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => Number.parseInt(offsetLine.exec(line)?.[2] ?? 'x', 16) === 0)) {
    return readLines(lines);
  }
  const escaped = text.match(/\\x[0-9a-f]{2}/gi);
  const array = escaped ?? text.match(/\b0x[0-9a-f]{1,2}\b/gi);
  if (array !== null) {
    return blocksOf([{ bytes: Uint8Array.from(array, (item) => Number.parseInt(item.slice(2), 16)) }]);
  }
  const digits = text.replaceAll(/[\s:,;-]/g, '');
  if (digits === '') {
    return problem('There is nothing to decode.', 'Paste a hex dump.');
  }
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong !== null) {
    return problem(
      `“${wrong[0]}” is no hex digit.`,
      'Paste hex digits, an array such as 0x10, 0x2a, or a dump whose lines begin with their offset.',
    );
  }
  if (digits.length % 2 === 1) {
    return problem('The number of hex digits is odd: half a byte is missing.', 'Copy the dump once more.');
  }
  return blocksOf([{ bytes: fromDigits(digits) }]);
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly isIndented?: boolean;
}

function readLines(lines: readonly string[]): HexDump {
  const rows = lines.flatMap((line) => {
    const [, indent = '', offset = '', rest = ''] = offsetLine.exec(line) ?? [];
    return offset === ''
      ? []
      : [{ isIndented: indent.length >= 2, offset: Number.parseInt(offset, 16), rest }];
  });
  // Where all lines are set in, that says nothing.
  const tells = rows.some(({ isIndented }) => !isIndented);
  const open = new Map<
    boolean,
    { readonly isIndented: boolean; readonly parts: Uint8Array[]; end: number }
  >();
  const pieces: { readonly isIndented: boolean; readonly parts: Uint8Array[]; end: number }[] = [];
  for (const [index, { offset, rest, ...row }] of rows.entries()) {
    const isIndented = tells && row.isIndented;
    const next = rows[index + 1];
    const length = next === undefined || next.isIndented !== row.isIndented ? 0 : next.offset - offset;
    const bytes = bytesOfLine(rest, length > 0 && length <= 64 ? length : LINE_BYTES);
    let piece = open.get(isIndented);
    if (piece === undefined || offset !== piece.end) {
      if (offset !== 0 && piece !== undefined) {
        const at = offset.toString(16).padStart(4, '0');
        return problem(
          `The line at ${at} does not go on where the one before it ends.`,
          'Copy the dump whole.',
        );
      }
      piece = { isIndented, parts: [], end: 0 };
      open.set(isIndented, piece);
      pieces.push(piece);
    }
    piece.parts.push(bytes);
    piece.end += bytes.length;
  }
  return blocksOf(pieces.map(({ isIndented, parts }) => ({ isIndented, bytes: concat(parts) })));
}

/** The hex digits of a line, without the ASCII beside them. */
function bytesOfLine(line: string, limit: number): Uint8Array {
  const bar = line.indexOf('|');
  const text = bar < 0 ? line : line.slice(0, bar);
  const group = /^[ \t]*((?:[0-9a-f]{2})+)(?![^\s])/i;
  let digits = '';
  let at = 0;
  let width = 0;
  for (;;) {
    const found = group.exec(text.slice(at));
    if (found === null) {
      break;
    }
    const [whole, hex = ''] = found;
    const gap = whole.length - hex.length;
    const isMiddle = gap === 2 && digits.length === 16 && width === 2;
    if (width !== 0 && ((gap > 1 && !isMiddle) || hex.length > width)) {
      break;
    }
    width ||= hex.length;
    digits += hex;
    at += whole.length;
    if (digits.length >= limit * 2 || hex.length < width) {
      break;
    }
  }
  return fromDigits(digits.slice(0, limit * 2));
}

function fromDigits(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}

/** One after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function blocksOf(pieces: readonly Piece[]): HexDump {
  const blocks = pieces
    .filter(({ bytes }) => bytes.length > 0)
    .map(({ bytes, isIndented = false }) => ({ bytes, isIndented }));
  return blocks.length === 0
    ? problem('There are no bytes in the dump.', 'Paste the lines with the hex digits too.')
    : { kind: 'bytes', blocks };
}

function problem(message: string, hint: string): HexDump {
  return { kind: 'problem', message, hint };
}
