import { formatBytes, formatCount } from '../../base/format.ts';
import { fail } from '../../contract/failure.ts';
import type { Decoded, DecodeLimits } from '../codec.ts';
import type { ItemStop } from '../item-cursor.ts';
import { formatJson } from '../json-format.ts';
import type { ReadPayload } from './container.ts';
import type { ReadLimits } from './read-value.ts';

const MAX_VALUES = 500_000;
/** UTF-16 units of the JSON, before it is laid out: half a second of work. */
const MAX_TEXT = 4_000_000;

/** What reading a payload for a view may cost. */
export function viewLimits(limits: DecodeLimits): ReadLimits {
  return { ...limits, maxTextLength: Math.min(limits.maxTextLength, MAX_TEXT), maxValues: MAX_VALUES };
}

/** What is read as a view, laid out, with what its reader must know. */
export function shownAsJson({ text, notes, stop }: ReadPayload, size: number, limits: DecodeLimits): Decoded {
  const all = stop === undefined ? notes : [stopNote(stop, text, size), ...notes];
  if (text === '') {
    return { shape: 'bytes', notes: all };
  }
  const { text: laidOut } = formatJson(text, limits);
  return { shape: 'text', text: laidOut, language: 'json', markers: [], notes: all };
}

function stopNote({ reason, message, offset }: ItemStop, text: string, size: number): string {
  switch (reason) {
    case 'malformed':
    case 'end':
      return `${text === '' ? 'This is no Avro of this type' : 'The payload does not fit the type from here on'}: ${message} (byte ${formatCount(offset)}).`;
    case 'long':
      return `${message}: the rest of ${formatBytes(size)} is left out.`;
    default:
      return `${message}: what begins at byte ${formatCount(offset)} is not shown.`;
  }
}

/** The JSON of a payload that fits; throws `payload.avro` where it does not. */
export function fittingText({ text, notes, stop }: ReadPayload): string {
  if (stop?.reason === 'malformed' || stop?.reason === 'end') {
    throw fail(
      'payload.avro',
      `The payload does not fit the type: ${stop.message} (byte ${formatCount(stop.offset)}).`,
    );
  }
  if (text === '') {
    throw fail('payload.avro', notes[0] ?? 'The payload is not of this type.');
  }
  return text;
}
