import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '#app/contract/failure.ts';
import { LogReader } from './log-reader.ts';
import { MessageLog } from './message-log.ts';
import { CHUNK_ROW_BYTES, packFlags, RowKind } from './shared-log.ts';

const MEBIBYTE = 1024 * 1024;

/** The log under test with the naive model beside it: every message ever, and what the log says of each. */
class Harness {
  readonly newest = new Map<number, number>();
  readonly reader = new LogReader();
  readonly log: MessageLog;
  readonly messages: { kind: RowKind; topicId: number; payload: Uint8Array; at: number; previous: number }[] =
    [];
  readonly #newestOfAny = new Map<number, number>();
  failed = 0;
  /** Bytes in use at any time. */
  most = 0;

  constructor(budget = MEBIBYTE) {
    this.log = new MessageLog({
      budget,
      newestReceived: (topicId) => this.newest.get(topicId) ?? 0,
      publish: (update) => this.reader.apply(update),
    });
  }

  receive(topicId: number, payload: Uint8Array, properties?: Uint8Array): number {
    const at = 1000 + this.messages.length / 4;
    const flags = packFlags(RowKind.received, 1, false, false);
    try {
      const replaces = this.newest.get(topicId) ?? 0;
      const sequence = this.log.appendReceived(topicId, payload, at, flags, replaces, properties);
      this.newest.set(topicId, sequence);
      this.#note(RowKind.received, topicId, payload, at, sequence);
      return sequence;
    } catch (error) {
      expect(error).toBeInstanceOf(FailureError);
      this.failed += 1;
      return 0;
    }
  }

  publish(topicId: number, payload: Uint8Array): number {
    const at = 1000 + this.messages.length / 4;
    const sequence = this.log.appendPublished(topicId, payload, at, 2, true, undefined);
    this.#note(RowKind.published, topicId, payload, at, sequence);
    return sequence;
  }

  gap(text: string): void {
    const sequence = this.log.appendGap(5, text);
    this.#note(RowKind.gap, 0, Buffer.from(text), 5, sequence);
  }

  /** Everything that must hold at any time. */
  check(): void {
    const { log, messages } = this;
    const { counts } = log;
    expect(log.newestSequence).toBe(messages.length);
    const received = messages.filter(({ kind }) => kind === RowKind.received).length;
    expect(counts.kept + counts.evicted + counts.cleared).toBe(received);
    expect(counts.published).toBe(messages.filter(({ kind }) => kind === RowKind.published).length);
    let kept = 0;
    for (const [index, message] of messages.entries()) {
      const sequence = index + 1;
      const payload = log.payload(sequence);
      const shared = this.reader.payload(sequence);
      const isInStream = sequence >= log.firstSequence;
      const isNewest = this.newest.get(message.topicId) === sequence;
      must(payload !== undefined || !isInStream, `row ${sequence} of the stream is gone`);
      must(payload === undefined || isInStream || isNewest, `${sequence} is kept without reason`);
      if (payload === undefined) {
        must(log.previousOf(sequence) === 0, `${sequence} is gone, but not its previous message`);
        continue;
      }
      kept += message.kind === RowKind.received ? 1 : 0;
      must(Buffer.compare(payload, message.payload) === 0, `the payload of ${sequence} differs`);
      must(
        shared !== undefined && Buffer.compare(shared, message.payload) === 0,
        `the payload of ${sequence} differs for readers`,
      );
      const details = this.reader.details(sequence);
      must(
        details?.kind === message.kind &&
          details.topicId === message.topicId &&
          details.receivedAt === message.at &&
          details.size === message.payload.length,
        `the details of ${sequence} differ`,
      );
      const previous = log.payload(message.previous) === undefined ? 0 : message.previous;
      must(!isInStream || log.previousOf(sequence) === previous, `the message before ${sequence} differs`);
    }
    expect(counts.kept).toBe(kept);
  }

  #note(kind: RowKind, topicId: number, payload: Uint8Array, at: number, sequence: number): void {
    this.most = Math.max(this.most, this.log.counts.bytes);
    const previous = this.#newestOfAny.get(topicId) ?? 0;
    this.messages.push({ kind, topicId, payload, at, previous: topicId === 0 ? 0 : previous });
    if (sequence !== this.messages.length) {
      throw new Error(`sequence ${sequence} for message ${this.messages.length}`);
    }
    this.#newestOfAny.set(topicId, sequence);
  }
}

