import type { BenchRow } from '../row.ts';
import { startFlood } from '../support/flood.ts';
import { startSession } from '../support/session-harness.ts';

const SECONDS = 10;
const MAX_SHARE = 1;

/** Connected with all feeds open and no traffic: CPU of the whole process, and windows sent. */
export const row: BenchRow = {
  name: 'idle',
  about: 'connected, feeds open, no traffic for 10 s: CPU of the engine',
  async run({ progress }) {
    const flood = await startFlood({ topics: 1000, qos: 0, messages: 1000 });
    const session = await startSession();
    try {
      const feeds = session.openFeeds();
      await session.connect(flood.port);
      await session.reached(1000);
      progress('idle: waiting for the rates to fall to zero');
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      const windows = feeds.windows();
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      const { user, system } = process.cpuUsage(before);
      const share = (user + system) / 10_000 / SECONDS;
      return [
        {
          what: 'idle (engine, all threads)',
          measured: `${share.toFixed(2)} % CPU`,
          value: share,
          budget: `< ${MAX_SHARE} % CPU`,
          verdict: share < MAX_SHARE ? 'pass' : 'miss',
          note: `${feeds.windows() - windows} windows sent in ${SECONDS} s`,
        },
      ];
    } finally {
      await session.close();
      flood.stop();
    }
  },
};
