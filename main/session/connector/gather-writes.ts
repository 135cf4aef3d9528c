import type { Duplex } from 'node:stream';

/**
 * Sends what is answered to one read of the socket as one write. mqtt.js writes each PUBACK by itself, and with
 * TCP_NODELAY each becomes a system call and a packet: at QoS 1 that took two thirds of the session's time (measured).
 * Nothing waits longer than for the end of the turn of the event loop in which it was written.
 */
export function gatherWrites(stream: Duplex): void {
  let isCorked = false;
  const flush = () => {
    isCorked = false;
    stream.uncork();
  };
  stream.on('data', () => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      setImmediate(flush);
    }
  });
}
