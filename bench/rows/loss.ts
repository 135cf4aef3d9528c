import type { BenchRow, Figure } from '../row.ts';
import { startFlood } from '../support/flood.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { readStatus } from '../support/status.ts';

const MESSAGES = 1_000_000;

/** At full speed, is what was sent in the ledger, and does it add up? The budget is small so that much is evicted. */
export const row: BenchRow = {
  name: 'loss',
  about: 'received = sent and the ledger adds up at full speed, with eviction, headless client',
  async run({ progress }) {
    const figures: Figure[] = [];
    for (const plan of [
      { topics: 1000, qos: 0 as const },
      { topics: 100_000, qos: 1 as const },
    ]) {
      const name = `${plan.topics.toLocaleString('en')} topics, QoS ${plan.qos}`;
      progress(`loss: ${name}`);
      const flood = await startFlood({ ...plan, messages: MESSAGES });
      const session = await startSession({ budget: 64 * 1024 * 1024 });
      try {
        session.openFeeds();
        await session.connect(flood.port);
        await session.reached(MESSAGES);
        const { ledger } = await readStatus(session.client, SESSION_ID);
        const lost = MESSAGES - ledger.received;
        const unaccounted = ledger.received - ledger.kept - ledger.evicted - ledger.cleared - ledger.failed;
        const isWhole = lost === 0 && unaccounted === 0 && ledger.failed === 0;
        figures.push({
          what: `loss, ${name}`,
          measured: `${lost} lost, ${unaccounted} unaccounted, ${ledger.failed} failed`,
          value: lost + Math.abs(unaccounted) + ledger.failed,
          budget: '0 lost, ledger adds up',
          verdict: isWhole ? 'pass' : 'miss',
          note: `received ${ledger.received} = kept ${ledger.kept} + evicted ${ledger.evicted} + cleared ${ledger.cleared} + failed ${ledger.failed}`,
        });
      } finally {
        await session.close();
        flood.stop();
      }
    }
    return figures;
  },
};
