import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { describe, expect, it, vi } from 'vitest';
import type { PacketRow } from '#app/contract/feeds/packets.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { PacketTap } from '../connector/packet-tap.ts';
import { PacketList } from './packet-list.ts';
import { PacketRecorder } from './packet-recorder.ts';
import { packetRow } from './packet-rows.ts';
import { KEPT_BYTES, PacketSplitter } from './packet-splitter.ts';
import { MAX_PACKET_BYTES, MAX_PACKETS, PacketStore } from './packet-store.ts';

const bytesOf = (packet: unknown, version: 4 | 5 = 4) =>
  new Uint8Array(generate(packet as Packet, { protocolVersion: version }));
const publish = (qos: 0 | 1 | 2, messageId = 1, more = {}) =>
  bytesOf({ cmd: 'publish', topic: 'a/b', payload: 'x', qos, messageId, ...more });
const ack = (cmd: string, messageId = 1) => bytesOf({ cmd, messageId });

describe('PacketSplitter', () => {
  it('finds the same packets however the stream is cut, from wherever it is heard', () => {
    const packet = fc.record({
      length: fc.integer({ min: 0, max: 3 * KEPT_BYTES }),
      retain: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(packet, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 10 }),
        fc.nat(),
        (packets, cuts, place) => {
          const all = packets.map(({ length, retain }, index) =>
            bytesOf({ cmd: 'publish', topic: `t/${index}`, payload: 'x'.repeat(length), qos: 0, retain }),
          );
          const stream = Buffer.concat(all);
          const first = all[0]?.length ?? 0;
          const from = place % first;
          const skip = from === 0 ? 0 : first - from;
          const found: { readonly bytes: Uint8Array; readonly length: number }[] = [];
          const splitter = new PacketSplitter(skip, (bytes, length, isCutOff) => {
            expect(isCutOff).toBe(false);
            found.push({ bytes: bytes.slice(), length });
          });
          for (let at = from, turn = 0; at < stream.length; turn++) {
            const end = at + (cuts[turn % cuts.length] ?? 1);
            splitter.take(stream.subarray(at, end));
            at = end;
          }
          splitter.end();
          const expected = from === 0 ? all : all.slice(1);
          expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
          for (const [index, { bytes }] of found.entries()) {
            expect(Buffer.compare(bytes, expected[index]?.subarray(0, KEPT_BYTES) ?? bytes)).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says what was cut off by the end, and gives up where no length can be read', () => {
    const found: [number, number, boolean][] = [];
    const make = () =>
      new PacketSplitter(0, (bytes, length, isCut) => found.push([bytes.length, length, isCut]));
    const cut = make();
    cut.take(publish(1).subarray(0, 4));
    cut.end();
    const lost = make();
    lost.take(Uint8Array.of(0x30, 0xff, 0xff));
    lost.take(Uint8Array.of(0xff, 0xff, 1));
    lost.take(publish(1));
    expect(lost.isLost).toBe(true);
    expect(found).toEqual([
      [4, publish(1).length, true],
      [5, 5, true],
    ]);
  });
});

describe('PacketStore', () => {
  it('keeps the newest packets whole, within its bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: KEPT_BYTES }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (sizes, rounds) => {
          const store = new PacketStore();
          const sent: number[] = [];
          for (let round = 0; round < rounds; round++) {
            for (const size of sizes) {
              const number = sent.push(size);
              store.add(number, number % 2 === 0, '5.0', new Uint8Array(size).fill(number), size, false);
            }
          }
          expect(store.newest).toBe(sent.length);
          expect(store.dropped + store.newest - store.oldest + 1).toBe(sent.length);
          expect(store.newest - store.oldest).toBeLessThan(MAX_PACKETS);
          let bytes = 0;
          for (let sequence = store.oldest; sequence <= store.newest; sequence++) {
            const stored = store.packet(sequence);
            expect(stored?.length).toBe(sent[sequence - 1]);
            expect(stored?.isSent).toBe(sequence % 2 === 0);
            expect(stored?.bytes.every((byte) => byte === (sequence & 255))).toBe(true);
            bytes += stored?.bytes.length ?? 0;
          }
          expect(bytes).toBeLessThanOrEqual(MAX_PACKET_BYTES);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('lets the oldest go by their number too, marks among them', () => {
    const store = new PacketStore();
    store.mark(1, 'begin', false);
    for (let index = 0; index < MAX_PACKETS; index++) {
      store.add(2, true, '5.0', Uint8Array.of(0xc0, 0), 2, false);
    }
    expect(store.markAt(1)).toBeUndefined();
    expect(store.oldest).toBe(2);
    expect(store.dropped).toBe(1);
  });
});

const connected: ConnectionState = {
  kind: 'connected',
  since: 0,
  endpoint: { protocol: 'mqtt', host: 'h', port: 1883 },
  mqttVersion: '3.1.1',
  clientId: 'c',
  connack: { sessionPresent: false, userProperties: [] },
  steps: [],
};

/** A recorder with a stream of its own; what it was told comes out as rows. */
function start(version: '3.1.1' | '5.0' = '3.1.1', skip?: number) {
  let tap: PacketTap | undefined;
  const recorder = new PacketRecorder({
    tap: (next) => {
      tap = next;
    },
    onChange: () => {},
    keepAlive: () => 60,
    state: () => connected,
  });
  const watching = recorder.watch();
  const begin = () => {
    const stream = tap?.begin({ version, isWhole: skip === undefined, skip: skip ?? 0 });
    if (stream === undefined) {
      throw new Error('nobody listens');
    }
    return stream;
  };
  const rows = () => {
    const { store } = recorder;
    const found: (PacketRow | { readonly kind: 'mark'; readonly text: string })[] = [];
    for (let sequence = store?.oldest ?? 1; sequence <= (store?.newest ?? 0); sequence++) {
      const mark = store?.markAt(sequence);
      const stored = store?.packet(sequence);
      if (mark !== undefined) {
        found.push({ kind: 'mark', text: mark.text });
      } else if (stored !== undefined) {
        found.push(packetRow(stored));
      }
    }
    return found;
  };
  const ties = () =>
    rows().map((row) => (row.kind === 'mark' ? row.text : `${row.type} ${row.tie?.kind ?? '-'}`));
  return { recorder, watching, begin, rows, ties, isTapped: () => tap !== undefined };
}

describe('PacketRecorder', () => {
  it('ties a delivery at QoS 2 together, both ways with the same identifier', () => {
    const { begin, ties, rows } = start();
    const stream = begin();
    stream.sent(publish(2, 7));
    stream.received(publish(1, 7));
    stream.received(ack('pubrec', 7));
    stream.sent(ack('puback', 7));
    stream.sent(ack('pubrel', 7));
    expect(ties()[0]).toBe('PUBLISH waiting');
    stream.received(ack('pubcomp', 7));
    expect(ties()).toEqual([
      'PUBLISH answered',
      'PUBLISH answered',
      'PUBREC follows',
      'PUBACK follows',
      'PUBREL follows',
      'PUBCOMP follows',
    ]);
    const openers = rows().map((row) =>
      row.kind === 'packet' && row.tie?.kind === 'follows' ? row.tie.opener : 0,
    );
    expect(openers).toEqual([0, 0, 1, 2, 1, 1]);
  });

  it('marks a duplicate as one, also on the next connection, and a reused identifier', () => {
    const { begin, rows, ties } = start();
    const first = begin();
    first.sent(publish(1, 3));
    first.sent(bytesOf({ cmd: 'pingreq' }));
    first.ended();
    const second = begin();
    second.received(bytesOf({ cmd: 'connack', returnCode: 0, sessionPresent: true }));
    second.sent(publish(1, 3, { dup: true }));
    second.received(ack('puback', 3));
    expect(ties()).toEqual([
      'PUBLISH answered',
      'PINGREQ unanswered',
      'The connection is closed.',
      'CONNACK -',
      'PUBLISH follows',
      'PUBACK follows',
    ]);
    expect(rows()[4]).toMatchObject({ dup: true, problem: 'Duplicate of one before' });
    second.sent(publish(1, 9));
    second.sent(publish(1, 9));
    expect(rows().at(-1)).toMatchObject({ problem: 'Packet ID 9 was still in use' });
  });

  it('gives deliveries up that the broker has forgotten', () => {
    const { begin, ties } = start();
    const first = begin();
    first.sent(publish(1, 3));
    first.ended();
    begin().received(bytesOf({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
    expect(ties()[0]).toBe('PUBLISH unanswered');
  });

  it('never keeps a password', () => {
    const { begin, recorder, rows } = start('5.0');
    begin().sent(
      bytesOf(
        {
          cmd: 'connect',
          protocolVersion: 5,
          clientId: 'me',
          username: 'joe',
          password: 'pencil',
          keepalive: 60,
        },
        5,
      ),
    );
    const bytes = recorder.store?.packet(1)?.bytes ?? new Uint8Array();
    const text = new TextDecoder('latin1').decode(bytes);
    expect(text).toContain('joe');
    expect(text).not.toContain('pencil');
    expect(rows()[0]).toMatchObject({ type: 'CONNECT', summary: expect.stringContaining('client ID me') });
  });

  it('never keeps a token that goes with the user name, nor data of an authentication', () => {
    const { begin, recorder } = start('5.0');
    const stream = begin();
    const username = 'joe?x-amz-customauthorizer-signature=c2lnbmF0dXJl&token=pencil';
    stream.sent(bytesOf({ cmd: 'connect', protocolVersion: 5, clientId: 'me', username, keepalive: 60 }, 5));
    const properties = { authenticationMethod: 'X', authenticationData: Buffer.from('pencil') };
    stream.sent(bytesOf({ cmd: 'auth', reasonCode: 0x18, properties }, 5));
    stream.received(bytesOf({ cmd: 'connack', reasonCode: 0, sessionPresent: false, properties }, 5));
    for (const sequence of [1, 2, 3]) {
      const text = new TextDecoder('latin1').decode(recorder.store?.packet(sequence)?.bytes);
      expect(text.length).toBeGreaterThan(10);
      expect(text).not.toMatch(/pencil|c2lnbmF0/);
    }
  });

  it('says where it comes in, and what it left out', () => {
    const { begin, ties } = start('3.1.1', 5);
    const stream = begin();
    stream.received(Uint8Array.of(1, 2, 3, 4, 5, ...ack('puback', 1)));
    expect(ties()).toEqual([
      'Recording begins within the connection. The rest of a packet that was under way is left out: 5 bytes.',
      'PUBACK -',
    ]);
  });

  it('listens only while somebody looks, and says so after', () => {
    const { begin, watching, recorder, ties, isTapped } = start();
    const stream = begin();
    stream.sent(publish(1, 1));
    const second = recorder.watch();
    watching.dispose();
    watching.dispose();
    expect(isTapped()).toBe(true);
    second.dispose();
    expect(isTapped()).toBe(false);
    recorder.watch();
    expect(ties()).toEqual(['PUBLISH unanswered', expect.stringMatching(/^Nothing was recorded for /)]);
    recorder.clear();
    expect(ties()).toEqual([]);
  });

  it('forgets what was recorded some time after the last view was closed, not while one is paused', () => {
    vi.useFakeTimers();
    try {
      const { begin, watching, recorder } = start();
      begin().sent(publish(1, 1));
      const paused = recorder.hold();
      watching.dispose();
      vi.advanceTimersByTime(60 * 60_000);
      expect(recorder.store?.newest).toBe(1);
      paused.dispose();
      vi.advanceTimersByTime(9 * 60_000);
      recorder.watch().dispose();
      vi.advanceTimersByTime(9 * 60_000);
      expect(recorder.store).toBeDefined();
      vi.advanceTimersByTime(2 * 60_000);
      expect(recorder.store).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('knows when the next PINGREQ is due, and how long the last took', () => {
    const { begin, recorder } = start();
    const stream = begin();
    expect(recorder.keepAlive).toEqual({ seconds: 60 });
    stream.received(bytesOf({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
    const next = recorder.keepAlive?.nextAt ?? 0;
    expect(Math.abs(next - Date.now() - 60_000)).toBeLessThan(10_000);
    stream.sent(bytesOf({ cmd: 'pingreq' }));
    expect(recorder.keepAlive).toMatchObject({ pingAt: expect.any(Number) });
    expect(recorder.keepAlive?.roundTrip).toBeUndefined();
    stream.received(bytesOf({ cmd: 'pingresp' }));
    expect(recorder.keepAlive?.roundTrip).toBeGreaterThanOrEqual(0);
    stream.ended();
    expect(recorder.keepAlive).toEqual({ seconds: 60 });
  });

  it('names what is malformed and what is no MQTT at all', () => {
    const { begin, rows } = start();
    const stream = begin();
    stream.received(Uint8Array.of(0x36, 5, 0, 1, 0x61, 0, 1));
    stream.received(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff));
    expect(rows()[0]).toMatchObject({ problem: 'QoS 3 does not exist (MQTT 3.1.1 section 3.3.1.2)' });
    expect(rows().at(-1)).toMatchObject({ kind: 'mark', text: expect.stringContaining('no MQTT') });
  });
});

describe('PacketList', () => {
  const filterOf = (filter: Partial<ConstructorParameters<typeof PacketList>[0]>) => ({
    direction: 'both' as const,
    types: [],
    text: '',
    onlyProblems: false,
    ...filter,
  });
  it('finds by direction, type, text, identifier and problem', () => {
    const { begin, recorder } = start();
    const stream = begin();
    stream.sent(publish(1, 5));
    stream.received(ack('puback', 5));
    stream.sent(bytesOf({ cmd: 'subscribe', messageId: 6, subscriptions: [{ topic: 'plant/#', qos: 1 }] }));
    stream.received(bytesOf({ cmd: 'suback', messageId: 6, granted: [128] }));
    const { store } = recorder;
    const found = (filter: Parameters<typeof filterOf>[0]) => {
      const list = new PacketList(filterOf(filter));
      if (store !== undefined) {
        list.update(store, Number.POSITIVE_INFINITY);
      }
      return Array.from({ length: list.total }, (_, row) => list.sequenceAt(row));
    };
    expect(found({})).toEqual([1, 2, 3, 4]);
    expect(found({ direction: 'received' })).toEqual([2, 4]);
    expect(found({ types: ['PUBLISH', 'SUBACK'] })).toEqual([1, 4]);
    expect(found({ text: 'PLANT' })).toEqual([3]);
    expect(found({ packetId: 5 })).toEqual([1, 2]);
    expect(found({ onlyProblems: true })).toEqual([4]);
  });

  it('follows a store that lets its oldest go', () => {
    const store = new PacketStore();
    const list = new PacketList(filterOf({ direction: 'sent' }));
    const add = (count: number) => {
      for (let index = 0; index < count; index++) {
        store.add(0, index % 2 === 0, '5.0', Uint8Array.of(0xc0, 0), 2, false);
      }
    };
    add(MAX_PACKETS);
    expect(list.update(store, Number.POSITIVE_INFINITY)).toBe(true);
    expect(list.total).toBe(MAX_PACKETS / 2);
    add(100);
    list.update(store, Number.POSITIVE_INFINITY);
    expect(list.total).toBe(MAX_PACKETS / 2);
    expect(list.evicted).toBe(50);
    expect(list.sequenceAt(0)).toBe(101);
    expect(list.update(store, Number.NEGATIVE_INFINITY)).toBe(true);
  });
});
