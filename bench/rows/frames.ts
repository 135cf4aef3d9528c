import { type Mosquitto, startMosquitto } from '../../e2e/support/mosquitto.ts';
import { connect, subscribe } from '../../e2e/support/screen.ts';
import type { BenchContext, BenchRow, Figure } from '../row.ts';
import { cpuOfProcess } from '../support/cpu.ts';
import { quantile } from '../support/frame-probe.ts';
import { type ScreenApp, startScreenApp } from '../support/screen-app.ts';
import { expandTree, probe, readLedger, settledReceived, startPublisher } from '../support/screen-load.ts';

const SECONDS = 30;
const loads = [1000, 10_000, 50_000].flatMap((rate) => [1000, 10_000].map((topics) => ({ rate, topics })));
/** Of one core; beyond it a part is what limits the run. */
const SATURATED = 95;

/** Frame gaps, age on screen and loss in a real browser, through Mosquitto, beside the same page at rest. */
export const row: BenchRow = {
  name: 'frames',
  about: 'frame gaps, age on screen and loss with Chromium attached, through Mosquitto, 30 s a load',
  async run(context) {
    const broker = await startMosquitto({
      listeners: ['mqtt'],
      maxQueuedMessages: 0,
      quiet: true,
    });
    const app = await startScreenApp();
    try {
      await app.drive(async (page) => {
        await connect(page, { name: 'Bench', port: broker.ports.mqtt });
        await subscribe(page, '#');
      });
      context.progress('frames: at rest');
      const idle = await probe(app, 10);
      const idleP95 = quantile(idle.gaps, 0.95);
      const figures: Figure[] = [
        {
          what: 'frames: at rest, p95',
          measured: `${idleP95.toFixed(1)} ms`,
          value: idleP95,
          budget: '',
          verdict: 'info',
        },
      ];
      for (const load of loads) {
        figures.push(...(await measure(context, app, broker, load, idleP95)));
      }
      return figures;
    } finally {
      await app.close();
      await broker.stop();
    }
  },
};

async function measure(
  { progress }: BenchContext,
  app: ScreenApp,
  broker: Mosquitto,
  { rate, topics }: { readonly rate: number; readonly topics: number },
  idleP95: number,
): Promise<readonly Figure[]> {
  const name = `${rate.toLocaleString('en')}/s over ${topics.toLocaleString('en')} topics`;
  progress(`frames: ${name}`);
  const before = await readLedger(app);
  const publisher = startPublisher({ port: broker.ports.mqtt, rate, topics, seconds: SECONDS + 4 });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  if (rate === loads[0]?.rate && topics === loads[0]?.topics) {
    await app.drive(expandTree);
  }
  const cpuBefore = {
    ...(await app.cpu()),
    broker: cpuOfProcess(broker.pid),
    publisher: cpuOfProcess(publisher.pid),
  };
  const start = performance.now();
  const result = await probe(app, SECONDS - 4);
  const span = performance.now() - start;
  const cpuAfter = {
    ...(await app.cpu()),
    broker: cpuOfProcess(broker.pid),
    publisher: cpuOfProcess(publisher.pid),
  };
  const share = (part: keyof typeof cpuAfter) =>
    Math.round(((cpuAfter[part] - cpuBefore[part]) / span) * 100);
  const { sent, reached } = await publisher.ended;
  const received = await settledReceived(app, before, sent);
  const [p95, p99, worst] = [
    quantile(result.gaps, 0.95),
    quantile(result.gaps, 0.99),
    Math.max(...result.gaps),
  ];
  const age = quantile(result.ages, 0.95);
  const note = `CPU of one core: engine ${share('engine')} %, browser ${share('browser')} %, Mosquitto ${share('broker')} %, publisher ${share('publisher')} %; ${reached} % of the rate reached; worst gap ${Math.round(worst)} ms; ${result.ages.length} ages`;
  const isReached = reached >= 97 && share('broker') < SATURATED && share('publisher') < SATURATED;
  const verdict = (isKept: boolean) => (isKept ? 'pass' : isReached ? 'miss' : 'unreached');
  return [
    {
      what: `frames: ${name}, p95 of gap`,
      measured: `${p95.toFixed(1)} ms, ${(p95 / idleP95).toFixed(2)} × idle`,
      value: p95 / idleP95,
      budget: '1.2 × idle',
      verdict: verdict(p95 <= 1.2 * idleP95),
      note,
    },
    {
      what: `frames: ${name}, p99 of gap`,
      measured: `${p99.toFixed(1)} ms`,
      value: p99,
      budget: '80 ms',
      verdict: verdict(p99 <= 80),
    },
    {
      what: `age: ${name}, p95`,
      measured: `${Math.round(age)} ms`,
      value: age,
      budget: '250 ms',
      verdict: verdict(age <= 250),
    },
    {
      what: `loss: ${name}`,
      measured: `${sent - received} of ${sent.toLocaleString('en')}`,
      value: sent - received,
      budget: '0',
      verdict: sent === received ? 'pass' : 'miss',
    },
  ];
}
