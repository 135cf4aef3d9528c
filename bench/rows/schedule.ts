import { performance } from 'node:perf_hooks';
import type { JobWork } from '#app/automation/job.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import type { Connector } from '#main/session/connector/connector.ts';
import type { Ingest } from '#main/session/ingest.ts';
import { Outbox } from '#main/session/outbox.ts';
import { RunningJob } from '#main/session/publish-jobs/job-run.ts';
import type { BenchRow, Figure } from '../row.ts';
import { median } from '../support/statistics.ts';

/** Interval and number of messages. */
const cases = [
  [100, 100],
  [1000, 12],
] as const;
const MAX_LATE = 5;

/** How exactly jobs keep their times, beside a timer that is set anew with each message. */
export const row: BenchRow = {
  name: 'schedule',
  about:
    'lateness of repeated messages at 100 ms and 1 s, side by side with a chain of timers, whose lateness adds up',
  async run({ repeats, progress }) {
    const figures: Figure[] = [];
    for (const [interval, count] of cases) {
      const late: number[][] = [];
      const drift: number[] = [];
      const chained: number[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        progress(`every ${interval} ms, run ${repeat + 1} of ${repeats}`);
        const [job, chain] = await Promise.all([runJob(interval, count), runChain(interval, count)]);
        const delays = job.map((at, index) => at - index * interval).sort((a, b) => a - b);
        late.push(delays);
        drift.push((job.at(-1) ?? 0) - (count - 1) * interval);
        chained.push((chain.at(-1) ?? 0) - (count - 1) * interval);
      }
      const at = (share: number) =>
        median(
          late.map((delays) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0),
        );
      const middle = at(0.5);
      figures.push(
        {
          what: `lateness of a message every ${interval} ms`,
          measured: `p50 ${middle.toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms, max ${at(1).toFixed(2)} ms`,
          value: middle,
          budget: `p50 ≤ ${MAX_LATE} ms`,
          verdict: middle <= MAX_LATE ? 'pass' : 'miss',
        },
        {
          what: `drift after ${count} messages every ${interval} ms`,
          measured: `${median(drift).toFixed(1)} ms, a chain of timers ${median(chained).toFixed(1)} ms`,
          value: median(drift),
          budget: 'no more than one message is late',
          verdict: median(drift) <= Math.max(MAX_LATE, at(1)) ? 'pass' : 'miss',
        },
      );
    }
    return figures;
  },
};

/** Milliseconds from the start at which each message of a job went out. */
async function runJob(interval: number, count: number): Promise<number[]> {
  const times: number[] = [];
  let begun = 0;
  const outbox = new Outbox({
    connector: () =>
      ({
        publish(_message: unknown, onSent: (at: number) => void) {
          times.push(performance.now() - begun);
          onSent(0);
          return Promise.resolve({ sentAt: 0 });
        },
      }) as unknown as Connector,
    ingest: { onPublished: () => 1 } as unknown as Ingest,
    codecFor: () => undefined,
    version: () => '5.0',
    onNotKept: () => {},
  });
  const message = { ...emptyTemplate, topic: 'bench', text: '{{seq}}' };
  const what: JobWork = { kind: 'repeat', message, interval, jitter: 0, count };
  const job = new RunningJob({ id: 'bench', name: 'bench', what }, undefined, {
    outbox,
    permit: { check: () => {} },
    isConnected: () => true,
    receiveMaximum: () => 65_535,
    onChange: () => {},
  });
  begun = performance.now();
  await job.run();
  return times;
}

/** The same by a timer that is set when the one before it has come. */
function runChain(interval: number, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const times: number[] = [];
    const begun = performance.now();
    const next = () => {
      times.push(performance.now() - begun);
      if (times.length === count) {
        resolve(times);
      } else {
        setTimeout(next, interval);
      }
    };
    next();
  });
}
