import { type MessagePort, parentPort } from 'node:worker_threads';
import { assert } from '#app/base/assert.ts';
import { decodeFrame } from '#app/contract/frames.ts';
import { codecById } from '#app/payload/registry.ts';
import { AlongReaders } from './along-readers.ts';
import type { FromReaders, ToReaders } from './control.ts';
import { Decoder, type DecodeWatch, defaultReaderLimits } from './decoder.ts';
import { ReaderClient } from './reader-client.ts';
import type { AskTopics } from './search/topic-names.ts';
import { SessionLogs } from './session-logs.ts';
import { SessionRules } from './session-rules.ts';

/*
 * The readers worker: decodes payloads for all clients, reading the logs of all sessions in place.
 * It writes nothing but its answers.
 */
assert(parentPort !== null, 'the readers worker runs in a thread of its own');
const parent: MessagePort = parentPort;
const tell = (message: FromReaders) => parent.postMessage(message);

const logs = new SessionLogs();
const watch: DecodeWatch = {
  onBegin: (codec) => tell({ type: 'decoding', codec }),
  onEnd: () => tell({ type: 'idle' }),
};
const rules = new SessionRules();
const decoder = new Decoder(logs, defaultReaderLimits, watch, codecById, rules);
const askTopics: AskTopics = (sessionId, port) =>
  parent.postMessage({ type: 'topics', sessionId, port } satisfies FromReaders, [port]);
const along = new AlongReaders(logs, watch, askTopics, rules);

parent.on('message', (message: ToReaders) => {
  switch (message.type) {
    case 'attach':
      attach(message.port);
      break;
    case 'log':
      if (message.update.type === 'open') {
        decoder.removeSession(message.sessionId);
        along.removeSession(message.sessionId);
      }
      logs.apply(message.sessionId, message.update);
      break;
    case 'rules':
      rules.set(message.sessionId, message.rules, message.schemas);
      break;
    case 'listening':
      along.listening.add(message.sessionId, message.change);
      break;
    case 'session-closed':
      along.listening.remove(message.sessionId);
      break;
    case 'log-closed':
      logs.close(message.sessionId);
      decoder.removeSession(message.sessionId);
      along.removeSession(message.sessionId);
      break;
  }
});

function attach(port: MessagePort): void {
  const client = new ReaderClient(decoder, along, (frame) =>
    port.postMessage(frame, [frame.buffer as ArrayBuffer]),
  );
  port.on('message', (bytes: Uint8Array) => {
    try {
      client.receive(decodeFrame(bytes));
    } catch {
      // The main process has read the frame's header; a body that cannot be read ends this client only.
      port.close();
    }
  });
  port.once('close', () => client.dispose());
}
