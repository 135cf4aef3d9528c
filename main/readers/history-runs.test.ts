import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LogReader } from '../session/log/log-reader.ts';
import { MessageLog } from '../session/log/message-log.ts';
import { packFlags, RowKind } from '../session/log/shared-log.ts';
import { HistoryRuns } from './history-runs.ts';
import { bytes } from './readers.fixture.ts';

const flags = packFlags(RowKind.received, 0, false, false);

it('stays what folding all kept messages would give, through evictions that make it pack itself anew', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 1, max: 40 }), (fold, length) => {
      const reader = new LogReader();
      let newest = 0;
      const log = new MessageLog({
        budget: 2 * 1024 * 1024,
        newestReceived: () => newest,
        publish: (update) => reader.apply(update),
      });
      const runs = new HistoryRuns(fold);
      const values: string[] = [];
      for (let index = 0; index < 6000; index++) {
        const value = `${Math.floor(index / length)}`.padEnd(1000, '.');
        newest = log.appendReceived(1, bytes(value), 1, flags, newest, undefined);
        values[newest] = value;
        runs.add(newest, reader);
        if (index % 500 === 0) {
          runs.trim(reader);
        }
      }
      runs.trim(reader);
      expect(reader.firstSequence).toBeGreaterThan(1);
      const expected: { oldest: number; newest: number; count: number }[] = [];
      for (let sequence = reader.firstSequence; sequence <= newest; sequence++) {
        const last = expected.at(-1);
        if (fold && last !== undefined && values[last.newest] === values[sequence]) {
          last.newest = sequence;
          last.count += 1;
        } else {
          expected.push({ oldest: sequence, newest: sequence, count: 1 });
        }
      }
      expect([runs.total, runs.messages]).toEqual([expected.length, newest - reader.firstSequence + 1]);
      expect(expected.map((_, index) => runs.at(index))).toEqual(expected.toReversed());
      expect(runs.at(expected.length)).toBeUndefined();
      expect(runs.at(-1)).toBeUndefined();
    }),
    { numRuns: 8 },
  );
});
