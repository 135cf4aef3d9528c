import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileFilter,
  hasWildcard,
  MAX_TOPIC_BYTES,
  matchesFilter,
  sharedFilter,
  topicFilterProblem,
  topicNameProblem,
  utf8Length,
} from './topic.ts';

/** MQTT 4.7 written down as simply as it can be: the reference for the fast matcher. */
function naiveMatch(filter: string, topic: string): boolean {
  const isDollar = topic.startsWith('$');
  const match = (levels: readonly string[], rest: readonly string[]): boolean => {
    const [level, ...others] = levels;
    if (level === undefined) {
      return rest.length === 0;
    }
    if (level === '#') {
      return true;
    }
    const [first, ...remaining] = rest;
    return first !== undefined && (level === '+' || level === first) && match(others, remaining);
  };
  const levels = filter.replace(/^\$share\/[^/]*\//, '').split('/');
  return !(isDollar && /^[+#]/.test(levels[0] ?? '')) && match(levels, topic.split('/'));
}

const segment = fc.constantFrom('', 'a', 'b', 'ab', '$', '$SYS', 'ä', '🌡', ' ');
const topics = fc.array(segment, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
const filters = fc
  .tuple(
    fc.constantFrom('', '$share/g/'),
    fc.array(fc.oneof(segment, fc.constant('+')), { maxLength: 4 }),
    fc.oneof(segment, fc.constant('+'), fc.constant('#')),
  )
  .map(([share, levels, last]) => share + [...levels, last].join('/'));

describe('matchesFilter', () => {
  it('agrees with the naive reference', () => {
    fc.assert(
      fc.property(filters, topics, (filter, topic) => {
        expect(matchesFilter(filter, topic)).toBe(naiveMatch(filter, topic));
      }),
      { numRuns: 5000 },
    );
  });

  it('selects a topic by itself, by one wildcard per level and by its parent and #', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        const levels = topic.split('/');
        expect(matchesFilter(topic, topic)).toBe(true);
        expect(matchesFilter([...levels, '#'].join('/'), topic)).toBe(true);
        expect(matchesFilter(levels.map(() => '+').join('/'), topic)).toBe(!topic.startsWith('$'));
        expect(matchesFilter([...levels, '+'].join('/'), topic)).toBe(false);
      }),
    );
  });

  // The examples of MQTT 5.0 sections 4.7.1 to 4.7.3 and 4.8.2.
  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['sport/#', 'sports', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '/', true],
    ['#', '$SYS/broker', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS', true],
    ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
    ['$share/group/sport/#', 'sport/tennis', true],
    ['$share/group/#', '$SYS/broker', false],
    ['ACCOUNTS', 'Accounts', false],
    ['a/+/c/#', 'a/b/c', true],
    ['a/+/c', 'a//c', true],
  ])('%s on %s: %s', (filter, topic, expected) => {
    expect(compileFilter(filter)(topic)).toBe(expected);
  });
});

describe('topicNameProblem', () => {
  it('accepts what MQTT allows', () => {
    for (const topic of ['a', '/', '//', ' ', '$SYS/x', 'a/ä/🌡', 'a\tb', 'x'.repeat(MAX_TOPIC_BYTES)]) {
      expect(topicNameProblem(topic)).toBeUndefined();
    }
  });

  it.each([
    ['', /at least one character/],
    ['a/+', /wildcard \+/],
    ['a#b', /wildcard #/],
    ['a\u0000', /null character/],
    ['\uD83C', /surrogate/],
    ['x'.repeat(MAX_TOPIC_BYTES + 1), /65535 bytes/],
    ['ä'.repeat(MAX_TOPIC_BYTES), /131070/],
  ])('refuses %j', (topic, reason) => {
    expect(topicNameProblem(topic)).toMatch(reason);
  });

  it('knows the shorter limit of MQTT 3.1', () => {
    expect(topicNameProblem('x'.repeat(32_768), '3.1')).toMatch(/MQTT 3\.1 allows/);
    expect(topicNameProblem('x'.repeat(32_768), '3.1.1')).toBeUndefined();
  });
});

describe('topicFilterProblem', () => {
  it('accepts every filter that the grammar makes', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const body = sharedFilter(filter)?.filter ?? filter;
        expect(topicFilterProblem(filter) === undefined).toBe(body !== '');
      }),
    );
  });

  it.each([
    ['', /at least one character/],
    ['a#', /#/],
    ['#/a', /#/],
    ['a/b#/c', /#/],
    ['a+/b', /\+/],
    ['a/+b', /\+/],
    ['$share/', /group name/],
    ['$share//a', /group name/],
    ['$share/g+/a', /group name/],
    ['$share/group', /behind the group/],
    ['$share/group/', /behind the group/],
    ['$share/group/a#', /#/],
    ['a\u0000', /null/],
    ['\uDC00', /surrogate/],
  ])('refuses %j', (filter, reason) => {
    expect(topicFilterProblem(filter)).toMatch(reason);
  });

  it('finds wildcards as whole levels only', () => {
    expect(['#', '+', 'a/+', '+/a', 'a/#'].every(hasWildcard)).toBe(true);
    expect(['a', 'a+', '/', ''].some(hasWildcard)).toBe(false);
  });
});

describe('utf8Length', () => {
  it('agrees with the encoder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});
