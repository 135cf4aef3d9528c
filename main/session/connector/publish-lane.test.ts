import { once } from 'node:events';
import { Duplex, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublishLane, type PublishLaneOptions } from './publish-lane.ts';
import { ReadAhead } from './read-ahead.ts';

/** A control packet: type and flags, length, body (MQTT 5.0 section 2.1). */
function packet(firstByte: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  for (let left = body.length; ; ) {
    const digit = left & 0x7f;
    left >>>= 7;
    length.push(left > 0 ? digit | 0x80 : digit);
    if (left === 0) {
      return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
    }
  }
}

function publish(
  topic: string,
  payload: Uint8Array,
  firstByte = 0x30,
  properties?: readonly number[],
): Buffer {
  const name = Buffer.from(topic);
  const length = Buffer.from([name.length >> 8, name.length & 0xff]);
  return packet(firstByte, Buffer.concat([length, name, Buffer.from(properties ?? []), payload]));
}

/** What came which way, in order. */
type Seen = { readonly message: Buffer; readonly topic: string } | { readonly bytes: Buffer };

function laneOf(seen: Seen[], options: Partial<PublishLaneOptions> = {}): PublishLane {
  const hasProperties = options.hasProperties ?? true;
  const lane = new PublishLane({
    hasProperties,
    onMessage: (topic, payload, { retain, dup }) => {
      const firstByte = 0x30 | (retain ? 1 : 0) | (dup ? 8 : 0);
      seen.push({ message: publish(topic, payload, firstByte, hasProperties ? [0] : []), topic });
    },
    ...options,
  });
  lane.open();
  return lane;
}

/** Gives a lane chunks, and what it leaves to one that is done at once. */
function run(lane: PublishLane, seen: Seen[], ...chunks: readonly Uint8Array[]): void {
  for (const chunk of chunks) {
    lane.feed(chunk);
    while (!lane.isDry) {
      const bytes = lane.advance(true);
      if (bytes !== undefined) {
        seen.push({ bytes: Buffer.from(bytes) });
      }
    }
  }
}

const all = (seen: readonly Seen[]) =>
  Buffer.concat(seen.map((one) => ('bytes' in one ? one.bytes : one.message)));
const topics = (seen: readonly Seen[]) => seen.flatMap((one) => ('topic' in one ? [one.topic] : []));

const plain = fc
  .tuple(
    fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(0x30, 0x31, 0x38, 0x39),
  )
  .map(([topic, payload, firstByte]) => publish(topic, payload, firstByte, [0]));
const other = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((body) => packet(0x32, body)),
  fc.constantFrom(packet(0xd0, Buffer.alloc(0)), packet(0x90, Buffer.from([0, 1, 0, 0]))),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((payload) => publish('p', payload, 0x30, [2, 1, 1])),
  fc.uint8Array({ maxLength: 40 }).map((payload) => publish('', payload, 0x30, [0])),
  fc.uint8Array({ maxLength: 4 }).map((body) => packet(0x30, body)),
);

describe('PublishLane', () => {
  it('takes messages at QoS 0 and leaves the rest to mqtt.js, in one order, however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: other }), {
          maxLength: 60,
        }),
        fc.infiniteStream(fc.integer({ min: 1, max: 400 })),
        fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
        async (packets, cuts, delays) => {
          const seen: Seen[] = [];
          const wire = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
          const stream = new ReadAhead(wire, laneOf(seen), 2000, 500);
          // As mqtt.js, which may take its time with a packet.
          const parser = new Writable({
            write(chunk: Buffer, _encoding, done) {
              const delay = delays.next().value ?? 0;
              const write = () => {
                seen.push({ bytes: Buffer.from(chunk) });
                done();
              };
              delay === 0
                ? process.nextTick(write)
                : delay === 1
                  ? setImmediate(write)
                  : setTimeout(write, 1);
            },
          });
          stream.pipe(parser);
          const sent = Buffer.concat(packets);
          for (let at = 0; at < sent.length; ) {
            const end = at + (cuts.next().value ?? 1);
            wire.push(Buffer.from(sent.subarray(at, end)));
            at = end;
            if (at % 3 === 0) {
              await new Promise((resolve) => setImmediate(resolve));
            }
          }
          wire.push(null);
          await once(parser, 'finish');
          expect(all(seen)).toEqual(sent);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes all of a flood, and packets that come in pieces', () => {
    const seen: Seen[] = [];
    const lane = laneOf(seen);
    const sent = Buffer.concat([
      publish('a', Buffer.alloc(200), 0x31, [0]),
      publish('b/ü', Buffer.alloc(9), 0x30, [0]),
    ]);
    run(lane, seen, ...Array.from(sent, (byte) => Buffer.from([byte])), sent);
    expect(topics(seen)).toEqual(['a', 'b/ü', 'a', 'b/ü']);
    expect(seen).toHaveLength(4);
  });

  it('knows MQTT 3.1.1, where the payload follows the topic', () => {
    const seen: Seen[] = [];
    run(
      laneOf(seen, { hasProperties: false }),
      seen,
      publish('a', Buffer.from('x')),
      publish('e', Buffer.alloc(0)),
    );
    expect(topics(seen)).toEqual(['a', 'e']);
  });

  it('takes nothing before it is opened', () => {
    const seen: Seen[] = [];
    const lane = new PublishLane({ hasProperties: true, onMessage: () => expect.unreachable() });
    run(lane, seen, publish('a', Buffer.alloc(3), 0x30, [0]));
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['QoS 1', publish('a', Buffer.alloc(3), 0x32, [0])],
    ['QoS 3, which does not exist', publish('a', Buffer.alloc(3), 0x36, [0])],
    ['properties', publish('a', Buffer.alloc(3), 0x30, [2, 1, 1])],
    ['no topic', publish('', Buffer.alloc(3), 0x30, [0])],
    ['a topic that is longer than the packet', packet(0x30, Buffer.from([0, 9, 97, 98]))],
    ['a body too short for a topic', packet(0x30, Buffer.from([0]))],
    ['no room for the length of properties', packet(0x30, Buffer.from([0, 1, 97]))],
    ['more than we said that we take', publish('a', Buffer.alloc(500), 0x30, [0])],
    ['more than is worth it', publish('a', Buffer.alloc(100_000), 0x30, [0])],
  ])('leaves to mqtt.js: %s', (what, bytes) => {
    const seen: Seen[] = [];
    const lane = laneOf(seen, what.startsWith('more than we') ? { maximumPacketSize: 500 } : {});
    const after = publish('after', Buffer.alloc(1), 0x30, [0]);
    run(lane, seen, bytes.subarray(0, 300), bytes.subarray(300), after);
    expect(topics(seen)).toEqual(['after']);
    expect(all(seen)).toEqual(Buffer.concat([bytes, after]));
  });

  it('passes on everything once a length is none', () => {
    const seen: Seen[] = [];
    const broken = Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]);
    run(laneOf(seen), seen, broken, publish('a', Buffer.alloc(1), 0x30, [0]));
    expect(topics(seen)).toEqual([]);
    expect(all(seen)).toHaveLength(13);
  });
});
