import { formatBytes, formatCount, formatQuantity } from '../base/format.ts';
import type { Codec, Decoded, DecodeLimits, Marker, PayloadContext } from './codec.ts';
import { ItemCursor, ItemStop } from './item-cursor.ts';
import { ItemFields } from './item-fields.ts';
import { ItemLayout } from './item-layout.ts';
import { probeItems } from './item-probe.ts';
import type { ReadOne } from './item-visitor.ts';
import { walkItem } from './item-walk.ts';
import { cutLine, EMPTY_PREVIEW } from './preview.ts';
import { sampleOf } from './sample.ts';
import { visibleText } from './visible-text.ts';

/** Nesting that a line of preview follows. */
const PREVIEW_DEPTH = 50;
const NOTATION =
  "What JSON has no form for is in CBOR diagnostic notation: h'…' bytes, 1(…) a tag, 1.0 a float, keys that are no text.";

interface ItemFormat {
  readonly id: string;
  readonly label: string;
  readonly readOne: ReadOne;
  /** Whether a content type names the format. */
  readonly isType: RegExp;
  /** JSON and the notation of the view as bytes; throws a `PayloadError` with the place. */
  readonly encode: (text: string) => Uint8Array<ArrayBuffer>;
}

/** The codec of a binary format whose items nest as those of JSON do. */
export function itemCodec({ id, label, readOne, isType, encode }: ItemFormat): Codec {
  return {
    id,
    label,
    detect(bytes: Uint8Array, context: PayloadContext) {
      const isNamed = bytes.length > 0 && isType.test(context.contentType ?? '');
      return isNamed ? 0.92 : probeItems(bytes, readOne);
    },
    preview(bytes, maxLength) {
      if (bytes.length === 0) {
        return cutLine(EMPTY_PREVIEW, maxLength);
      }
      const limits = { maxTextLength: maxLength * 4 + 16, maxDepth: PREVIEW_DEPTH, isOver: () => false };
      const { text, stop } = layOut(sampleOf(bytes), readOne, limits);
      const line = visibleText(text.replace(/\n */g, ' '));
      return cutLine(line, maxLength, stop !== undefined || bytes.length > sampleOf(bytes).length);
    },
    decode: (bytes, limits) => decodeItems(bytes, label, readOne, limits),
    fields(bytes, limits) {
      const cursor = new ItemCursor(bytes);
      const visitor = new ItemFields();
      walkItem(cursor, visitor, readOne, limits);
      return visitor.fields;
    },
    encode,
  };
}

function decodeItems(bytes: Uint8Array, label: string, readOne: ReadOne, limits: DecodeLimits): Decoded {
  if (bytes.length === 0) {
    return { shape: 'text', text: '', language: 'json', markers: [], notes: ['The payload is empty.'] };
  }
  const { text, stop, layout, cursor } = layOut(bytes, readOne, limits);
  const notes: string[] = [];
  const markers: Marker[] = [];
  if (stop?.reason === 'malformed' || stop?.reason === 'end') {
    const message = `${stop.message} (byte ${formatCount(stop.offset)})`;
    if (text === '') {
      notes.push(`This is not ${label}: ${message}.`);
    } else {
      const at = Math.max(0, text.length - 1);
      markers.push({ offset: at, length: text.length - at, message });
    }
  } else if (stop?.reason === 'long') {
    notes.push(`Longer than can be shown: the rest of ${formatBytes(bytes.length)} is left out.`);
  } else if (stop !== undefined) {
    notes.push(`${stop.message}: what begins at byte ${formatCount(stop.offset)} is not shown.`);
  }
  if (layout.items > 1) {
    notes.push(`A sequence of ${formatQuantity(layout.items, 'item')}, one after the other.`);
  }
  if (cursor.invalidTexts > 0) {
    notes.push(`Not UTF-8 in ${formatQuantity(cursor.invalidTexts, 'text')}: shown as �.`);
  }
  if (layout.usesNotation) {
    notes.push(NOTATION);
  }
  return { shape: 'text', text, language: 'json', markers, notes };
}

/** Lays out one item after the other as far as they go. */
function layOut(bytes: Uint8Array, readOne: ReadOne, limits: DecodeLimits) {
  const cursor = new ItemCursor(bytes);
  const layout = new ItemLayout(limits.maxTextLength, bytes.length * 2);
  let stop: ItemStop | undefined;
  try {
    while (cursor.left > 0) {
      if (limits.isOver()) {
        throw new ItemStop('timeout', cursor.offset, 'It took too long to read');
      }
      walkItem(cursor, layout, readOne, limits);
    }
  } catch (error) {
    if (!(error instanceof ItemStop)) {
      throw error;
    }
    stop = error;
  }
  return { text: layout.toString(), stop, layout, cursor };
}
