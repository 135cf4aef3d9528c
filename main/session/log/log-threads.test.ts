import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { LogReader } from './log-reader.ts';
import type { SharedLogUpdate } from './shared-log.ts';

const MESSAGES = 400_000;

it('never reads a torn message from a log that is written and evicted all the while', async () => {
  const worker = new Worker(new URL('./log-writer.fixture.ts', import.meta.url), {
    workerData: { messages: MESSAGES, topics: 2500, budget: 1 << 20 },
  });
  const reader = new LogReader();
  let isDone = false;
  let reads = 0;
  let gone = 0;
  worker.on('message', (message: SharedLogUpdate | 'done') => {
    if (message === 'done') {
      isDone = true;
    } else {
      reader.apply(message);
    }
  });
  const check = (sequence: number) => {
    const payload = reader.payload(sequence);
    if (payload === undefined) {
      gone += 1;
      return;
    }
    reads += 1;
    expect(payload.length).toBe(8 + ((sequence - 1) % 700));
    const isWhole = payload.every((byte) => byte === sequence % 251);
    expect(isWhole, `message ${sequence}`).toBe(true);
  };
  while (!isDone) {
    // For a moment without taking in what was evicted: exactly then the memory may be in use again.
    for (const end = performance.now() + 5; performance.now() < end; ) {
      const { firstSequence, newestSequence } = reader;
      // The oldest are the ones that go, the newest the ones that come.
      check(firstSequence + Math.floor(Math.random() * 50));
      check(Math.max(1, newestSequence - Math.floor(Math.random() * 3)));
      check(1 + Math.floor(Math.random() * newestSequence));
      // Those that outlived their chunk, in blocks that are rewritten and used again.
      check(Math.max(1, firstSequence - Math.floor(Math.random() * 1500)));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(reader.newestSequence).toBe(MESSAGES);
  check(MESSAGES);
  expect(reads).toBeGreaterThan(1000);
  expect(gone).toBeGreaterThan(0);
  await worker.terminate();
});
