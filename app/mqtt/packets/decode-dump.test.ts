import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { expect, it } from 'vitest';
import { decodeDump } from './decode-dump.ts';
import { readHexDump } from './hex-dump.ts';

const bytesOf = (packet: unknown, version: 4 | 5 = 4) =>
  new Uint8Array(generate(packet as Packet, { protocolVersion: version }));
const hex = (bytes: Uint8Array, separator = ' ') =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator);
const ascii = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
const rows = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => ({
    at: (row * 16).toString(16),
    part: bytes.subarray(row * 16, row * 16 + 16),
  }));
const pairs = (bytes: Uint8Array) => hex(bytes, '').replace(/.{4}(?=.)/g, '$& ');

/** The same bytes as the tools write them. */
const writers: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  wireshark: (bytes) =>
    rows(bytes)
      .map(({ at, part }) => `${at.padStart(4, '0')}   ${hex(part).padEnd(47)}   ${ascii(part)}`)
      .join('\n'),
  'wireshark with a gap': (bytes) =>
    rows(bytes)
      .map(({ at, part }) => {
        const text = `${hex(part.subarray(0, 8))}  ${hex(part.subarray(8))}`.trimEnd();
        return `${at.padStart(4, '0')}  ${text.padEnd(50)}  ${ascii(part)}`;
      })
      .join('\n'),
  'tcpdump -X': (bytes) =>
    `12:00:00.000000 IP a.50000 > b.1883: Flags [P.], length ${bytes.length}\n${rows(bytes)
      .map(({ at, part }) => `\t0x${at.padStart(4, '0')}:  ${pairs(part).padEnd(39)}  ${ascii(part)}`)
      .join('\n')}`,
  'tcpdump -x': (bytes) =>
    rows(bytes)
      .map(({ at, part }) => `\t0x${at.padStart(4, '0')}:  ${pairs(part)}`)
      .join('\n'),
  xxd: (bytes) =>
    rows(bytes)
      .map(({ at, part }) => `${at.padStart(8, '0')}: ${pairs(part).padEnd(39)}  ${ascii(part)}`)
      .join('\n'),
  'hexdump -C': (bytes) =>
    `${rows(bytes)
      .map(({ at, part }) => {
        const text = `${hex(part.subarray(0, 8))}  ${hex(part.subarray(8))}`;
        return `${at.padStart(8, '0')}  ${text.padEnd(48)}  |${ascii(part)}|`;
      })
      .join('\n')}\n${bytes.length.toString(16).padStart(8, '0')}`,
  'C array': (bytes) =>
    `uint8_t packet[] = { ${Array.from(bytes, (byte) => `0x${byte.toString(16)}`).join(', ')} };`,
  escapes: (bytes) => `"\\x${hex(bytes, '\\x')}"`,
  digits: (bytes) => hex(bytes, ''),
  colons: (bytes) => hex(bytes, ':'),
};

const publish = fc
  .record({
    topic: fc.stringMatching(/^[a-z0-9/]{1,30}$/),
    payload: fc.string({ maxLength: 80 }),
    qos: fc.constantFrom(0, 1, 2),
  })
  .map(({ qos, ...rest }) => bytesOf({ cmd: 'publish', messageId: 9, qos, ...rest }));

for (const [name, write] of Object.entries(writers)) {
  it(`reads ${name}`, () => {
    fc.assert(
      fc.property(publish, (bytes) => {
        // A line of eight bytes with text beside it looks like half of a longer one.
        fc.pre(name !== 'wireshark with a gap' || bytes.length % 16 > 8 || bytes.length % 16 === 0);
        const dump = readHexDump(write(bytes));
        expect(dump.kind === 'bytes' ? dump.blocks.map((block) => hex(block.bytes)) : dump).toEqual([
          hex(bytes),
        ]);
      }),
    );
  });
}

it('never throws, whatever is pasted', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 300 }), fc.stringMatching(/^(0000 {1,3}|[0-9a-fx:| \n\t]){0,80}$/)),
      (text) => {
        const dump = decodeDump(text);
        if (dump.kind === 'problem') {
          expect(dump.message).not.toBe('');
        }
      },
    ),
    { numRuns: 2000 },
  );
});

