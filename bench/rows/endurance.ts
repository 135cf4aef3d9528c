import type { BenchRow } from '../row.ts';
import { residentBytes } from '../support/cpu.ts';
import { startFlood } from '../support/flood.ts';
import { startSession } from '../support/session-harness.ts';
import { mebibytes, median, perSecond } from '../support/statistics.ts';

const MESSAGES = 20_000_000;
const REFERENCE = 5_000_000;
const MAX_GROWTH = 1.05;

/** Twenty million messages at full speed: does resident memory stay where it was after five million? */
export const row: BenchRow = {
  name: 'endurance',
  about: 'resident memory after 20 million messages at full speed, against that after 5 million',
  async run({ progress }) {
    const flood = await startFlood({ topics: 10_000, qos: 0, messages: MESSAGES });
    const session = await startSession();
    try {
      session.openFeeds();
      await session.connect(flood.port);
      const start = await session.reached(1);
      await session.reached(REFERENCE, 600_000);
      const before = await steadyResident();
      progress(`endurance: ${mebibytes(before)} after 5 million`);
      // A second look just before the end: afterwards there is no flood that would keep memory in use.
      await session.reached(MESSAGES - 500_000, 1_200_000);
      const after = await steadyResident();
      const end = await session.reached(MESSAGES, 600_000);
      const growth = after / before;
      return [
        {
          what: 'endurance: resident memory, 20 to 5 million messages',
          measured: `${mebibytes(after)} to ${mebibytes(before)}: ${growth.toFixed(3)}`,
          value: growth,
          budget: `≤ ${MAX_GROWTH}`,
          verdict: growth <= MAX_GROWTH ? 'pass' : 'miss',
          note: `${perSecond((MESSAGES / (end - start)) * 1000)} over all`,
        },
      ];
    } finally {
      await session.close();
      flood.stop();
    }
  },
};

/** Resident bytes go up and down with garbage collection: the median of a second. */
async function steadyResident(): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < 21; index++) {
    values.push(residentBytes());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return median(values);
}
