import { setImmediate as endOfTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '#app/contract/failure.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import { Pacer } from './feeds/pacer.ts';
import { Ingest } from './ingest.ts';
import { MessageLog } from './log/message-log.ts';
import { SubscriptionMatches } from './subscription-matches.ts';
import { TopicTree } from './tree/topic-tree.ts';

const packet = { qos: 0, retain: false, dup: false } as const;

/** An ingest with all that it fills. */
function setUp(maxNodes = 1_000_000) {
  const tree = new TopicTree(maxNodes);
  const log = new MessageLog({ budget: 4_000_000, newestReceived: (topicId) => tree.lastSequence(topicId) });
  const matches = new SubscriptionMatches((topicId) => tree.topicOf(topicId));
  const subscription = newSubscription('#');
  matches.setSubscriptions([subscription]);
  const failures: { topic: string; failure: Failure }[] = [];
  const pacer = new Pacer();
  const onFailure = (failure: Failure, topic: string) => failures.push({ topic, failure });
  const ingest = new Ingest({ log, tree, matches, pacer, onFailure });
  return { tree, log, matches, subscription, failures, pacer, ingest };
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes ?? new Uint8Array());
const bytes = (value: string) => new TextEncoder().encode(value);

describe('Ingest', () => {
  it('enters what comes in any turns as it came, topic by topic', async () => {
    const topic = fc.integer({ min: 1, max: 40 }).map((index) => `plant/line${index % 7}/value${index}`);
    // Longer than a batch now and then; a turn is one inner list.
    const turns = fc.array(fc.array(topic, { maxLength: 600, size: 'max' }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(turns, async (rounds) => {
        const { tree, log, matches, subscription, ingest } = setUp();
        const all = rounds.flat();
        let count = 0;
        for (const round of rounds) {
          for (const name of round) {
            count += 1;
            ingest.onMessage(name, bytes(`${name}=${count}`), packet);
          }
          await endOfTurn();
        }
        expect(log.newestSequence).toBe(all.length);
        all.forEach((name, index) => {
          expect(text(log.payload(index + 1))).toBe(`${name}=${index + 1}`);
        });
        for (const name of new Set(all)) {
          const node = tree.find(name) ?? 0;
          expect(tree.ownMessages(node)).toBe(all.filter((other) => other === name).length);
          expect(tree.lastSequence(node)).toBe(all.lastIndexOf(name) + 1);
          expect(log.previousOf(tree.lastSequence(node))).toBe(
            all.slice(0, all.lastIndexOf(name)).lastIndexOf(name) + 1,
          );
        }
        expect(tree.messages(0)).toBe(all.length);
        expect(matches.messages(subscription.id)).toBe(all.length);
        expect(ingest.ledger).toMatchObject({ received: all.length, failed: 0, kept: all.length });
      }),
      { numRuns: 30 },
    );
  });

  it('shows whoever asks within the turn all that was received', () => {
    const { ingest, log } = setUp();
    ingest.onMessage('a', bytes('1'), packet);
    expect(ingest.ledger.received).toBe(1);
    ingest.onMessage('a', bytes('22'), packet);
    expect(ingest.receivedBytes).toBe(3);
    ingest.onMessage('a', bytes('3'), packet);
    const message = { topic: 'a', payload: bytes('4'), qos: 0, retain: false, properties: {} } as const;
    expect(ingest.onPublished(message, 1)).toBe(4);
    ingest.onMessage('a', bytes('5'), packet);
    ingest.onLost(2, 'gone');
    expect(text(log.payload(5))).toBe('5');
    ingest.onMessage('a', bytes('7'), packet);
    ingest.onGap(2, 3, 'gone');
    expect(text(log.payload(7))).toBe('7');
  });

  it('makes a tick due when it enters, so that no view misses the last messages of a turn', async () => {
    const { ingest, log, pacer } = setUp();
    const seen: number[] = [];
    pacer.onTick(() => seen.push(log.newestSequence));
    ingest.onMessage('a', bytes('1'), packet);
    await expect.poll(() => seen).toEqual([1]);
    ingest.onMessage('a', bytes('2'), packet);
    ingest.onMessage('b', bytes('3'), packet);
    await expect.poll(() => seen.at(-1)).toBe(3);
    pacer.dispose();
  });

  it('counts what cannot be kept, and goes on with the rest of the batch', async () => {
    const { ingest, failures, log } = setUp(4);
    for (const name of ['a/b', 'c/d', 'e/f', 'a/b', 'g', 'c/d']) {
      ingest.onMessage(name, bytes(name), packet);
    }
    ingest.onMessage('a/b', new Uint8Array(5_000_000), packet);
    ingest.onMessage('a/b', bytes('last'), packet);
    await endOfTurn();
    expect(failures.map(({ topic, failure }) => [topic, failure.code])).toEqual([
      ['e/f', 'tree.full'],
      ['g', 'tree.full'],
      ['a/b', 'log.tooLarge'],
    ]);
    expect(ingest.ledger).toMatchObject({ received: 8, failed: 3, kept: 5 });
    expect(text(log.payload(log.newestSequence))).toBe('last');
  });

  it('does not hold on to many large payloads until the turn ends', () => {
    const { ingest, log } = setUp();
    for (let index = 0; index < 5; index++) {
      ingest.onMessage('a', new Uint8Array(300_000), packet);
    }
    expect(log.newestSequence).toBeGreaterThanOrEqual(4);
  });
});
