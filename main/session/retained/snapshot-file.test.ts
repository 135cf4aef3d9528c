import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import type { StoredMessage } from './retained-link.ts';
import { readSnapshot, snapshotHeader, snapshotLine } from './snapshot-file.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const text = fc.string({ maxLength: 12, unit: 'grapheme' });
const message = fc.record({
  topic: text.filter((topic) => topicNameProblem(topic) === undefined),
  payload: fc.uint8Array({ minLength: 1, maxLength: 60 }),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  properties: fc.record(
    {
      contentType: text,
      payloadIsUtf8: fc.boolean(),
      messageExpiryInterval: fc.nat(),
      responseTopic: text,
      correlationData: bytes,
      userProperties: fc.array(fc.record({ key: text, value: text }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
});

function fileOf(messages: readonly StoredMessage[], takenAt = 1_700_000_000_000): Uint8Array {
  return new TextEncoder().encode(snapshotHeader(takenAt, 'plant/#') + messages.map(snapshotLine).join(''));
}

describe('a snapshot file', () => {
  it('gives back every byte and every property', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(message, { selector: ({ topic }) => topic, minLength: 1, maxLength: 8 }),
        async (messages) => {
          const read = await readSnapshot(fileOf(messages));
          expect(read).toEqual({ takenAt: 1_700_000_000_000, filter: 'plant/#', messages });
        },
      ),
    );
  });

  it('never takes a damaged one in part', async () => {
    const good = fileOf([
      { topic: 'a', payload: Uint8Array.of(1, 2), qos: 1, properties: { correlationData: Uint8Array.of(3) } },
      { topic: 'b', payload: Uint8Array.of(255), qos: 0, properties: {} },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (place, byte) => {
        const bad = good.slice();
        bad[place] = byte;
        const read = await readSnapshot(bad).catch(
          (error: { failure: { code: string } }) => error.failure.code,
        );
        if (typeof read === 'string') {
          expect(read).toBe('retained.file');
        } else {
          expect(read.messages.length).toBe(2);
        }
      }),
    );
  });

  it('says what is wrong, and where', async () => {
    const header = snapshotHeader(0, '#');
    const line = '{"topic":"a","qos":0,"payload":"AQ=="}\n';
    const say = (file: string) =>
      readSnapshot(new TextEncoder().encode(file)).then(
        () => 'read',
        (error: Error) => error.message,
      );
    expect(await say('')).toMatch(/not a snapshot/);
    expect(await say('{"format":"other"}\n')).toMatch(/not a snapshot/);
    expect(await say(header)).toMatch(/no messages/);
    expect(await say(header.replace('"version":1', '"version":2') + line)).toMatch(/version 2/);
    expect(await say(`${header + line}{"topic":"b","qos":3,"payload":""}\n`)).toMatch(/^Line 3 .* damaged/);
    expect(await say(header + line.replace('AQ==', 'A!=='))).toMatch(/^Line 2 .* damaged/);
    expect(await say(header + line.replace('AQ==', ''))).toMatch(/empty payload would clear/);
    expect(await say(header + line.replace('"a"', '"a/#"'))).toMatch(/wildcard #/);
    expect(await say(header + line + line)).toMatch(/^Lines 2 and 3/);
    expect(await say(header + line)).toBe('read');
    expect(await readSnapshot(Uint8Array.of(0xff, 0xfe)).catch((error: Error) => error.message)).toMatch(
      /not UTF-8/,
    );
  });
});
