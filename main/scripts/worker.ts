import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#app/base/assert.ts';
import type { FromScript, ToScript } from '#app/script/script-messages.ts';
import { Sandbox, type SandboxLimits } from './sandbox.ts';
import { ScriptLoop } from './script-loop.ts';

/** Entry of a script worker: runs one script until it is asked to leave. */
const port = parentPort;
assert(port !== null, 'the script worker was not started as a worker');
const post = (message: FromScript) => port.postMessage(message);
const loop: ScriptLoop = new ScriptLoop(
  await Sandbox.create((request) => loop.onRequest(request), workerData as SandboxLimits),
  post,
);
port.on('message', (message: ToScript) => {
  if (message.type === 'leave') {
    loop.dispose();
    port.close();
  } else {
    loop.receive(message);
  }
});
