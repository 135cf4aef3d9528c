import { connect, type Socket } from 'node:net';
import { generate, type Packet } from 'mqtt-packet';
import { type Disposable, toDisposable } from '#app/base/disposable.ts';

/** Milliseconds that the device lives, and that it stays away. */
const LIFE = 25_000;
const ABSENCE = 8_000;

/**
 * A device on a real connection of its own that now and then loses power: its socket is cut without DISCONNECT,
 * so that the broker sends its last will (`offline`, retained), and it comes back with a birth message (`online`).
 */
export function startMortalDevice(port: number): Disposable {
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  const topic = 'devices/pycom-07/status';

  function live(): void {
    if (isDisposed) {
      return;
    }
    const line = connect(port, '127.0.0.1');
    socket = line;
    const send = (packet: Packet) => line.write(generate(packet));
    line.on('error', () => line.destroy());
    line.resume();
    send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: 'pycom-07',
      clean: true,
      keepalive: 60,
      will: { topic, payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    send(publish(topic, 'online', true));
    let beats = 0;
    const heartbeat = setInterval(() => {
      beats += 1;
      send(publish('devices/pycom-07/uptime', String(beats), false));
    }, 1000);
    line.on('close', () => clearInterval(heartbeat));
    timer = setTimeout(die, LIFE);
  }

  function die(): void {
    socket?.destroy();
    timer = setTimeout(live, ABSENCE);
  }

  live();
  return toDisposable(() => {
    isDisposed = true;
    clearTimeout(timer);
    socket?.destroy();
  });
}

function publish(topic: string, payload: string, retain: boolean): Packet {
  return { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 0, dup: false, retain };
}
