import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { expect, it } from 'vitest';
import { PacketSplitter } from '../packets/packet-splitter.ts';
import type { PacketTap, TapStart } from './packet-tap.ts';
import { PublishLane } from './publish-lane.ts';
import { ReadAhead } from './read-ahead.ts';

/** A socket whose far end is the test. */
class Wire extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A tap that cuts what it hears into packets, and the lengths that it found. */
function listen() {
  const starts: TapStart[] = [];
  const received: number[] = [];
  const sent: Buffer[] = [];
  let ends = 0;
  const tap: PacketTap = {
    begin(start) {
      starts.push(start);
      const splitter = new PacketSplitter(start.skip, (_bytes, length, isCutOff) => {
        expect(isCutOff).toBe(false);
        received.push(length);
      });
      return {
        received: (chunk) => splitter.take(chunk),
        sent: (chunk) => sent.push(Buffer.from(chunk)),
        ended: () => {
          ends += 1;
        },
      };
    },
  };
  return { tap, starts, received, sent, ends: () => ends };
}

it('begins with a packet, wherever in the connection it comes in, and misses none from then on', async () => {
  const packet = fc.record({
    payload: fc.integer({ min: 0, max: 400 }),
    qos: fc.constantFrom(0 as const, 1 as const),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(packet, { minLength: 2, maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
      fc.nat(1000),
      fc.boolean(),
      async (packets, cuts, place, isOpen) => {
        const all = packets.map(({ payload, qos }) =>
          generate({ cmd: 'publish', topic: 'a', payload: 'x'.repeat(payload), qos, messageId: 1 } as Packet),
        );
        const bytes = Buffer.concat(all);
        const wire = new Wire();
        const lane = new PublishLane({ hasProperties: false, onMessage: () => {} });
        if (isOpen) {
          lane.open();
        }
        const stream = new ReadAhead(wire, lane);
        stream.on('data', () => {});
        const { tap, starts, received } = listen();
        const from = place % bytes.length;
        let isHeard = false;
        for (let at = 0, step = 0; at < bytes.length; step++) {
          if (at >= from && !isHeard) {
            isHeard = true;
            stream.tap(tap, '3.1.1');
          }
          const end = at + (cuts[step % cuts.length] ?? 1);
          wire.push(bytes.subarray(at, end));
          at = end;
          // Now and then something waits that was read and not looked at.
          if (step % 3 === 0) {
            await turn();
          }
        }
        if (!isHeard) {
          stream.tap(tap, '3.1.1');
        }
        while (wire.readableLength > 0) {
          await turn();
        }
        await turn();
        expect(starts).toHaveLength(1);
        // What was found is the end of what was sent.
        const lengths = all.map(({ length }) => length);
        expect(received).toEqual(lengths.slice(lengths.length - received.length));
        const before = lengths
          .slice(0, lengths.length - received.length)
          .reduce((sum, length) => sum + length, 0);
        // Only packets that had begun by then are missing.
        expect(before).toBeLessThan(from + 300 + 500);
        stream.destroy();
      },
    ),
    { numRuns: 60 },
  );
});

it('hears what is written, from the first byte, and the end', async () => {
  const { tap, starts, sent, ends } = listen();
  const stream = new ReadAhead(new Wire(), new PublishLane({ hasProperties: false, onMessage: () => {} }));
  stream.tap(tap, '5.0');
  expect(starts).toEqual([{ version: '5.0', isWhole: true, skip: 0 }]);
  stream.cork();
  stream.write(Buffer.from([0x10]));
  stream.write(Buffer.from([0x00]));
  stream.uncork();
  stream.write(Buffer.from([0xc0, 0x00]));
  await turn();
  expect(Buffer.concat(sent)).toEqual(Buffer.from([0x10, 0, 0xc0, 0]));
  stream.tap(undefined, '5.0');
  stream.write(Buffer.from([0xc0, 0x00]));
  await turn();
  expect(Buffer.concat(sent)).toHaveLength(4);
  stream.tap(tap, '5.0');
  expect(starts[1]?.isWhole).toBe(false);
  stream.destroy();
  await turn();
  await turn();
  expect(ends()).toBe(1);
});
