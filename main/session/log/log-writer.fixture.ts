import { parentPort, workerData } from 'node:worker_threads';
import { MessageLog } from './message-log.ts';
import { packFlags, RowKind } from './shared-log.ts';

/** A thread that writes as fast as it can into a small log: each payload says which message it belongs to. */
const { messages, topics, budget } = workerData as { messages: number; topics: number; budget: number };
const newest = new Float64Array(topics + 1);
const log = new MessageLog({
  budget,
  newestReceived: (topicId) => newest[topicId] ?? 0,
  publish: (update) => parentPort?.postMessage(update),
});
const flags = packFlags(RowKind.received, 0, false, false);
const source = new Uint8Array(4096);

function write(from: number): void {
  const end = Math.min(messages, from + 2000);
  for (let index = from; index < end; index++) {
    const sequence = index + 1;
    const topicId = (index % topics) + 1;
    const payload = source.subarray(index % 8, (index % 8) + 8 + (index % 700));
    payload.fill(sequence % 251);
    newest[topicId] = log.appendReceived(topicId, payload, sequence, flags, newest[topicId] ?? 0, undefined);
  }
  if (end < messages) {
    setImmediate(() => write(end));
  } else {
    parentPort?.postMessage('done');
  }
}
write(0);
