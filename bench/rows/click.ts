import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startMosquitto } from '../../e2e/support/mosquitto.ts';
import { mosquittoPub } from '../../e2e/support/mosquitto-clients.ts';
import { connect, screen, subscribe } from '../../e2e/support/screen.ts';
import type { BenchRow, Figure } from '../row.ts';
import { quantile } from '../support/frame-probe.ts';
import { type ScreenApp, startScreenApp } from '../support/screen-app.ts';

const CHILDREN = 100_000;
const ROUNDS = 15;

/** In the page: does the act, then waits frame by frame for the painted answer; resolves with milliseconds. */
const inPage = (act: string, isAnswered: string) => `new Promise((resolve, reject) => {
  const start = performance.now();
  const tree = document.querySelector('[role=tree][aria-label=Topics]');
  const item = (text) => [...tree.querySelectorAll('[role=treeitem]')].find((row) => (row.getAttribute('aria-label') ?? row.textContent).startsWith(text));
  const type = (input, text) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const press = (key, target) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const click = (target) => {
    for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
      target.dispatchEvent(new MouseEvent(name, { bubbles: true, button: 0 }));
    }
  };
  ${act};
  const look = () => {
    if (${isAnswered}) requestAnimationFrame(() => resolve(performance.now() - start));
    else if (performance.now() - start > 20000) reject(new Error('no answer within 20 s'));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})`;

const filterInput = `document.querySelector('input[aria-label^="Filter topics"], input[placeholder^="Filter"]')`;

/** What a person does to a large tree while 10,000 messages a second come in. */
const acts = [
  {
    name: 'expand a node with 100,000 children',
    act: `click(item('wide')); press('ArrowRight', tree)`,
    isAnswered: `item('node0') !== undefined || item('node1') !== undefined`,
    undo: inPage(`press('ArrowLeft', tree)`, `item('node0') === undefined && item('node1') === undefined`),
  },
  {
    name: 'select a topic',
    act: `click(item('probe'))`,
    isAnswered: `document.querySelector('[role=region][aria-label=Message], section[aria-label=Message]').textContent.includes('probe')`,
    undo: inPage(
      `click(item('wide'))`,
      `!document.querySelector('[role=region][aria-label=Message], section[aria-label=Message]').textContent.includes('probe')`,
    ),
  },
  {
    name: 'filter the tree',
    act: `type(${filterInput}, 'node4711')`,
    isAnswered: `item('node4711') !== undefined && item('probe') === undefined`,
    undo: inPage(`type(${filterInput}, '')`, `item('probe') !== undefined`),
  },
] as const;

/** From the act to the painted answer, under load. */
export const row: BenchRow = {
  name: 'click',
  about: 'expand 100,000 children, select a topic, filter the tree, under 10,000 messages a second',
  async run(context) {
    const broker = await startMosquitto({
      listeners: ['mqtt'],
      maxQueuedMessages: 0,
      quiet: true,
    });
    const app = await startScreenApp();
    const publish = (plan: object) =>
      spawn(
        process.execPath,
        [
          fileURLToPath(new URL('../support/paced-publisher.ts', import.meta.url)),
          JSON.stringify({ port: broker.ports.mqtt, ...plan }),
        ],
        { stdio: 'ignore' },
      );
    try {
      await app.drive(async (page) => {
        await connect(page, { name: 'Bench', port: broker.ports.mqtt });
        await subscribe(page, '#');
      });
      context.progress(`click: ${CHILDREN} children`);
      publish({ rate: 20_000, topics: CHILDREN, seconds: CHILDREN / 20_000 + 0.5, prefix: 'wide/node' });
      await mosquittoPub({ port: broker.ports.mqtt, topic: 'probe', payload: 'here' });
      await new Promise((resolve) => setTimeout(resolve, 8000));
      const load = publish({ rate: 10_000, topics: 10_000, seconds: 180 });
      await app.drive(async (page) => {
        await screen.topic(page, 'probe').waitFor();
      });
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const figures: Figure[] = [];
      for (const act of acts) {
        figures.push(await measure(app, act));
      }
      load.kill();
      return figures;
    } finally {
      await app.close();
      await broker.stop();
    }
  },
};

async function measure(
  app: ScreenApp,
  { name, act, isAnswered, undo }: (typeof acts)[number],
): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await app.line.evaluate<number>(inPage(act, isAnswered)));
    await app.line.evaluate<number>(undo);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const p95 = quantile(times, 0.95);
  return {
    what: `click: ${name}, p95`,
    measured: `${Math.round(p95)} ms`,
    value: p95,
    budget: '100 ms',
    verdict: p95 <= 100 ? 'pass' : 'miss',
    note: `${ROUNDS} times, median ${Math.round(quantile(times, 0.5))} ms`,
  };
}