/** An IPv4 packet with a TCP segment in an Ethernet frame. */
function frame(from: number, to: number, sequence: number, payload: Uint8Array): Uint8Array {
  const head = Buffer.alloc(54);
  head.writeUInt16BE(0x0800, 12);
  head[14] = 0x45;
  head.writeUInt16BE(40 + payload.length, 16);
  head[23] = 6;
  head.set([10, 0, 0, 1], from > to ? 26 : 30);
  head.set([10, 0, 0, 2], from > to ? 30 : 26);
  head.writeUInt16BE(from, 34);
  head.writeUInt16BE(to, 36);
  head.writeUInt32BE(sequence, 38);
  head[46] = 0x50;
  // Ethernet fills short frames up.
  return Buffer.concat([head, payload, Buffer.alloc(Math.max(0, 6 - payload.length))]);
}

it('puts the segments of a capture together, leaves out what was sent twice, and names what is missing', () => {
  const connect = bytesOf({ cmd: 'connect', protocolVersion: 5, clientId: 'c', keepalive: 60 }, 5);
  const connack = bytesOf({ cmd: 'connack', reasonCode: 0, sessionPresent: false }, 5);
  const message = bytesOf({ cmd: 'publish', topic: 'a/b', payload: 'hello', qos: 0 }, 5);
  const start = 0xffff_fffe;
  const at = (offset: number) => (start + offset) >>> 0;
  const frames = [
    frame(50_000, 1883, at(0), new Uint8Array()),
    frame(50_000, 1883, at(0), connect.subarray(0, 5)),
    frame(50_000, 1883, at(5), connect.subarray(5)),
    frame(50_000, 1883, at(0), connect),
    frame(1883, 50_000, 7, connack),
    frame(50_000, 1883, at(connect.length + 2), message),
  ];
  const dump = decodeDump(frames.map((bytes) => writers['tcpdump -X']?.(bytes)).join('\n'));
  expect(dump).toMatchObject({
    kind: 'streams',
    streams: [
      {
        name: '10.0.0.1:50000 to 10.0.0.2:1883',
        direction: 'sent',
        notes: ['2 bytes of the connection are missing in the dump.'],
        packets: [{ packet: { type: 'CONNECT' } }, { packet: { type: 'PUBLISH', topic: 'a/b' } }],
      },
      { direction: 'received', packets: [{ packet: { type: 'CONNACK', version: '5.0', problems: [] } }] },
    ],
  });
});

it('takes what is set in for the other side, as “Follow TCP stream” writes it', () => {
  const connect = bytesOf({ cmd: 'connect', clientId: 'c', keepalive: 60 });
  const connack = bytesOf({ cmd: 'connack', returnCode: 0, sessionPresent: false });
  const ping = bytesOf({ cmd: 'pingreq' });
  const text = [
    `00000000  ${hex(connect)}`,
    `    00000000  ${hex(connack)}`,
    `${connect.length.toString(16).padStart(8, '0')}  ${hex(ping)}`,
  ].join('\n');
  expect(decodeDump(text)).toMatchObject({
    streams: [
      { direction: 'sent', packets: [{ packet: { type: 'CONNECT' } }, { packet: { type: 'PINGREQ' } }] },
      { direction: 'received', packets: [{ packet: { type: 'CONNACK' } }] },
    ],
  });
});

it('says why a dump can’t be read', () => {
  const messageOf = (text: string) => {
    const dump = decodeDump(text);
    return dump.kind === 'problem' ? dump.message : dump.streams.flatMap(({ notes }) => notes).join();
  };
  expect(messageOf('30 0g')).toBe('“g” is no hex digit.');
  expect(messageOf('300')).toContain('odd');
  expect(messageOf('0000  30 05 00 01\n0020  61')).toContain('does not go on');
  expect(messageOf(hex(frame(50_000, 1883, 1, new Uint8Array())))).toContain('only headers of TCP');
  expect(messageOf('16 03 01 00 05 01 00 00 01 00')).toContain('TLS');
});
