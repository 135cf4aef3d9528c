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
});
