import { parentPort } from 'node:worker_threads';
import { decodeFrame, encodeFrame, FrameKind } from '#app/contract/frames.ts';
import type { FromReaders, ToReaders } from '../readers/control.ts';

/** A readers worker that answers with what it was told of the logs; the codec `crash` crashes it, `endless` never ends. */
const told: string[] = [];

parentPort?.on('message', (message: ToReaders) => {
  if (message.type !== 'attach') {
    told.push(`${message.sessionId} ${wordsFor(message)}`);
    return;
  }
  message.port.on('message', (bytes: Uint8Array) => {
    const { kind, channel, target, body } = decodeFrame(bytes);
    if (kind !== FrameKind.request) {
      return;
    }
    const { codec } = (body as { input: { codec?: string } }).input;
    if (codec === 'crash') {
      throw new Error('crash on request');
    }
    if (codec === 'endless') {
      parentPort?.postMessage({ type: 'decoding', codec } satisfies FromReaders);
      for (;;);
    }
    message.port.postMessage(
      encodeFrame({ kind: FrameKind.response, channel, target, body: { ok: true, value: { told } } }),
    );
  });
});

function wordsFor(message: Exclude<ToReaders, { type: 'attach' }>): string {
  switch (message.type) {
    case 'log':
      return message.update.type;
    case 'log-closed':
      return 'closed';
    case 'listening':
      return `hears ${message.change.filters.map(({ filter }) => filter).join()}`;
    case 'session-closed':
      return 'hears no more';
    case 'rules':
      return `rules ${message.rules.map(({ filter }) => filter).join()}`;
  }
}
