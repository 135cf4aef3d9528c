import { parentPort } from 'node:worker_threads';
import { decodeFrame, encodeFrame, FrameKind } from '#app/contract/frames.ts';
import type { ToReaders } from '../readers/control.ts';

/** A readers worker that answers with what it was told of the logs, and crashes when asked for the codec `crash`. */
const told: string[] = [];

parentPort?.on('message', (message: ToReaders) => {
  if (message.type !== 'attach') {
    told.push(
      message.type === 'log' ? `${message.sessionId} ${message.update.type}` : `${message.sessionId} closed`,
    );
    return;
  }
  message.port.on('message', (bytes: Uint8Array) => {
    const { kind, channel, target, body } = decodeFrame(bytes);
    if (kind !== FrameKind.request) {
      return;
    }
    if ((body as { input: { codec?: string } }).input.codec === 'crash') {
      throw new Error('crash on request');
    }
    message.port.postMessage(
      encodeFrame({ kind: FrameKind.response, channel, target, body: { ok: true, value: { told } } }),
    );
  });
});
