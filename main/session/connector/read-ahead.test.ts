import { once } from 'node:events';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublishLane } from './publish-lane.ts';
import { ReadAhead } from './read-ahead.ts';

/** A socket whose far end is the test. */
class Wire extends Duplex {
  readonly written: Buffer[] = [];
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(chunk);
    done();
  }
}

/** All goes to mqtt.js, as before CONNACK. */
const closedLane = () => new PublishLane({ hasProperties: false, onMessage: () => undefined });

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Reads as mqtt.js does: one chunk, then the next when that is done with. */
function readSlowly(stream: Duplex): { readonly bytes: () => Buffer; hold: Promise<void> } {
  const chunks: Buffer[] = [];
  const reader = { bytes: () => Buffer.concat(chunks), hold: Promise.resolve() };
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    stream.pause();
    void reader.hold.then(() => stream.resume());
  });
  return reader;
}

describe('ReadAhead', () => {
  it('gives out all bytes in order, however they come and whatever may wait', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom('end', 'error'),
        async (sent, burst, flood, how) => {
          const wire = new Wire({ readableHighWaterMark: 64 });
          const stream = new ReadAhead(wire, closedLane(), burst, flood);
          const errors: Error[] = [];
          stream.on('error', (error) => errors.push(error));
          const reader = readSlowly(stream);
          const closed = once(stream, 'close').catch(() => undefined);
          for (const [index, chunk] of sent.entries()) {
            wire.push(Buffer.from(chunk));
            if (index % 7 === 0) {
              await turn();
            }
          }
          while (wire.readableLength > 0) {
            await turn();
          }
          if (how === 'end') {
            wire.push(null);
          } else {
            wire.destroy(new Error('reset'));
          }
          await closed;
          while (!stream.closed) {
            await turn();
          }
          expect(reader.bytes()).toEqual(Buffer.concat(sent));
          expect(errors.map(({ message }) => message)).toEqual(how === 'end' ? [] : ['reset']);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hands on a message behind a packet for mqtt.js, though nothing more comes', async () => {
    const topics: string[] = [];
    const lane = new PublishLane({ hasProperties: false, onMessage: (topic) => topics.push(topic) });
    lane.open();
    const wire = new Wire();
    const reader = readSlowly(new ReadAhead(wire, lane));
    // PUBACK, then PUBLISH of “a” at QoS 0, in one chunk.
    wire.push(Buffer.from([0x40, 2, 0, 1, 0x30, 4, 0, 1, 0x61, 0x78]));
    await expect.poll(() => topics).toEqual(['a']);
    expect(reader.bytes()).toEqual(Buffer.from([0x40, 2, 0, 1]));
  });

  it('reads on while a chunk is looked at, up to its limit, and again once it has caught up', async () => {
    const wire = new Wire();
    const stream = new ReadAhead(wire, closedLane(), 1_000_000, 200_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const reader = readSlowly(stream);
    reader.hold = promise;
    const push = async (bytes: number) => {
      wire.push(Buffer.alloc(bytes));
      await turn();
    };
    for (let count = 0; count < 9; count++) {
      await push(100_000);
    }
    expect(wire.isPaused()).toBe(false);
    // One is looked at, one lies ready.
    for (let count = 0; count < 5; count++) {
      await push(100_000);
    }
    expect(wire.isPaused()).toBe(true);
    resolve();
    while (reader.bytes().length < 1_400_000) {
      await turn();
    }
    await turn();
    expect(wire.isPaused()).toBe(false);
    const second = Promise.withResolvers<void>();
    reader.hold = second.promise;
    for (let count = 0; count < 9; count++) {
      await push(100_000);
    }
    expect(wire.isPaused()).toBe(false);
    second.resolve();
  });

  it('passes on writes, corked ones as one, and the end', async () => {
    const wire = new Wire();
    const stream = new ReadAhead(wire, closedLane());
    const finished = once(wire, 'finish');
    stream.write('a');
    stream.cork();
    stream.write('b');
    stream.write('c');
    stream.uncork();
    stream.end('d');
    await finished;
    expect(Buffer.concat(wire.written).toString()).toBe('abcd');
  });

  it('closes the socket when it is destroyed, and tells so only then', async () => {
    const wire = new Wire();
    const stream = new ReadAhead(wire, closedLane());
    stream.destroy();
    await once(stream, 'close');
    expect(wire.closed).toBe(true);
  });

  it('tells why the socket ended, not that a write to it failed', async () => {
    const wire = new Wire();
    const stream = new ReadAhead(wire, closedLane());
    stream.resume();
    const failed = new Promise((resolve) => stream.once('error', resolve));
    wire.destroy(new Error('reset'));
    stream.write('late');
    expect(await failed).toMatchObject({ message: 'reset' });
  });
});
