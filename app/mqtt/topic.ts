import type { MqttVersion } from '../profile/profile.ts';

/** Bytes of UTF-8 that a topic name or filter may have (MQTT 5.0 section 1.5.4: a two-byte length). */
export const MAX_TOPIC_BYTES = 65_535;

/** Characters of a topic name in MQTT 3.1 (its section on PUBLISH). */
const MAX_TOPIC_LENGTH_3_1 = 32_767;

const SHARE_PREFIX = '$share/';

/** Why a text cannot be published to (MQTT 4.7.1, 4.7.3), in plain words; undefined when it can. */
export function topicNameProblem(topic: string, version?: MqttVersion): string | undefined {
  if (topic === '') {
    return 'A topic needs at least one character.';
  }
  const wildcard = /[+#]/.exec(topic);
  if (wildcard !== null) {
    return `A topic to publish to may not hold the wildcard ${wildcard[0]}.`;
  }
  if (version === '3.1' && topic.length > MAX_TOPIC_LENGTH_3_1) {
    return `MQTT 3.1 allows topics of ${MAX_TOPIC_LENGTH_3_1} characters; this one has ${topic.length}.`;
  }
  return textProblem(topic, 'topic');
}

/** Why a text cannot be subscribed to (MQTT 4.7.1, 4.7.3; 4.8.2 for `$share/group/filter`); undefined when it can. */
export function topicFilterProblem(filter: string): string | undefined {
  if (filter === '') {
    return 'A topic filter needs at least one character.';
  }
  return textProblem(filter, 'topic filter') ?? shareProblem(filter) ?? wildcardProblem(unshared(filter));
}

/** The parts of a shared subscription's filter (MQTT 5.0 section 4.8.2); undefined when it is not shared. */
export function sharedFilter(
  filter: string,
): { readonly group: string; readonly filter: string } | undefined {
  if (!filter.startsWith(SHARE_PREFIX)) {
    return undefined;
  }
  const end = filter.indexOf('/', SHARE_PREFIX.length);
  return end < 0
    ? { group: filter.slice(SHARE_PREFIX.length), filter: '' }
    : { group: filter.slice(SHARE_PREFIX.length, end), filter: filter.slice(end + 1) };
}

/** True when a level of the filter is `+` or `#`. */
export function hasWildcard(filter: string): boolean {
  return /(?:^|\/)[+#](?:\/|$)/.test(filter);
}

/**
 * Does a valid filter select a topic? Wildcards in the first level do not match topics that begin with `$`
 * (MQTT 4.7.2); a `$share/group/` prefix is left out of the comparison. For many topics, compile the filter once.
 */
export function matchesFilter(filter: string, topic: string): boolean {
  return compileFilter(filter)(topic);
}

/** A filter as a function, for comparing it with many topics: it allocates nothing. See {@link matchesFilter}. */
export function compileFilter(filter: string): (topic: string) => boolean {
  const pattern = unshared(filter);
  if (pattern === '#') {
    return (topic) => topic.charCodeAt(0) !== DOLLAR;
  }
  if (!hasWildcard(pattern)) {
    return (topic) => topic === pattern;
  }
  if (pattern.endsWith('/#') && !hasWildcard(pattern.slice(0, -2))) {
    const prefix = pattern.slice(0, -1);
    const parent = pattern.slice(0, -2);
    return (topic) => topic.startsWith(prefix) || topic === parent;
  }
  return compileLevels(pattern.split('/'));
}

const DOLLAR = 0x24;

function compileLevels(levels: readonly string[]): (topic: string) => boolean {
  const startsWithWildcard = levels[0] === '+' || levels[0] === '#';
  return (topic) => {
    if (startsWithWildcard && topic.charCodeAt(0) === DOLLAR) {
      return false;
    }
    // Where the current level of the topic begins; behind the end once its last level is used up.
    let start = 0;
    for (let index = 0; index < levels.length; index += 1) {
      const level = levels[index] as string;
      if (level === '#' && index === levels.length - 1) {
        // `a/#` selects `a` as well (MQTT 4.7.1.2).
        return true;
      }
      if (start > topic.length) {
        return false;
      }
      const slash = topic.indexOf('/', start);
      const end = slash < 0 ? topic.length : slash;
      if (level !== '+' && (end - start !== level.length || !topic.startsWith(level, start))) {
        return false;
      }
      start = end + 1;
    }
    return start > topic.length;
  };
}

function unshared(filter: string): string {
  return sharedFilter(filter)?.filter ?? filter;
}

function shareProblem(filter: string): string | undefined {
  const shared = sharedFilter(filter);
  if (shared === undefined) {
    return undefined;
  }
  if (shared.group === '' || /[+#]/.test(shared.group)) {
    return 'A shared subscription needs a group name without wildcards: $share/group/filter.';
  }
  if (shared.filter === '') {
    return 'A shared subscription needs a topic filter behind the group name: $share/group/filter.';
  }
  return undefined;
}

function wildcardProblem(filter: string): string | undefined {
  const levels = filter.split('/');
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index < levels.length - 1)) {
      return 'The wildcard # must be the whole last level, as in a/b/#.';
    }
    if (level.includes('+') && level !== '+') {
      return 'The wildcard + must stand for a whole level, as in a/+/c.';
    }
  }
  return undefined;
}

/** What MQTT forbids in any text that it carries (5.0 section 1.5.4). */
function textProblem(text: string, what: string): string | undefined {
  if (text.includes('\u0000')) {
    return `A ${what} may not hold the null character (U+0000).`;
  }
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)) {
    return `This ${what} holds half of a character (an unpaired surrogate), which UTF-8 cannot carry.`;
  }
  const bytes = utf8Length(text);
  return bytes > MAX_TOPIC_BYTES
    ? `A ${what} may have ${MAX_TOPIC_BYTES} bytes in UTF-8; this one has ${bytes}.`
    : undefined;
}

/** Bytes of a well-formed text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdfff) {
      // Each half of a pair counts for two of its four bytes.
      bytes += 1;
    } else if (unit >= 0x800) {
      bytes += 2;
    } else if (unit >= 0x80) {
      bytes += 1;
    }
  }
  return bytes;
}
