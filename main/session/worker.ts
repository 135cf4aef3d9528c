import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#app/base/assert.ts';
import { createConnector } from './connector/mqtt-connector.ts';
import type { FromSession, SessionInit, ToSession } from './control.ts';
import { Session } from './session.ts';

/** Entry of a session worker; see `control.ts` for what it is told and what it tells. */
const port = parentPort;
assert(port !== null, 'the session worker was not started as a worker');
const session = new Session(workerData as SessionInit, createConnector, (message: FromSession) =>
  port.postMessage(message),
);
port.on('message', (message: ToSession) => {
  void session.handle(message).then(() => {
    if (message.type === 'shutdown') {
      // Nothing is left that keeps the event loop: the worker ends by itself.
      port.close();
    }
  });
});
