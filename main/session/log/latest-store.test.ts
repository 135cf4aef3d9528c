import { describe, expect, it } from 'vitest';
import { MessageLog } from './message-log.ts';

describe('LatestStore', () => {
  it('leaves half of the budget to the stream when every topic has one message only', () => {
    const budget = 8 * 1024 * 1024;
    const newest = new Map<number, number>();
    const log = new MessageLog({ budget, newestReceived: (topicId) => newest.get(topicId) ?? 0 });
    const payload = new Uint8Array(500);
    let shortest = Number.POSITIVE_INFINITY;
    const total = 60_000;
    for (let topicId = 1; topicId <= total; topicId += 1) {
      newest.set(topicId, log.appendReceived(topicId, payload, 1, 0, 0, undefined));
      if (topicId > 30_000) {
        shortest = Math.min(shortest, log.newestSequence - log.firstSequence + 1);
      }
    }
    expect(shortest * 500).toBeGreaterThan(budget / 4);
    const { kept, evicted, bytes } = log.counts;
    expect(kept + evicted).toBe(total);
    expect(bytes).toBeLessThanOrEqual(budget);
    // What is in neither of the two is gone, and only that.
    expect(log.find(1)).toBeUndefined();
    let found = 0;
    for (let sequence = 1; sequence <= total; sequence += 1) {
      found += log.find(sequence) === undefined ? 0 : 1;
    }
    expect(found).toBe(kept);
  });

  it('moves few messages at once when the budget is reached for the first time, and makes room for a large one', () => {
    const budget = 8 * 1024 * 1024;
    const newest = new Map<number, number>();
    let dropped = 0;
    const log = new MessageLog({
      budget,
      newestReceived: (topicId) => newest.get(topicId) ?? 0,
      publish: (update) => {
        dropped += update.type === 'drop-chunk' ? 1 : 0;
      },
    });
    const payload = new Uint8Array(500);
    let most = 0;
    for (let topicId = 1; topicId <= 30_000; topicId += 1) {
      dropped = 0;
      newest.set(topicId, log.appendReceived(topicId, payload, 1, 0, 0, undefined));
      most = Math.max(most, dropped);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(10);
    log.appendReceived(1, new Uint8Array(7_000_000), 1, 0, newest.get(1) ?? 0, undefined);
    const { kept, evicted, bytes } = log.counts;
    expect(bytes).toBeLessThanOrEqual(budget);
    expect(kept + evicted).toBe(30_001);
  });
});
