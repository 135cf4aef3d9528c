import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MessageFilter, messageFilterSchema } from '#app/contract/feeds/session.ts';
import { matchesFilter } from '#app/mqtt/topic.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import { MessageLog } from '../log/message-log.ts';
import { packFlags, RowKind } from '../log/shared-log.ts';
import { SubscriptionMatches } from '../subscription-matches.ts';
import { FilteredLog, type RowList, WholeLog } from './row-list.ts';
import { RowMatcher } from './row-matcher.ts';
import { TopicHistory } from './topic-history.ts';

const topics = ['', 'a', 'a/b', 'a/c', 'B/wörd', '$SYS/x', 'muted/1'];
const words = ['alpha', 'BETA', 'Größe', 'x'.repeat(300), '', '日本', 'be'];

/** What the log was given, to be filtered the slow way. */
interface Model {
  readonly kind: RowKind;
  readonly topicId: number;
  readonly text: string;
  readonly qos: number;
  readonly retain: boolean;
}

class World {
  readonly newest = new Map<number, number>();
  readonly log = new MessageLog({ budget: 1 << 20, newestReceived: (id) => this.newest.get(id) ?? 0 });
  readonly matches = new SubscriptionMatches((id) => topics[id] ?? '');
  readonly rows: Model[] = [];

  constructor() {
    this.matches.setSubscriptions([newSubscription('muted/#', { muted: true }), newSubscription('a/b')]);
  }

  add(row: Model): void {
    const payload = Buffer.from(row.text);
    const flags = packFlags(row.kind, row.qos, row.retain, false);
    if (row.kind === RowKind.gap) {
      this.log.appendGap(1, row.text);
    } else if (row.kind === RowKind.published) {
      this.log.appendPublished(row.topicId, payload, 1, row.qos, row.retain, undefined);
    } else {
      const replaces = this.newest.get(row.topicId) ?? 0;
      this.newest.set(
        row.topicId,
        this.log.appendReceived(row.topicId, payload, 1, flags, replaces, undefined),
      );
    }
    this.rows.push(row);
  }

  addAll(rows: readonly Model[]): void {
    for (const row of rows) {
      this.add(row);
    }
  }

  /** The rows of a filter by looking at each. */
  expected(filter: MessageFilter): number[] {
    const text = filter.text.toLowerCase();
    return this.rows.flatMap((row, index) => {
      const sequence = index + 1;
      const topic = topics[row.topicId] ?? '';
      const isKept =
        filter.topicId === undefined
          ? sequence >= this.log.firstSequence
          : this.log.find(sequence) !== undefined;
      const isPlain =
        text === '' && filter.topicId === undefined && filter.retain === 'any' && filter.qos.length === 0;
      const isMatch =
        row.kind === RowKind.gap
          ? isPlain
          : (filter.topicFilter === '' || matchesFilter(filter.topicFilter, topic)) &&
            (filter.topicId === undefined || filter.topicId === row.topicId) &&
            (topic.toLowerCase().includes(text) || row.text.toLowerCase().includes(text)) &&
            (filter.direction === 'both' ||
              (filter.direction === 'received') === (row.kind === RowKind.received)) &&
            (filter.retain === 'any' || (filter.retain === 'retained') === row.retain) &&
            (filter.qos.length === 0 || filter.qos.includes(row.qos as 0 | 1 | 2)) &&
            (filter.includeMuted || row.kind !== RowKind.received || !topic.startsWith('muted/'));
      return isKept && isMatch ? [sequence] : [];
    });
  }
}

const row: fc.Arbitrary<Model> = fc.record({
  kind: fc.constantFrom(RowKind.received, RowKind.received, RowKind.received, RowKind.published, RowKind.gap),
  topicId: fc.integer({ min: 1, max: topics.length - 1 }),
  text: fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((parts) => parts.join(' ')),
  qos: fc.integer({ min: 0, max: 2 }),
  retain: fc.boolean(),
});

const filter = fc.record({
  topicFilter: fc.constantFrom('', '#', 'a/+', '+/wörd', 'muted/#'),
  text: fc.constantFrom('', '', 'beta', 'GRÖSSE', 'größe', 'A/', 'ha be', '本'),
  direction: fc.constantFrom('both' as const, 'received' as const, 'published' as const),
  retain: fc.constantFrom('any' as const, 'any' as const, 'retained' as const, 'live' as const),
  qos: fc.constantFrom([], [], [0 as const], [1 as const, 2 as const]),
  topicId: fc.constantFrom(undefined, undefined, 2, 5),
  includeMuted: fc.boolean(),
});

