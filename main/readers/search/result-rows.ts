import type { Mark, ResultRow } from '#app/contract/feeds/search.ts';
import { ruledPreview } from '#app/payload/ruled-preview.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import { RowKind } from '../../session/log/shared-log.ts';
import { contextOf } from '../message-context.ts';
import { MAX_DECODED } from './query-matcher.ts';
import type { TextMatcher } from './text-matcher.ts';

const MAX_TOPIC = 512;
const MAX_PREVIEW = 200;
const PREVIEW_BYTES = 4096;
/** Characters before the first find in a preview that does not begin at the beginning. */
const CONTEXT = 40;
/** Different texts that were found, for the inspector; and how long one may be. */
const MAX_FOUND = 8;
const MAX_FOUND_LENGTH = 200;

/** One result as the screen shows it, or `undefined` when the message is gone. */
export function resultRow(
  reader: LogReader,
  sequence: number,
  topic: string,
  text: TextMatcher | undefined,
  scope: { readonly inTopic: boolean; readonly inPayload: boolean },
): ResultRow | undefined {
  const row = reader.details(sequence);
  const payload = reader.payload(sequence, 0, MAX_DECODED);
  if (row === undefined || payload === undefined || row.kind === RowKind.gap) {
    return undefined;
  }
  const shown = cutTopic(topic);
  const value = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const isSearched = text !== undefined && scope.inPayload;
  const whole = isSearched ? value.toString('utf8') : '';
  const places = isSearched ? text.marks(whole) : [];
  const { preview, marks } =
    places.length > 0
      ? excerpt(whole, places)
      : {
          preview: ruledPreview(
            payload.subarray(0, PREVIEW_BYTES),
            row.size,
            contextOf(reader).ruledCodec(row.topicId),
          ),
          marks: [],
        };
  return {
    kind: 'message',
    sequence,
    receivedAt: row.receivedAt,
    direction: row.kind === RowKind.received ? 'received' : 'published',
    topicId: row.topicId,
    topic: shown,
    qos: row.qos,
    retain: row.retain,
    dup: row.dup,
    size: row.size,
    preview,
    topicMarks: text !== undefined && scope.inTopic ? text.marks(shown) : [],
    previewMarks: marks,
    found: [
      ...new Set(places.map(([start, end]) => whole.slice(start, Math.min(end, start + MAX_FOUND_LENGTH)))),
    ].slice(0, MAX_FOUND),
  };
}

/** The line around the first find, safe to show, with the finds in it marked. */
function excerpt(whole: string, places: readonly Mark[]): { preview: string; marks: Mark[] } {
  const first = places[0]?.[0] ?? 0;
  const start = first < MAX_PREVIEW - CONTEXT ? 0 : first - CONTEXT;
  const end = Math.min(whole.length, start + MAX_PREVIEW);
  const marks: Mark[] = [];
  let preview = start === 0 ? '' : '…';
  let at = start;
  for (const [from, to] of places) {
    if (from >= end) {
      break;
    }
    preview += line(whole.slice(at, from));
    const markStart = preview.length;
    preview += line(whole.slice(from, Math.min(to, end)));
    marks.push([markStart, preview.length]);
    at = Math.min(to, end);
  }
  preview += line(whole.slice(at, end));
  return { preview: end < whole.length ? `${preview}…` : preview, marks };
}

function line(text: string): string {
  return visibleText(text.replace(/[\r\n\t ]+/g, ' '));
}

function cutTopic(topic: string): string {
  return topic.length <= MAX_TOPIC ? topic : `${topic.slice(0, 254)}…${topic.slice(-256)}`;
}
