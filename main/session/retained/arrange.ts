import type { retainedSorts } from '#app/contract/feeds/retained.ts';
import { compileFilter } from '#app/mqtt/topic.ts';
import type { RetainedEntry } from './retained-list.ts';

/** What a view shows of a list, and in which order. */
export interface Arrangement {
  /** A valid MQTT filter, or empty. */
  readonly topicFilter: string;
  readonly text: string;
  readonly sort: { readonly by: (typeof retainedSorts)[number]; readonly descending: boolean };
}

/** Entries, or bytes of payload, between two pauses. */
const STEP = 2048;
const STEP_BYTES = 256 * 1024;

const decoder = new TextDecoder();

/** Filters and sorts in steps of a millisecond or so, so that a long list does not hold up the thread. */
export function* arrange(
  entries: readonly RetainedEntry[],
  arrangement: Arrangement,
): Generator<undefined, RetainedEntry[]> {
  const matches = arrangement.topicFilter === '' ? () => true : compileFilter(arrangement.topicFilter);
  const needle = arrangement.text.toLowerCase();
  const found: RetainedEntry[] = [];
  let searched = 0;
  for (const [index, entry] of entries.entries()) {
    if (!entry.isGone && matches(entry.topic)) {
      if (needle === '' || entry.topic.toLowerCase().includes(needle)) {
        found.push(entry);
      } else {
        searched += entry.head.length;
        if (decoder.decode(entry.head).toLowerCase().includes(needle)) {
          found.push(entry);
        }
      }
    }
    if (index % STEP === STEP - 1 || searched > STEP_BYTES) {
      searched = 0;
      yield;
    }
  }
  return yield* sortInSteps(found, comparison(arrangement.sort));
}

function comparison({ by, descending }: Arrangement['sort']): (a: RetainedEntry, b: RetainedEntry) => number {
  const byTopic = (a: RetainedEntry, b: RetainedEntry) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0;
  const order = {
    topic: byTopic,
    size: (a: RetainedEntry, b: RetainedEntry) => a.size - b.size || byTopic(a, b),
    // Ascending age: the youngest first.
    age: (a: RetainedEntry, b: RetainedEntry) => b.since - a.since || byTopic(a, b),
  }[by];
  return descending ? (a, b) => order(b, a) : order;
}

/** A merge sort: runs are sorted at once, merging them pauses. Stable. */
function* sortInSteps<T>(items: T[], compare: (a: T, b: T) => number): Generator<undefined, T[]> {
  let source = items;
  for (let start = 0; start < source.length; start += STEP) {
    const run = source.slice(start, start + STEP).sort(compare);
    for (const [place, item] of run.entries()) {
      source[start + place] = item;
    }
    yield;
  }
  for (let width = STEP; width < source.length; width *= 2) {
    const target: T[] = [];
    for (let start = 0; start < source.length; start += 2 * width) {
      const middle = Math.min(start + width, source.length);
      const end = Math.min(start + 2 * width, source.length);
      let left = start;
      let right = middle;
      while (left < middle || right < end) {
        const takesLeft =
          right >= end || (left < middle && compare(source[left] as T, source[right] as T) <= 0);
        target.push(source[takesLeft ? left++ : right++] as T);
        if (target.length % STEP === 0) {
          yield;
        }
      }
    }
    source = target;
  }
  return source;
}
