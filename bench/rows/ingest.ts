import type { BenchContext, BenchRow, Figure } from '../row.ts';
import { type RunReport, runBare } from '../support/bare.ts';
import { cpuOf } from '../support/cpu.ts';
import { type Flood, type FloodReport, startFlood } from '../support/flood.ts';
import { hasMosquittoSub, runMosquittoSub } from '../support/mosquitto-sub.ts';
import { startSession } from '../support/session-harness.ts';
import { median, percent, perSecond } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const MIN_RATIO = 0.7;

const plans = [
  { topics: 1000, qos: 0 },
  { topics: 100_000, qos: 0 },
  { topics: 1000, qos: 1 },
  { topics: 100_000, qos: 1 },
] as const;

/**
 * A million messages into one session worker, beside bare mqtt.js and mosquitto_sub on the same flood. Topics come in
 * changing orders: nothing that was learned of their order helps.
 */
export const row: BenchRow = {
  name: 'ingest',
  about: 'flood of 200-byte PUBLISH packets into one session worker, with feeds, beside bare mqtt.js',
  async run(context) {
    const figures: Figure[] = [];
    for (const plan of plans) {
      figures.push(...(await runPlan(context, plan)));
    }
    return figures;
  },
};

async function runPlan(context: BenchContext, plan: (typeof plans)[number]): Promise<Figure[]> {
  const flood = await startFlood({ ...plan, messages: MESSAGES, shuffled: true });
  const bare: RunReport[] = [];
  const session: RunReport[] = [];
  const sub: number[] = [];
  const reports: FloodReport[] = [];
  const name = `${plan.topics.toLocaleString('en')} topics, QoS ${plan.qos}`;
  try {
    for (let repeat = 0; repeat < context.repeats; repeat++) {
      context.progress(`ingest: ${name}, run ${repeat + 1} of ${context.repeats}`);
      bare.push(await withReport(flood, undefined, () => runBare(flood.port, MESSAGES, plan.qos)));
      session.push(await withReport(flood, reports, () => runSession(flood.port)));
      if (hasMosquittoSub()) {
        const begin = flood.nextBegin();
        const end = await withReport(flood, undefined, () => runMosquittoSub(flood.port, MESSAGES, plan.qos));
        sub.push((MESSAGES / (end - (await begin))) * 1000);
      }
    }
  } finally {
    flood.stop();
  }
  // Of the same round each: what else the machine did in that minute weighs on both.
  const ratio = median(session.map(({ rate }, index) => rate / (bare[index]?.rate ?? Number.NaN)));
  const rate = median(session.map((run) => run.rate));
  const subRate = median(sub);
  const generator = median(reports.map(({ cpu, milliseconds }) => cpu / milliseconds));
  const worker = median(session.map(({ cpu, milliseconds }) => (cpu ?? Number.NaN) / milliseconds));
  const perMessage = (runs: readonly RunReport[]) =>
    `${((median(runs.map(({ cpu }) => cpu ?? Number.NaN)) / MESSAGES) * 1000).toFixed(2)} µs`;
  const note = `session worker ${percent(worker)}, generator ${percent(generator)} of a core; CPU a message ${perMessage(session)}, bare ${perMessage(bare)}`;
  const isSaturated = generator > 0.95 && ratio < MIN_RATIO;
  return [
    {
      what: `ingest ${name}`,
      measured: `${perSecond(rate)}, bare ${perSecond(median(bare.map((run) => run.rate)))}: ${ratio.toFixed(2)}`,
      value: ratio,
      budget: `≥ ${MIN_RATIO} of bare mqtt.js`,
      verdict: isSaturated ? 'unreached' : ratio >= MIN_RATIO ? 'pass' : 'miss',
      note: isSaturated ? `${note}; the generator gave out first` : note,
    },
    ...(sub.length === 0
      ? []
      : [
          {
            what: `ingest ${name} beside mosquitto_sub`,
            measured: `${perSecond(rate)} to ${perSecond(subRate)}`,
            value: rate / subRate,
            budget: '> mosquitto_sub > /dev/null',
            verdict: rate > subRate ? ('pass' as const) : ('miss' as const),
          },
        ]),
  ];
}

/** Waits for the generator's own account too, so that the next run begins with an idle machine. */
async function withReport<T>(
  flood: Flood,
  reports: FloodReport[] | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const report = flood.nextReport();
  const result = await run();
  reports?.push(await report);
  await report;
  return result;
}

async function runSession(port: number): Promise<RunReport> {
  const session = await startSession();
  try {
    session.openFeeds();
    await session.connect(port);
    const start = await session.reached(1);
    const cpuBefore = await cpuOf(session.worker);
    const end = await session.reached(MESSAGES);
    const cpuAfter = await cpuOf(session.worker);
    const milliseconds = end - start;
    const cpu = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
    return { milliseconds, rate: (MESSAGES / milliseconds) * 1000, cpu };
  } finally {
    await session.close();
  }
}
