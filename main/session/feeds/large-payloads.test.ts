import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { messageFilterSchema } from '#app/contract/feeds/session.ts';
import { MessageLog } from '../log/message-log.ts';
import { packFlags, RowKind } from '../log/shared-log.ts';
import { SubscriptionMatches } from '../subscription-matches.ts';
import { FilteredLog, type RowList } from './row-list.ts';
import { RowMatcher } from './row-matcher.ts';
import { TopicHistory } from './topic-history.ts';

const KIB = 1024;

type Kind = 'stream' | 'history';

/** A log, and lists over it or over its topic 1. All topics have the same name. */
class World {
  newest = 0;
  readonly log: MessageLog;
  readonly topic: string;

  constructor(budget: number, topic = 't') {
    this.log = new MessageLog({ budget, newestReceived: () => this.newest });
    this.topic = topic;
  }

  add(payload: Uint8Array, topicId = 1): void {
    const flags = packFlags(RowKind.received, 0, false, false);
    this.newest = this.log.appendReceived(topicId, payload, 1, flags, this.newest, undefined);
  }

  list(kind: Kind, text: string): RowList {
    const filter = messageFilterSchema.parse({ text, ...(kind === 'history' ? { topicId: 1 } : {}) });
    const topicOf = () => this.topic;
    const matcher = new RowMatcher(filter, new SubscriptionMatches(topicOf), topicOf);
    return kind === 'history' ? new TopicHistory(this.log, 1, matcher) : new FilteredLog(this.log, matcher);
  }
}

const all = (list: RowList) => Array.from({ length: list.length }, (_, index) => list.at(index));

/** A clock that goes on by a millisecond with each 32 KiB of payloads that are turned into text. */
function bytesClock() {
  const read = Buffer.prototype.toString;
  const clock = { bytes: 0 };
  vi.spyOn(Buffer.prototype, 'toString').mockImplementation(function (this: Buffer, ...options: unknown[]) {
    const [encoding, start = 0, end = this.length] = options as [BufferEncoding?, number?, number?];
    clock.bytes += end - start;
    return read.call(this, encoding, start, end);
  });
  vi.spyOn(performance, 'now').mockImplementation(() => clock.bytes / (32 * KIB));
  return clock;
}

afterEach(() => {
  vi.restoreAllMocks();
});

const sizes: readonly (readonly [name: string, rows: number, bytes: number])[] = [
  ['one of 24 MB', 1, 24 << 20],
  ['600 of 40 KB', 600, 40 * KIB],
  ['1500 of 20 KB', 1500, 20 * KIB],
];

describe.each<Kind>(['stream', 'history'])('a search in payloads of any size (%s)', (kind) => {
  it.each(sizes)('keeps to its time: %s', (_name, rows, bytes) => {
    for (const text of ['needle', 'größe']) {
      const world = new World(64 << 20);
      const payload = Buffer.alloc(bytes, '.');
      payload.write(text, bytes - 10);
      // Some are old and some are new when they are looked at.
      const list = world.list(kind, text);
      list.advance(Number.POSITIVE_INFINITY);
      for (let row = 0; row < rows; row += 1) {
        world.add(payload);
      }
      for (const each of [list, world.list(kind, text)]) {
        const clock = bytesClock();
        let slices = 0;
        for (let hasMore = true; hasMore; slices += 1) {
          const before = clock.bytes;
          hasMore = each.advance(performance.now() + 8);
          expect(clock.bytes - before).toBeLessThanOrEqual((8 + 2) * 32 * KIB);
        }
        expect(slices).toBeGreaterThan((rows * bytes) / (10 * 32 * KIB) - 1);
        vi.restoreAllMocks();
        expect(each.length).toBe(rows);
      }
    }
  });

  it('finds the same in slices as at once, while more comes', () => {
    const row = fc
      .record({
        size: fc.constantFrom(0, 10, 200, 31 * KIB, 33 * KIB, 100 * KIB),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        near: fc.integer({ min: -10, max: 10 }),
        text: fc.constantFrom('', 'NEEDLE', 'needl', 'GRöße'),
      })
      .map(({ size, at, near, text }) => {
        const payload = Buffer.alloc(size, '.');
        const cut = Math.round((at * size) / (32 * KIB)) * 32 * KIB;
        payload.write(text, Math.max(0, Math.min(size, cut + near)));
        return payload;
      });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 40, size: 'max' }),
        fc.array(row, { maxLength: 40, size: 'max' }),
        fc.constantFrom('needle', 'größe'),
        fc.integer({ min: 1, max: 5 }),
        (before, after, text, slicesBetween) => {
          const world = new World(4 << 20);
          for (const payload of before) {
            world.add(payload);
          }
          const list = world.list(kind, text);
          let hasMore = true;
          const slice = () => {
            hasMore = list.advance(Number.NEGATIVE_INFINITY);
          };
          for (const payload of after) {
            world.add(payload);
            for (let count = 0; count < slicesBetween; count += 1) {
              slice();
            }
          }
          for (slice(); hasMore; ) {
            slice();
          }
          const whole = world.list(kind, text);
          whole.advance(Number.POSITIVE_INFINITY);
          expect(all(list)).toEqual(all(whole));
          expect(list.isScanning).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gets through an old payload while large new ones come', () => {
    const world = new World(64 << 20);
    world.add(Buffer.alloc(4 << 20, '.').fill('needle', (4 << 20) - 6));
    const list = world.list(kind, 'needle');
    bytesClock();
    let slices = 0;
    while (!all(list).includes(1) && slices < 100) {
      if (slices % 2 === 1) {
        // Takes more than one slice.
        world.add(Buffer.alloc(300 * KIB, '.'));
      }
      list.advance(performance.now() + 8);
      slices += 1;
    }
    expect(all(list)).toEqual([1]);
  });
});

it('keeps to its time where topics are long', () => {
  const world = new World(8 << 20, `${'t'.repeat(60 * KIB)}/needle`);
  for (let topicId = 1; topicId <= 50; topicId += 1) {
    world.add(Buffer.alloc(0), topicId);
  }
  const list = world.list('stream', 'needle');
  let slices = 1;
  while (list.advance(Number.NEGATIVE_INFINITY)) {
    slices += 1;
  }
  expect(list.length).toBe(50);
  expect(slices).toBeGreaterThanOrEqual(50);
});

it('searches the message that outlived its stream once, not with each window', () => {
  const world = new World(8 << 20);
  world.add(Buffer.alloc(1 << 20, '.').fill('needle', 1000, 1006));
  world.log.clear();
  const list = world.list('history', 'needle');
  expect(list.advance(Number.POSITIVE_INFINITY)).toBe(false);
  expect(all(list)).toEqual([1]);
  const clock = bytesClock();
  expect(list.advance(Number.POSITIVE_INFINITY)).toBe(false);
  expect(clock.bytes).toBe(0);
  expect(all(list)).toEqual([1]);
});

it('lists a new message once that leaves the stream while it is searched', () => {
  const world = new World(8 << 20);
  world.add(Buffer.alloc(0));
  const list = world.list('history', 'needle');
  list.advance(Number.POSITIVE_INFINITY);
  world.add(Buffer.alloc(1 << 20, '.').fill('needle', (1 << 20) - 6));
  expect(list.advance(Number.NEGATIVE_INFINITY)).toBe(true);
  // It is the newest of its topic, and stays as such.
  world.log.clear();
  expect(list.advance(Number.POSITIVE_INFINITY)).toBe(false);
  expect(all(list)).toEqual([2]);
});
