import { Worker } from 'node:worker_threads';
import { FailureError, fail } from '#app/contract/failure.ts';
import type { DialStep } from '#app/contract/session-state.ts';
import type {
  DiagnosisOutcome,
  DiagnosisTask,
  FromDiagnosis,
  ToDiagnosis,
} from '../../session/diagnosis/control.ts';
import { workerUrl } from '../worker-urls.ts';

/** Milliseconds that a cancelled worker has to take leave of its broker. */
const LEAVE_TIME = 5000;

/** A task under way in a worker of its own. */
export interface RunningTask {
  /** Rejects with the failure of the task, or `diagnosis.cancelled`. */
  readonly outcome: Promise<DiagnosisOutcome>;
  /** Resolves when the worker is gone. */
  readonly ended: Promise<void>;
  cancel(): void;
}

/** Starts a worker for one task. It ends by itself. */
export function startTask(
  task: DiagnosisTask,
  onProgress: (steps: readonly DialStep[], doing: string) => void,
): RunningTask {
  const worker = new Worker(workerUrl('diagnosis'), {
    workerData: task,
    name: `diagnosis ${task.kind}`,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  let timer: NodeJS.Timeout | undefined;
  let error: unknown;
  let abandon: (failure: FailureError) => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const outcome = new Promise<DiagnosisOutcome>((resolve, reject) => {
    abandon = reject;
    worker.on('error', (thrown) => {
      error = thrown;
    });
    worker.on('message', (message: FromDiagnosis) => {
      switch (message.type) {
        case 'progress':
          onProgress(message.steps, message.doing);
          break;
        case 'done':
          resolve(message.outcome);
          break;
        case 'failed':
          reject(new FailureError(message.failure));
          break;
      }
    });
    worker.once('exit', (code) =>
      reject(
        fail(
          'diagnosis.crashed',
          'The check ended by an error of Topicscope.',
          'If it happens again, report it with the detail below.',
          error instanceof Error ? error.message : `Exit code ${code}`,
        ),
      ),
    );
  });
  return {
    outcome,
    ended,
    cancel() {
      const message: ToDiagnosis = { type: 'cancel' };
      worker.postMessage(message);
      timer ??= setTimeout(() => void worker.terminate(), LEAVE_TIME);
      abandon(fail('diagnosis.cancelled', 'This was cancelled.'));
    },
  };
}
