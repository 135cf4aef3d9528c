import { createServer, type Socket } from 'node:net';
import {
  type FloodPlan,
  floodOrder,
  floodPayload,
  floodTopic,
  PACKET_IDS,
  publishPacket,
} from './flood-packets.ts';

/**
 * A child process that speaks just enough MQTT to accept a subscriber and then sends it a flood of packets
 * that were serialised before. Every connection gets the whole flood. Prints JSON lines: `{port}`, then for each
 * flood `{begun}` and `{sent, milliseconds, cpu}` (milliseconds of CPU, all written to the socket).
 */
const plan = JSON.parse(process.argv[2] ?? '{}') as Omit<FloodPlan, 'level'>;
/** Messages in one piece that is given to the socket. */
const PIECE = 500;
const MAX_IN_FLIGHT = PACKET_IDS - 2 * PIECE;
/** Orders of the topics before they repeat: what followed a topic last time must not tell what follows it next. */
const SHUFFLED_ROUNDS = 4;

function prepare(level: 4 | 5): Buffer[] {
  const wanted = Math.max(
    plan.topics * (plan.shuffled === true ? SHUFFLED_ROUNDS : 1),
    plan.qos === 0 ? 10_000 : PACKET_IDS,
  );
  const order = floodOrder(plan, wanted);
  // Packet identifiers must go on where the cycle began.
  const cycle = plan.qos === 0 ? order.length : order.length - (order.length % PACKET_IDS);
  const pieces: Buffer[] = [];
  for (let start = 0; start < cycle; start += PIECE) {
    const packets = Array.from({ length: Math.min(PIECE, cycle - start) }, (_, index) =>
      publishPacket(
        floodTopic(order[start + index] ?? 0),
        floodPayload(start + index),
        { ...plan, level },
        ((start + index) % PACKET_IDS) + 1,
      ),
    );
    pieces.push(Buffer.concat(packets));
  }
  return pieces;
}
const prepared = { 4: undefined as Buffer[] | undefined, 5: undefined as Buffer[] | undefined };
prepared[5] = prepare(5);

const server = createServer((socket) => serve(socket));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  print({ port: typeof address === 'object' ? address?.port : undefined });
});

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let level: 4 | 5 = 4;
  let acknowledged = 0;
  let rest: Buffer = Buffer.alloc(0);
  let onAcknowledged = () => {};
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    for (;;) {
      const packet = next(rest);
      if (packet === undefined) {
        break;
      }
      rest = rest.subarray(packet.end);
      switch (packet.type) {
        case 1:
          level = packet.body[6] === 5 ? 5 : 4;
          socket.write(level === 5 ? Buffer.from([0x20, 3, 0, 0, 0]) : Buffer.from([0x20, 2, 0, 0]));
          break;
        case 8: {
          const id = packet.body.subarray(0, 2);
          const header = level === 5 ? [0x90, 4] : [0x90, 3];
          const reply = level === 5 ? [0, plan.qos] : [plan.qos];
          socket.write(Buffer.concat([Buffer.from(header), id, Buffer.from(reply)]));
          flood(
            socket,
            level,
            () => acknowledged,
            (listener) => {
              onAcknowledged = listener;
            },
          );
          break;
        }
        case 4:
          acknowledged += 1;
          break;
        case 12:
          socket.write(Buffer.from([0xd0, 0]));
          break;
        default:
          break;
      }
    }
    onAcknowledged();
  });
}

function flood(
  socket: Socket,
  level: 4 | 5,
  acknowledged: () => number,
  setListener: (listener: () => void) => void,
): void {
  prepared[level] ??= prepare(level);
  const pieces = prepared[level];
  let sent = 0;
  let piece = 0;
  let isWaiting = false;
  const start = performance.now();
  const cpu = process.cpuUsage();
  print({ begun: true });
  const go = () => {
    while (sent < plan.messages) {
      if (plan.qos > 0 && sent - acknowledged() > MAX_IN_FLIGHT) {
        return;
      }
      if (isWaiting) {
        return;
      }
      const bytes = pieces[piece % pieces.length] ?? Buffer.alloc(0);
      piece += 1;
      sent += PIECE;
      if (!socket.write(bytes)) {
        isWaiting = true;
        socket.once('drain', () => {
          isWaiting = false;
          go();
        });
      }
    }
    if (sent >= plan.messages) {
      setListener(() => {});
      socket.write(Buffer.alloc(0), () => {
        const used = process.cpuUsage(cpu);
        print({ sent, milliseconds: performance.now() - start, cpu: (used.user + used.system) / 1000 });
      });
      sent = Number.POSITIVE_INFINITY;
    }
  };
  setListener(go);
  go();
}

function next(bytes: Buffer): { type: number; body: Buffer; end: number } | undefined {
  let length = 0;
  for (let at = 1; at < Math.min(bytes.length, 5); at++) {
    const byte = bytes[at] ?? 0;
    length += (byte & 127) * 128 ** (at - 1);
    if (byte < 128) {
      const end = at + 1 + length;
      return bytes.length < end
        ? undefined
        : { type: (bytes[0] ?? 0) >> 4, body: bytes.subarray(at + 1, end), end };
    }
  }
  return undefined;
}

function print(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
// The end of the parent is the end of this.
process.stdin.resume().on('end', () => process.exit(0));
