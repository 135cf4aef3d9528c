import type { MessagePort } from 'node:worker_threads';

/**
 * Hands a frame to another thread. A whole buffer moves; a view on a larger one (a socket's chunk) is copied first,
 * since cloning a view would clone everything around it.
 */
export function postFrame(port: MessagePort, frame: Uint8Array): void {
  const whole =
    frame.byteOffset === 0 && frame.byteLength === frame.buffer.byteLength && !Buffer.isBuffer(frame)
      ? frame
      : new Uint8Array(frame);
  port.postMessage(whole, [whole.buffer as ArrayBuffer]);
}
