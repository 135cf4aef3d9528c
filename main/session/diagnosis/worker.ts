import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#app/base/assert.ts';
import { toFailure } from '#app/contract/failure.ts';
import type { DiagnosisTask, FromDiagnosis, ToDiagnosis } from './control.ts';
import { runDiagnosis } from './run.ts';

/** Entry of a diagnosis worker: does its task, tells how it went, and ends by itself. */
const port = parentPort;
assert(port !== null, 'the diagnosis worker was not started as a worker');
const abort = new AbortController();
const post = (message: FromDiagnosis) => port.postMessage(message);
port.on('message', (message: ToDiagnosis) => {
  if (message.type === 'cancel') {
    abort.abort();
  }
});
runDiagnosis(workerData as DiagnosisTask, {
  onProgress: (steps, doing) => post({ type: 'progress', steps, doing }),
  signal: abort.signal,
})
  .then(
    (outcome) => post({ type: 'done', outcome }),
    (error: unknown) => post({ type: 'failed', failure: toFailure(error) }),
  )
  .finally(() => port.close());
