import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A packet as it came: type as in MQTT 2.1.2 (1 is CONNECT, 3 PUBLISH, 8 SUBSCRIBE, 12 PINGREQ, 14 DISCONNECT). */
interface RawPacket {
  readonly type: number;
  readonly flags: number;
  /** Everything after the remaining length. */
  readonly body: Buffer;
}

/** One client of a {@link ScriptedBroker}. */
interface ScriptedConnection {
  readonly socket: Socket;
  /** All packets so far. */
  readonly packets: readonly RawPacket[];
  send(...bytes: readonly number[]): void;
  close(): void;
}

/** A broker that answers exactly what a test tells it, down to single bytes: for refusals and broken peers. */
export interface ScriptedBroker {
  readonly port: number;
  readonly connections: readonly ScriptedConnection[];
  stop(): Promise<void>;
}

export interface Script {
  /** Called once per connection, before anything has come. */
  onConnection?(connection: ScriptedConnection): void;
  onPacket?(packet: RawPacket, connection: ScriptedConnection): void;
}

/** Starts a scripted broker on a free port of loopback. */
export async function startScriptedBroker(script: Script): Promise<ScriptedBroker> {
  const connections: ScriptedConnection[] = [];
  const server = createServer((socket) => {
    const packets: RawPacket[] = [];
    const connection: ScriptedConnection = {
      socket,
      packets,
      send: (...bytes) => socket.write(Uint8Array.from(bytes)),
      close: () => socket.destroy(),
    };
    connections.push(connection);
    socket.on('error', () => undefined);
    let buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (let parsed = parsePacket(buffer); parsed !== undefined; parsed = parsePacket(buffer)) {
        buffer = buffer.subarray(parsed.size);
        packets.push(parsed.packet);
        script.onPacket?.(parsed.packet, connection);
      }
    });
    script.onConnection?.(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async stop() {
      server.close();
      for (const connection of connections) {
        connection.close();
      }
    },
  };
}

/** The first whole packet of a buffer with its size in bytes. */
function parsePacket(buffer: Buffer): { readonly packet: RawPacket; readonly size: number } | undefined {
  let length = 0;
  for (let at = 1; at < Math.min(buffer.length, 5); at += 1) {
    const byte = buffer[at] as number;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) {
      const start = at + 1;
      const first = buffer[0] as number;
      return buffer.length < start + length
        ? undefined
        : {
            packet: { type: first >> 4, flags: first & 15, body: buffer.subarray(start, start + length) },
            size: start + length,
          };
    }
  }
  return undefined;
}
