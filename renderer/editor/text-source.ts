/** A text that is read in slices. Offsets and lengths in UTF-16 units. */
export interface TextSource {
  /** Differs whenever the text may differ. */
  readonly id: string;
  readonly length: number;
  /** At least one unit unless the end is reached; may be less than asked for. Rejects with a `FailureError`. */
  read(offset: number, length: number): Promise<string>;
}

/** Enough for several screens, little enough to be there at once. */
export const FIRST_SLICE = 64 * 1024;
/** Each slice costs something for all lines that are there already: many small ones are dearer than few large ones. */
const MIN_SLICE = 192 * 1024;
/** What one `view.read` may ask for. */
const MAX_SLICE = 1024 * 1024;
/** Milliseconds that taking in one slice should keep the page busy. */
const TARGET = 16;

/** The next slice's size, from what the last one cost: no frame shall wait long, and few slices be needed. */
export function nextSliceSize(size: number, milliseconds: number): number {
  const ideal = milliseconds <= 0 ? size * 2 : (size * TARGET) / milliseconds;
  // At most twice or half as much at once: single measurements are noisy.
  return Math.round(Math.min(MAX_SLICE, Math.max(MIN_SLICE, Math.min(size * 2, Math.max(size / 2, ideal)))));
}

/** The whole text of a source; for those that are known to be short. */
export async function readAll(source: TextSource, isWanted: () => boolean = () => true): Promise<string> {
  const slices: string[] = [];
  for (let offset = 0; offset < source.length && isWanted(); ) {
    const text = await source.read(offset, MAX_SLICE);
    if (text === '') {
      break;
    }
    slices.push(text);
    offset += text.length;
  }
  return slices.join('');
}
