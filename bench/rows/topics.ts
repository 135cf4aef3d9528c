import type { BenchRow } from '../row.ts';
import { residentBytes } from '../support/cpu.ts';
import { startFlood } from '../support/flood.ts';
import { floodTopic } from '../support/flood-packets.ts';
import { SESSION_ID, startSession } from '../support/session-harness.ts';
import { mebibytes } from '../support/statistics.ts';
import { readStatus } from '../support/status.ts';

const TOPICS = 1_000_000;
const MAX_BYTES = 400;

/** A million topics by flood, one message each: memory beside topic names and payloads. */
export const row: BenchRow = {
  name: 'topics',
  about: 'one million topics by flood: resident bytes a topic beside name and payload',
  async run({ progress }) {
    progress('topics: preparing a million packets');
    const flood = await startFlood({ topics: TOPICS, qos: 0, messages: TOPICS });
    const session = await startSession({ budget: 512 * 1024 * 1024 });
    try {
      session.openFeeds();
      const before = residentBytes();
      const start = performance.now();
      await session.connect(flood.port);
      const end = await session.reached(TOPICS);
      // Garbage of parsing is collected as time goes by; what stays is what counts.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const after = residentBytes();
      const { topics, ledger } = await readStatus(session.client, SESSION_ID);
      let nameBytes = 0;
      for (let index = 0; index < TOPICS; index++) {
        nameBytes += floodTopic(index).length;
      }
      const { heapUsed, externalBytes } = await heapOf(session.worker);
      const payloadBytes = ledger.bytes;
      const perTopic = (heapUsed + externalBytes - nameBytes) / topics;
      return [
        {
          what: 'topics: memory a topic',
          measured: `${Math.round(perTopic)} bytes`,
          value: perTopic,
          budget: `≤ ${MAX_BYTES} bytes beside name and payload`,
          verdict: topics === TOPICS && perTopic <= MAX_BYTES ? 'pass' : 'miss',
          note: `${topics} topics in ${((end - start) / 1000).toFixed(1)} s; heap ${mebibytes(heapUsed)} and buffers ${mebibytes(externalBytes)} of the worker less ${mebibytes(nameBytes)} of names; log ${mebibytes(payloadBytes)}; resident memory grew by ${mebibytes(after - before)}`,
        },
      ];
    } finally {
      await session.close();
      flood.stop();
    }
  },
};

/** Bytes in use by the worker's objects and by its typed arrays that are not shared (the tree's columns). */
async function heapOf(worker: import('node:worker_threads').Worker) {
  const statistics = await worker.getHeapStatistics();
  return { heapUsed: statistics.used_heap_size, externalBytes: statistics.external_memory };
}
