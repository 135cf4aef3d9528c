import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startMosquitto } from '../../e2e/support/mosquitto.ts';
import { connect, screen, subscribe } from '../../e2e/support/screen.ts';
import type { BenchRow } from '../row.ts';
import { type ProbeResult, quantile, startProbe, stopProbe } from '../support/frame-probe.ts';
import { startScreenApp } from '../support/screen-app.ts';

const TOPICS = 1_000_000;
/** Wheel events, 60 ms apart. */
const TURNS = 150;

/** A tree of a million topics under the wheel. */
export const row: BenchRow = {
  name: 'scroll',
  about: 'one million topics in one expanded node: frame gaps while the tree scrolls',
  async run({ progress }) {
    const broker = await startMosquitto({ listeners: ['mqtt'], maxQueuedMessages: 0, quiet: true });
    const app = await startScreenApp();
    try {
      await app.drive(async (page) => {
        await connect(page, { name: 'Bench', port: broker.ports.mqtt });
        await subscribe(page, '#');
      });
      progress('scroll: one million topics');
      const plan = {
        port: broker.ports.mqtt,
        rate: 25_000,
        topics: TOPICS,
        seconds: TOPICS / 25_000 + 1,
        prefix: 'wide/node',
      };
      const publisher = spawn(
        process.execPath,
        [fileURLToPath(new URL('../support/paced-publisher.ts', import.meta.url)), JSON.stringify(plan)],
        { stdio: 'ignore' },
      );
      await once(publisher, 'close');
      await new Promise((resolve) => setTimeout(resolve, 4000));
      let box = { x: 0, y: 0 };
      await app.drive(async (page) => {
        await screen.topic(page, 'wide').click();
        await page.keyboard.press('ArrowRight');
        await screen.topic(page, 'node0').waitFor();
        const bounds = await screen.tree(page).boundingBox();
        box = { x: (bounds?.x ?? 0) + 60, y: (bounds?.y ?? 0) + 200 };
      });
      await app.line.evaluate(startProbe);
      for (let turn = 0; turn < TURNS; turn++) {
        const deltaY = turn % 10 === 0 ? 20_000 : 600;
        await app.line.send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...box, deltaX: 0, deltaY });
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      const { gaps } = await app.line.evaluate<ProbeResult>(stopProbe);
      const p99 = quantile(gaps, 0.99);
      return [
        {
          what: 'scroll: one million topics, p99 of gap',
          measured: `${p99.toFixed(1)} ms`,
          value: p99,
          budget: '80 ms',
          verdict: p99 <= 80 ? 'pass' : 'miss',
          note: `p95 ${quantile(gaps, 0.95).toFixed(1)} ms, ${gaps.length} frames`,
        },
      ];
    } finally {
      await app.close();
      await broker.stop();
    }
  },
};