/** Asserts without the cost of `expect`, which counts in loops over all messages. */
function must(condition: boolean, problem: string): void {
  if (!condition) {
    throw new Error(problem);
  }
}

function bytes(length: number, seed: number): Uint8Array {
  // A view at an odd place, as the client library hands out.
  const chunk = new Uint8Array(length + 13).map((_, index) => index * 31 + seed);
  return chunk.subarray(seed % 13, (seed % 13) + length);
}

const action = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      topic: fc.integer({ min: 1, max: 40 }),
      size: fc.integer({ min: 0, max: 9000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      topic: fc.integer({ min: 1, max: 40 }),
      size: fc.integer({ min: 0, max: 3000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      topic: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 60_000, max: 700_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('gap' as const), topic: fc.constant(0), size: fc.constant(0) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('clear' as const), topic: fc.constant(0), size: fc.constant(0) }),
  },
);

describe('MessageLog', () => {
  it('agrees with a list of all messages, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 300, size: 'medium' }), (actions) => {
        const harness = new Harness();
        actions.forEach((step, index) => {
          if (step.do === 'receive') {
            harness.receive(step.topic, bytes(step.size, index));
          } else if (step.do === 'publish') {
            harness.publish(step.topic, bytes(step.size, index));
          } else if (step.do === 'gap') {
            harness.gap(`gap ${index}`);
          } else {
            const before = harness.log.counts.cleared;
            expect(harness.log.clear()).toBe(harness.log.counts.cleared - before);
            expect(harness.log.firstSequence).toBe(harness.log.newestSequence + 1);
          }
        });
        harness.check();
        expect(harness.most).toBeLessThanOrEqual(MEBIBYTE);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps to its budget where a buffer is longer than the large payload that it was taken for', () => {
    const harness = new Harness();
    for (const [index, size] of [697_334, 329_130, 1514, 290, 0, 6226, 3818, 2, 8986, 936].entries()) {
      harness.receive(1, bytes(size, index));
    }
    harness.check();
    expect(harness.most).toBeLessThanOrEqual(MEBIBYTE);
  });

  it('keeps to its budget after a large message was cleared', () => {
    const harness = new Harness();
    harness.receive(1, bytes(518_958, 0));
    harness.publish(1, bytes(0, 1));
    harness.log.clear();
    harness.receive(1, bytes(2970, 3));
    harness.receive(1, bytes(7529, 4));
    harness.check();
    expect(harness.most).toBeLessThanOrEqual(MEBIBYTE);
  });

  it('keeps to its budget and keeps the newest of each topic within half of it', () => {
    const harness = new Harness();
    for (let index = 0; index < 40_000; index++) {
      harness.receive((index % 1000) + 1, bytes(200, index % 251));
      if (index % 7 === 0 && harness.log.counts.bytes > MEBIBYTE) {
        throw new Error(`${harness.log.counts.bytes} bytes after ${index} messages`);
      }
    }
    for (let topicId = 1; topicId <= 1000; topicId++) {
      expect(harness.log.payload(harness.newest.get(topicId) ?? 0)).toBeDefined();
    }
    harness.check();
  });

  it('evicts the oldest of the latest values, counted, when they outgrow half of the budget', () => {
    const harness = new Harness();
    for (let index = 0; index < 8000; index++) {
      harness.receive(index + 1, bytes(300, index % 251));
    }
    const { kept, evicted, bytes: used } = harness.log.counts;
    expect(kept + evicted).toBe(8000);
    expect(evicted).toBeGreaterThan(0);
    expect(used).toBeLessThanOrEqual(MEBIBYTE);
    expect(harness.log.payload(1)).toBeUndefined();
    expect(harness.log.payload(8000)).toBeDefined();
    harness.check();
  });

  it('keeps quiet topics while others flood, and lets go of what was replaced', () => {
    const harness = new Harness();
    for (let topicId = 1; topicId <= 500; topicId++) {
      harness.receive(topicId, bytes(100, topicId % 251));
    }
    for (let round = 0; round < 30; round++) {
      for (let index = 0; index < 1000; index++) {
        harness.receive(1000, bytes(300, index % 251));
      }
      harness.receive(round + 1, bytes(50, round));
    }
    expect(harness.log.payload(400)).toBeDefined();
    expect(harness.log.payload(1)).toBeUndefined();
    harness.check();
  });

  it('keeps a payload larger than a chunk, and alone one that fills the budget; a larger one is refused', () => {
    const harness = new Harness();
    harness.receive(1, bytes(10, 1));
    const large = harness.receive(2, bytes(300_000, 2));
    expect(harness.log.payload(large)?.length).toBe(300_000);
    const huge = harness.receive(3, bytes(1_000_000, 3));
    expect(harness.log.payload(huge)?.length).toBe(1_000_000);
    expect(harness.log.firstSequence).toBe(huge);
    expect(harness.receive(4, bytes(2_000_000, 4))).toBe(0);
    expect(harness.failed).toBe(1);
    harness.receive(1, bytes(20, 5));
    harness.check();
  });

  it('evicts messages without payload as well', () => {
    const harness = new Harness();
    for (let index = 0; index < 100_000; index++) {
      harness.receive(1, bytes(0, 0));
    }
    expect(harness.log.counts.bytes).toBeLessThanOrEqual(MEBIBYTE);
    expect(harness.log.counts.evicted).toBeGreaterThan(0);
    expect(harness.log.counts.kept + harness.log.counts.evicted).toBe(100_000);
  });

  it('uses the same few buffers in turns, for small payloads, large ones and latest values', () => {
    for (const { size, topics, count } of [
      { size: 200, topics: 10, count: 60_000 },
      { size: 200, topics: 50_000, count: 100_000 },
      { size: 100_000, topics: 3, count: 500 },
    ]) {
      const buffers = new Set<SharedArrayBuffer>();
      const newest = new Map<number, number>();
      const log = new MessageLog({
        budget: MEBIBYTE,
        newestReceived: (topicId) => newest.get(topicId) ?? 0,
        publish: (update) => {
          if (update.type === 'chunk' || update.type === 'latest') {
            buffers.add(update.bytes);
          }
        },
      });
      const payload = bytes(size, 1);
      for (let index = 0; index < count; index++) {
        const topicId = (index % topics) + 1;
        newest.set(topicId, log.appendReceived(topicId, payload, 1, 0, newest.get(topicId) ?? 0, undefined));
      }
      expect(buffers.size).toBeLessThan(30);
    }
  });

  it('keeps properties beside the payload', () => {
    const harness = new Harness();
    const sequence = harness.receive(7, bytes(33, 1), new Uint8Array([1, 2, 3]));
    expect([...(harness.log.properties(sequence) ?? [])]).toEqual([1, 2, 3]);
    expect([...(harness.reader.details(sequence)?.properties ?? [])]).toEqual([1, 2, 3]);
    harness.check();
  });

  it('reads a part of a payload', () => {
    const harness = new Harness();
    const payload = bytes(1000, 3);
    const sequence = harness.receive(1, payload);
    expect([...(harness.log.payload(sequence, 990, 100) ?? [])]).toEqual([...payload.subarray(990)]);
    expect([...(harness.reader.payload(sequence, 10, 5) ?? [])]).toEqual([...payload.subarray(10, 15)]);
    expect(harness.reader.payload(sequence, 5000, 5)?.length).toBe(0);
    expect(harness.reader.payload(sequence + 1)).toBeUndefined();
  });

  it('takes 64 bytes or less a message beside topic and payload', () => {
    const harness = new Harness(8 * MEBIBYTE);
    let payloads = 0;
    for (let index = 0; index < 20_000; index++) {
      const payload = bytes(100 + (index % 200), index % 251);
      payloads += payload.length;
      harness.receive((index % 5000) + 1, payload);
    }
    const { counts } = harness.log;
    expect(counts.evicted).toBe(0);
    expect((counts.bytes - payloads) / 20_000).toBeLessThanOrEqual(64);
    expect(CHUNK_ROW_BYTES).toBeLessThanOrEqual(64);
  });
});
