import type { Page } from '@playwright/test';
import { type Mosquitto, startMosquitto } from '../../e2e/support/mosquitto.ts';
import { connect, screen, subscribe } from '../../e2e/support/screen.ts';
import type { BenchContext, BenchRow, Figure } from '../row.ts';
import { cpuOfProcess } from '../support/cpu.ts';
import { quantile } from '../support/frame-probe.ts';
import { type ScreenApp, startScreenApp } from '../support/screen-app.ts';
import { expandTree, probe, readLedger, settledReceived, startPublisher } from '../support/screen-load.ts';

const RATE = 10_000;
const TOPICS = 1000;
const SECONDS = 8;

const tab = (name: string) => (page: Page) => page.getByRole('tab', { name, exact: true }).click();
const messageTab = (name: string) => (page: Page) =>
  screen.message(page).getByRole('tab', { name, exact: true }).click();

/** What is opened for each measurement, one after the other; the inspector's tabs are of a topic of the flood. */
const panes: readonly { readonly name: string; readonly open: (page: Page) => Promise<unknown> }[] = [
  { name: 'Messages', open: tab('Messages') },
  {
    name: 'Search',
    async open(page) {
      await tab('Search')(page);
      const search = page.getByRole('region', { name: 'Search', exact: true });
      await search.getByRole('textbox').first().fill('no such text');
    },
  },
  { name: 'Retained', open: tab('Retained') },
  { name: 'Broker', open: tab('Broker') },
  { name: 'Requests', open: tab('Requests') },
  { name: 'Silence', open: tab('Silence') },
  { name: 'Packets', open: tab('Packets') },
  { name: 'Sparkplug', open: tab('Sparkplug') },
  { name: 'Rules', open: tab('Rules') },
  {
    name: 'Fields of a topic',
    async open(page) {
      await tab('Messages')(page);
      await screen.tree(page).getByRole('treeitem').nth(4).click();
      await messageTab('Fields')(page);
    },
  },
  { name: 'History of a topic', open: messageTab('History') },
  {
    name: 'Timeline, live',
    async open(page) {
      await messageTab('Value')(page);
      await page.keyboard.press('Alt+t');
    },
  },
];

/** Frame gaps and loss under load with each pane open in turn, beside the same page at rest. */
export const row: BenchRow = {
  name: 'panes',
  about: 'frame gaps and loss at 10,000 msg/s with each pane open in turn, through Mosquitto',
  async run(context) {
    const broker = await startMosquitto({ listeners: ['mqtt'], maxQueuedMessages: 0, quiet: true });
    const app = await startScreenApp();
    try {
      await app.drive(async (page) => {
        await connect(page, { name: 'Bench', port: broker.ports.mqtt });
        await subscribe(page, '#');
      });
      const idleP95 = quantile((await probe(app, 6)).gaps, 0.95);
      const figures: Figure[] = [
        {
          what: 'panes: at rest, p95',
          measured: `${idleP95.toFixed(1)} ms`,
          value: idleP95,
          budget: '',
          verdict: 'info',
        },
      ];
      for (const [index, pane] of panes.entries()) {
        figures.push(...(await measure(context, { app, broker, idleP95, isFirst: index === 0 }, pane)));
      }
      return figures;
    } finally {
      await app.close();
      await broker.stop();
    }
  },
};

interface Bench {
  readonly app: ScreenApp;
  readonly broker: Mosquitto;
  readonly idleP95: number;
  readonly isFirst: boolean;
}

async function measure(
  { progress }: BenchContext,
  { app, broker, idleP95, isFirst }: Bench,
  { name, open }: (typeof panes)[number],
): Promise<readonly Figure[]> {
  progress(`panes: ${name}`);
  const before = await readLedger(app);
  const publisher = startPublisher({
    port: broker.ports.mqtt,
    rate: RATE,
    topics: TOPICS,
    seconds: SECONDS + 6,
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await app.drive(async (page) => {
    if (isFirst) {
      await expandTree(page);
    }
    await open(page);
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const cpuBefore = { ...(await app.cpu()), broker: cpuOfProcess(broker.pid) };
  const start = performance.now();
  const { gaps } = await probe(app, SECONDS - 3);
  const span = performance.now() - start;
  const cpuAfter = { ...(await app.cpu()), broker: cpuOfProcess(broker.pid) };
  const share = (part: keyof typeof cpuAfter) =>
    Math.round(((cpuAfter[part] - cpuBefore[part]) / span) * 100);
  const { sent, reached } = await publisher.ended;
  const lost = sent - (await settledReceived(app, before, sent));
  const [p95, p99] = [quantile(gaps, 0.95), quantile(gaps, 0.99)];
  const verdict = (isKept: boolean) => (isKept ? 'pass' : reached >= 97 ? 'miss' : 'unreached');
  return [
    {
      what: `panes: ${name}, p95 of gap`,
      measured: `${p95.toFixed(1)} ms, ${(p95 / idleP95).toFixed(2)} × idle`,
      value: p95 / idleP95,
      budget: '1.2 × idle',
      verdict: verdict(p95 <= 1.2 * idleP95),
      note: `p99 ${p99.toFixed(1)} ms; CPU of one core: engine ${share('engine')} %, browser ${share('browser')} %, Mosquitto ${share('broker')} %; ${reached} % of the rate reached`,
    },
    {
      what: `panes: ${name}, p99 of gap`,
      measured: `${p99.toFixed(1)} ms`,
      value: p99,
      budget: '80 ms',
      verdict: verdict(p99 <= 80),
    },
    {
      what: `panes: ${name}, loss`,
      measured: `${lost} of ${sent.toLocaleString('en')}`,
      value: lost,
      budget: '0',
      verdict: lost === 0 ? 'pass' : 'miss',
    },
  ];
}
