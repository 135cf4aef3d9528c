import { MessageLog } from '#main/session/log/message-log.ts';
import { packFlags, RowKind } from '#main/session/log/shared-log.ts';
import type { BenchRow } from '../row.ts';
import { floodPayload, floodTopic } from '../support/flood-packets.ts';

const MESSAGES = 500_000;
const TOPICS = 10_000;
const MAX_BYTES = 64;

/** Bytes of the log beside payloads, from the log's own account of what it touched. */
export const row: BenchRow = {
  name: 'overhead',
  about: 'log bytes a message beside topic and payload, 500,000 messages of about 150 bytes',
  async run() {
    const newest = new Float64Array(TOPICS + 1);
    const log = new MessageLog({
      budget: 256 * 1024 * 1024,
      newestReceived: (topicId) => newest[topicId] ?? 0,
    });
    const flags = packFlags(RowKind.received, 0, false, false);
    let payloadBytes = 0;
    for (let index = 0; index < MESSAGES; index++) {
      const topicId = (index % TOPICS) + 1;
      // As the library hands it out: somewhere in a larger chunk, after the topic.
      const chunk = Buffer.from(floodTopic(topicId) + floodPayload(index));
      const payload = chunk.subarray(Buffer.byteLength(floodTopic(topicId)));
      payloadBytes += payload.length;
      newest[topicId] = log.appendReceived(topicId, payload, index, flags, newest[topicId] ?? 0, undefined);
    }
    const { bytes, evicted } = log.counts;
    const overhead = (bytes - payloadBytes) / MESSAGES;
    if (evicted > 0) {
      throw new Error('messages were evicted: the figure would mean nothing');
    }
    return [
      {
        what: 'message overhead',
        measured: `${overhead.toFixed(1)} bytes`,
        value: overhead,
        budget: `≤ ${MAX_BYTES} bytes a message`,
        verdict: overhead <= MAX_BYTES ? 'pass' : 'miss',
      },
    ];
  },
};
