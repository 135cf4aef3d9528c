import { describe, expect, it } from 'vitest';
import { LogReader } from './log-reader.ts';
import { MessageLog } from './message-log.ts';
import { packFlags, RowKind, type SharedLogUpdate } from './shared-log.ts';

const flags = packFlags(RowKind.received, 1, false, false);

describe('LogReader', () => {
  it('knows nothing of a message whose chunk it has not heard of yet, and finds it once it has', () => {
    const updates: SharedLogUpdate[] = [];
    const log = new MessageLog({
      budget: 8 * 1024 * 1024,
      newestReceived: () => 0,
      publish: (update) => updates.push(update),
    });
    const reader = new LogReader();
    const apply = () => {
      for (const update of updates.splice(0)) {
        reader.apply(update);
      }
    };
    const append = (size: number) =>
      log.appendReceived(1, new Uint8Array(size).fill(7), 1_700_000_000_000, flags, 0, undefined);
    append(1000);
    apply();
    // More than once round, so that memory is used again.
    for (let round = 0; round < 400; round += 1) {
      let sequence = 0;
      while (updates.length === 0) {
        sequence = append(40_000);
      }
      expect(reader.details(sequence)).toBeUndefined();
      expect(reader.payload(sequence)).toBeUndefined();
      if (round % 3 !== 0) {
        // The reader falls behind by several chunks.
        updates.push({ type: 'drop-latest', id: -1 });
        const held = updates.splice(0);
        while (updates.length === 0) {
          sequence = append(40_000);
        }
        expect(reader.payload(sequence)).toBeUndefined();
        updates.unshift(...held);
      }
      apply();
      expect(reader.payload(sequence)).toHaveLength(40_000);
      expect(reader.details(sequence)).toMatchObject({ sequence, size: 40_000, qos: 1 });
    }
    expect(log.firstSequence).toBeGreaterThan(1);
  });

  it('finds the messages of a topic in slices, whatever was evicted meanwhile', () => {
    const reader = new LogReader();
    const newest = new Map<number, number>();
    const log = new MessageLog({
      budget: 4 * 1024 * 1024,
      newestReceived: (topicId) => newest.get(topicId) ?? 0,
      publish: (update) => reader.apply(update),
    });
    const append = (topicId: number, size: number) => {
      const replaces = newest.get(topicId) ?? 0;
      const payload = new Uint8Array(size).fill(topicId);
      newest.set(topicId, log.appendReceived(topicId, payload, 1, flags, replaces, undefined));
    };
    append(9, 10);
    for (let round = 0; round < 3000; round++) {
      append(1 + (round % 3), 5000);
    }
    expect(reader.firstSequence).toBeGreaterThan(1);
    expect(reader.keptOf(9)).toBe(1);
    expect(reader.keptOf(8)).toBeUndefined();
    for (const slice of [7, 100, 1_000_000]) {
      const found: number[] = [];
      for (let next = 0; ; ) {
        const part = reader.topicRows(2, next, slice);
        found.push(...part.sequences);
        if (part.next === next) {
          break;
        }
        next = part.next;
      }
      const expected: number[] = [];
      for (let sequence = reader.firstSequence; sequence <= reader.newestSequence; sequence++) {
        if (reader.details(sequence)?.topicId === 2) {
          expected.push(sequence);
        }
      }
      expect(found).toEqual(expected);
      expect(found.length).toBeGreaterThan(100);
    }
    log.clear();
    expect(reader.topicRows(2, 0, 1000).sequences).toEqual([]);
  });
});
