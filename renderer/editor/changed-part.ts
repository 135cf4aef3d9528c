/** Offsets in UTF-16 units of the old text. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The one replacement of whole lines that turns a text into another; `undefined` when they are equal. */
export function replacementOf(from: string, to: string): Replacement | undefined {
  if (from === to) {
    return undefined;
  }
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) {
    start += 1;
  }
  // From the beginning of a line on: half a character or half a CR LF is never replaced.
  start = start === 0 ? 0 : from.lastIndexOf('\n', start - 1) + 1;
  let tail = 0;
  while (
    tail < shorter - start &&
    from.charCodeAt(from.length - 1 - tail) === to.charCodeAt(to.length - 1 - tail)
  ) {
    tail += 1;
  }
  const lineEnd = from.indexOf('\n', from.length - tail);
  tail = lineEnd < 0 ? 0 : from.length - lineEnd;
  // A line end belongs to the tail only if all of what is before it in the line does.
  if (lineEnd > 0 && from[lineEnd - 1] === '\r') {
    tail = from.length - lineEnd - 1;
  }
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) };
}
