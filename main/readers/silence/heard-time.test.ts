import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFilter } from '#app/mqtt/topic.ts';
import type { ListeningChange } from '../session-listening.ts';
import { HeardTopics } from './heard-time.ts';

const filters = fc.uniqueArray(
  fc.constantFrom('a/#', 'a/b', '+/b', 'c').map((filter) => ({ filter, keepsRetain: filter === 'a/b' })),
  { selector: ({ filter }) => filter, maxLength: 4 },
);
const change = fc
  .record({ after: fc.integer({ min: 0, max: 20 }), isConnected: fc.boolean(), filters })
  .map(({ after, isConnected, filters: all }) => ({ after, isConnected, filters: isConnected ? all : [] }));

/** The list of changes as it grows: each time with those before, as the same objects. */
function growing(
  parts: readonly { after: number; isConnected: boolean; filters: ListeningChange['filters'] }[],
) {
  let at = 1000;
  const changes = parts.map(({ after, ...part }) => {
    at += after;
    return { at, ...part };
  });
  return changes.map((_, index) => changes.slice(0, index + 1));
}

describe('HeardTopics', () => {
  it('agrees with a look at each millisecond, whenever a topic joins', () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.constantFrom('a', 'a/b', 'c', 'x/b', 'y'),
        (parts, joins, topic) => {
          const steps = growing(parts);
          const heardTopics = new HeardTopics();
          for (const [index, changes] of steps.entries()) {
            heardTopics.follow(changes);
            if (index === joins % steps.length) {
              heardTopics.classOf(topic);
            }
          }
          const heard = heardTopics.heard(heardTopics.classOf(topic));
          const all = steps.at(-1) ?? [];
          const isHeardAt = (time: number) =>
            all
              .findLast(({ at }) => at <= time)
              ?.filters.some(({ filter }) => matchesFilter(filter, topic)) === true;
          const end = (all.at(-1)?.at ?? 0) + 5;
          let sum = 0;
          let last = Number.NEGATIVE_INFINITY;
          const isFirst = (time: number) => time === all[0]?.at;
          for (let time = 995; time <= end; time++) {
            expect(heard.until(time)).toBe(sum);
            if (isFirst(time) || isHeardAt(time) !== isHeardAt(time - 1)) {
              last = time;
            }
            // Off and on within the same millisecond is a change as well.
            expect(heard.lastChange(time)).toBeGreaterThanOrEqual(last);
            expect(heard.lastChange(time)).toBeLessThanOrEqual(time);
            sum += isHeardAt(time) ? 1 : 0;
          }
          expect(heard.isHeard).toBe(isHeardAt(end));
          expect(heardTopics.isConnected).toBe(all.at(-1)?.isConnected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('knows since when it is offline, and when the broker sent what it retains', () => {
    const topics = new HeardTopics();
    const all = [{ filter: 'a/#', keepsRetain: true }];
    const changes: ListeningChange[] = [];
    const then = (at: number, isConnected: boolean, heard: ListeningChange['filters']) => {
      changes.push({ at, isConnected, filters: heard });
      topics.follow([...changes]);
      return topics.heard(topics.classOf('a/b'));
    };
    expect(topics.heard(topics.classOf('a/b')).isHeard).toBe(true);
    expect(then(10, false, []).isHeard).toBe(false);
    expect(topics.offlineSince).toBe(10);
    expect(then(20, true, all)).toMatchObject({ isHeard: true, replayFrom: 20, keepsRetain: true });
    expect(topics.offlineSince).toBeUndefined();
    // A filter that does not concern the topic changes nothing; one that does brings the retained ones again.
    expect(then(30, true, [...all, { filter: 'c', keepsRetain: false }]).replayFrom).toBe(20);
    expect(then(40, true, [...all, { filter: '+/b', keepsRetain: false }]).replayFrom).toBe(40);
    expect(then(50, false, []).isHeard).toBe(false);
    expect(then(55, false, []).replayFrom).toBe(40);
    expect(topics.offlineSince).toBe(50);
  });

  it('counts all time as heard where nothing is known', () => {
    const heard = new HeardTopics().heard(0);
    expect(heard.until(500) - heard.until(200)).toBe(300);
    expect(heard.lastChange(500)).toBe(Number.NEGATIVE_INFINITY);
  });
});
