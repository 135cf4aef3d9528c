import { z } from 'zod';
import { type SearchQuery, searchQuerySchema } from '#app/contract/feeds/search.ts';

/** Searches under names, as they are kept in the settings. */
export const savedSearchesSchema = z
  .array(z.object({ name: z.string().min(1).max(100), query: searchQuerySchema }))
  .max(100);

/** Nothing is searched for yet. */
export const noQuery: SearchQuery = searchQuerySchema.parse({});

/** Is anything asked for? All messages are what the stream is for. */
export function isAsking(query: SearchQuery): boolean {
  const { inTopic, inPayload, inProperties, isRegex, matchCase, wholeWord, ...asked } = query;
  const {
    inTopic: _t,
    inPayload: _p,
    inProperties: _o,
    isRegex: _r,
    matchCase: _m,
    wholeWord: _w,
    ...none
  } = noQuery;
  return JSON.stringify(asked) !== JSON.stringify(none);
}

/** A name for a search that is saved without one. */
export function nameOf({ text, condition, topicFilter }: SearchQuery): string {
  const parts = [text, condition, topicFilter === '' ? '' : `in ${topicFilter}`].filter(
    (part) => part !== '',
  );
  return parts.join(', ').slice(0, 100) || 'Search';
}

/** `2 KB`, `300`, `1.5 MB` in bytes; `undefined`: not a size. Empty is none. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb)?\s*$/i.exec(text);
  const unit = { b: 1, kb: 1000, mb: 1_000_000 }[(match?.[2] ?? 'b').toLowerCase()] ?? 1;
  return match === null ? undefined : Math.round(Number(match[1]) * unit);
}

/** Local date and time as a field of type `datetime-local` holds it, as milliseconds since the epoch. */
export function parseTime(text: string): number | undefined {
  const at = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(at) ? undefined : at;
}

/** The other way round, to the second. */
export function timeText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Does a query hold more than text? */
export function hasMore(query: SearchQuery): boolean {
  const { isRegex, matchCase, wholeWord } = query;
  return (
    JSON.stringify({ ...query, text: '' }) !== JSON.stringify({ ...noQuery, isRegex, matchCase, wholeWord })
  );
}
