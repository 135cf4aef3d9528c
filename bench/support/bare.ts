import { Worker } from 'node:worker_threads';

/** What a run took. */
export interface RunReport {
  readonly milliseconds: number;
  readonly rate: number;
  /** Milliseconds of CPU of the receiving thread, if known. */
  readonly cpu: number | undefined;
}

/** Receives a flood with bare mqtt.js in one worker. */
export async function runBare(
  port: number,
  messages: number,
  qos: 0 | 1,
  version: 4 | 5 = 5,
): Promise<RunReport> {
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), {
    workerData: { port, messages, qos, version },
  });
  const { milliseconds, cpu } = await new Promise<{ milliseconds: number; cpu: number }>(
    (resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    },
  );
  await worker.terminate();
  return { milliseconds, rate: (messages / milliseconds) * 1000, cpu };
}