function listOf(world: World, chosen: MessageFilter): RowList {
  const matcher = new RowMatcher(chosen, world.matches, (id) => topics[id] ?? '');
  return chosen.topicId === undefined
    ? new FilteredLog(world.log, matcher)
    : new TopicHistory(world.log, chosen.topicId, matcher);
}

type Step = 'receive' | 'publish' | 'other' | 'evict' | 'clear' | 'look';

const all = (list: RowList) => Array.from({ length: list.length }, (_, index) => list.at(index));

describe('RowList', () => {
  it('selects what looking at each row selects, old ones and new ones, through eviction', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 200, size: 'max' }),
        fc.array(row, { maxLength: 200, size: 'max' }),
        filter,
        fc.integer({ min: 1, max: 60 }),
        (before, after, { topicId, ...rest }, repeats) => {
          const world = new World();
          const chosen = messageFilterSchema.parse({
            ...rest,
            ...(topicId === undefined ? {} : { topicId }),
          });
          // Repeated, so that the budget of 1 MiB is passed now and then.
          for (let round = 0; round < repeats; round++) {
            world.addAll(before);
          }
          const list = listOf(world, chosen);
          let previous: { row: number; sequence: number } | undefined;
          const check = () => {
            while (list.advance(Number.NEGATIVE_INFINITY)) {
              // In the smallest slices there are.
            }
            expect(all(list)).toEqual(world.expected(chosen));
            expect(list.isScanning).toBe(false);
            expect(list.evictedRows).toBeGreaterThanOrEqual(0);
            // A row keeps its number when evictedRows is added.
            const sequence = list.at(list.length - 1);
            if (previous !== undefined && list.lowerBound(previous.sequence) < list.length) {
              const index = list.lowerBound(previous.sequence);
              if (list.at(index) === previous.sequence) {
                expect(index + list.evictedRows).toBe(previous.row);
              }
            }
            previous = sequence === 0 ? undefined : { row: list.length - 1 + list.evictedRows, sequence };
          };
          list.advance(Number.NEGATIVE_INFINITY);
          check();
          world.addAll(after);
          check();
          world.log.clear();
          check();
          world.addAll(after);
          check();
        },
      ),
      { numRuns: 120 },
    );
  });

  it('follows the history of a topic of which only the newest received message may be left', () => {
    const step = fc.constantFrom<Step>('receive', 'publish', 'other', 'evict', 'clear', 'look', 'look');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const world = new World();
        const chosen = messageFilterSchema.parse({ topicId: 2, includeMuted: true });
        const list = listOf(world, chosen);
        const message = { kind: RowKind.received, topicId: 2, text: 'x', qos: 0, retain: false };
        const filler = { ...message, topicId: 3, text: 'x'.repeat(60_000) };
        const run: Record<Step, () => void> = {
          receive: () => world.add(message),
          publish: () => world.add({ ...message, kind: RowKind.published }),
          other: () => world.add({ ...message, topicId: 1 }),
          evict: () => world.addAll(Array.from({ length: 20 }, () => filler)),
          clear: () => world.log.clear(),
          look: () => {
            const before = new Map(all(list).map((sequence, row) => [sequence, row + list.evictedRows]));
            list.advance(Number.POSITIVE_INFINITY);
            expect(all(list)).toEqual(world.expected(chosen));
            expect(list.evictedRows).toBeGreaterThanOrEqual(0);
            for (const [row, sequence] of all(list).entries()) {
              const known = sequence < world.log.firstSequence ? undefined : before.get(sequence);
              expect(row + list.evictedRows).toBe(known ?? row + list.evictedRows);
            }
          },
        };
        for (const each of [...steps, 'look' as const]) {
          run[each]();
        }
        // Another list finds the same from the beginning.
        const fresh = listOf(world, chosen);
        fresh.advance(Number.POSITIVE_INFINITY);
        expect(all(fresh)).toEqual(all(list));
      }),
      { numRuns: 300 },
    );
  });

  it('numbers the whole log without an index', () => {
    const world = new World();
    const list = new WholeLog(world.log);
    expect(list.length).toBe(0);
    expect(list.at(0)).toBe(0);
    for (let index = 0; index < 10_000; index++) {
      world.add({ kind: RowKind.received, topicId: 1, text: 'x'.repeat(300), qos: 0, retain: false });
    }
    expect(list.evictedRows).toBeGreaterThan(0);
    expect(list.length + list.evictedRows).toBe(10_000);
    expect(list.at(list.length - 1)).toBe(10_000);
    expect(list.lowerBound(10_000)).toBe(list.length - 1);
    expect(list.lowerBound(1)).toBe(0);
    expect(list.lowerBound(99_999)).toBe(list.length);
  });
});
