import type { MessagePort } from 'node:worker_threads';
import type { FeedMap, OperationMap } from '#app/contract/define.ts';
import { toFailure } from '#app/contract/failure.ts';
import { decodeFrame, decodeHeader, encodeFrame, FrameKind } from '#app/contract/frames.ts';
import { ContractServer, type ContractServerOptions } from '#app/contract/server.ts';

/**
 * Serves one client over its port until the port closes. Frames are handed over, not copied.
 * `onClose` is called once, when either side has closed.
 */
export function servePort<O extends OperationMap, F extends FeedMap>(
  port: MessagePort,
  target: string,
  options: ContractServerOptions<O, F>,
  onClose: () => void,
): void {
  const send = (frame: Uint8Array) => {
    // encodeFrame makes a buffer of its own for each frame; anything else is copied.
    const isWhole = frame.buffer instanceof ArrayBuffer && frame.byteLength === frame.buffer.byteLength;
    port.postMessage(frame, isWhole ? [frame.buffer as ArrayBuffer] : []);
  };
  const server = new ContractServer(options, target, send);
  port.on('message', (bytes: unknown) => {
    if (bytes instanceof Uint8Array) {
      receive(server, bytes, send, target);
    }
  });
  port.on('close', () => {
    server.dispose();
    onClose();
  });
}

function receive<O extends OperationMap, F extends FeedMap>(
  server: ContractServer<O, F>,
  bytes: Uint8Array,
  send: (frame: Uint8Array) => void,
  target: string,
): void {
  let channel = 0;
  try {
    channel = decodeHeader(bytes).channel;
    server.receive(decodeFrame(bytes));
  } catch (error) {
    send(encodeFrame({ kind: FrameKind.ended, channel, target, body: { failure: toFailure(error) } }));
  }
}
