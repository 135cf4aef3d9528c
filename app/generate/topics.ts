import { formatCount } from '../base/format.ts';

/** Topics that one pattern may stand for. */
export const MAX_TOPICS = 1000;

/** The topics of a pattern, or why it cannot be used. */
export type ExpandedTopics =
  | { readonly topics: readonly string[]; readonly problem?: undefined }
  | { readonly topics: readonly []; readonly problem: string };

/** `{1..10}`, `{01..10}`, `{a,b}`; other braces are part of the topic. */
const group = /\{(?:(-?\d{1,9})\.\.(-?\d{1,9})|([^{},]*(?:,[^{},]*)+))\}/;

/** Whether a topic stands for several. */
export function hasExpansion(topic: string): boolean {
  return group.test(topic);
}

/**
 * The topics that `line{1..10}/{set,get}` stands for, in the order in which a shell has them, each once. A range counts
 * up or down; leading zeros are kept (`{01..10}`).
 */
export function expandTopics(pattern: string): ExpandedTopics {
  const topics = new Set<string>();
  const open = [pattern];
  // Also those that come up again: `{a,a}{a,a}…` is many ways to few topics.
  let made = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const found = group.exec(next);
    if (found === null) {
      topics.add(next);
      made += 1;
    } else {
      const [whole, first, last, list] = found;
      const choices = list === undefined ? range(first ?? '', last ?? '') : list.split(',');
      if (choices === undefined) {
        return tooMany(pattern);
      }
      const head = next.slice(0, found.index);
      const tail = next.slice(found.index + whole.length);
      // The first choice is taken next.
      for (const choice of choices.toReversed()) {
        open.push(head + choice + tail);
      }
    }
    if (made + open.length > MAX_TOPICS) {
      return tooMany(pattern);
    }
  }
  return { topics: [...topics] };
}

function range(first: string, last: string): string[] | undefined {
  const from = Number(first);
  const to = Number(last);
  const count = Math.abs(to - from) + 1;
  if (count > MAX_TOPICS) {
    return undefined;
  }
  const isPadded = /^-?0\d/.test(first) || /^-?0\d/.test(last);
  const width = isPadded ? Math.max(first.replace('-', '').length, last.replace('-', '').length) : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = from <= to ? from + index : from - index;
    return `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(width, '0')}`;
  });
}

function tooMany(pattern: string): ExpandedTopics {
  return {
    topics: [],
    problem: `“${pattern.length > 80 ? `${pattern.slice(0, 79)}…` : pattern}” stands for more than ${formatCount(MAX_TOPICS)} topics.`,
  };
}
