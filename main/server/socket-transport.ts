import type { WebSocket } from 'ws';
import { Emitter } from '#app/base/event.ts';
import type { Transport } from '#app/contract/transport.ts';

/** Bytes that may wait for one client. Feeds are acknowledged, so only a client that reads nothing gets there. */
const MAX_BUFFERED = 128 * 1024 * 1024;

/** Frames over a WebSocket, one binary message each. Anything else ends this client. */
export function socketTransport(socket: WebSocket): Transport {
  const frames = new Emitter<Uint8Array>();
  const closed = new Emitter<void>();
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data, isBinary) => {
    if (isBinary && data instanceof Uint8Array) {
      frames.fire(data);
    } else {
      socket.close(1003, 'binary frames only');
    }
  });
  socket.once('close', () => {
    closed.fire();
    frames.dispose();
    closed.dispose();
  });
  // Too large a message, a bad opcode, a reset connection: `close` follows each of them.
  socket.on('error', () => undefined);
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) {
        return;
      }
      if (socket.bufferedAmount > MAX_BUFFERED) {
        socket.terminate();
        return;
      }
      socket.send(frame, { binary: true });
    },
    onFrame: frames.event,
    onClose: closed.event,
    close: () => socket.close(1000),
  };
}
