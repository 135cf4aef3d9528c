import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { screen } from '../../e2e/support/screen.ts';
import { type ProbeResult, startProbe, stopProbe } from './frame-probe.ts';
import type { ScreenApp } from './screen-app.ts';

/** What a publisher in a process of its own sends: messages a second over so many topics, for so many seconds. */
export interface PublishPlan {
  readonly port: number;
  readonly rate: number;
  readonly topics: number;
  readonly seconds: number;
}

/** Begins to publish; `ended` says how many messages went out, and how much of the rate was reached, in percent. */
export function startPublisher(plan: PublishPlan): {
  readonly pid: number;
  readonly ended: Promise<{ readonly sent: number; readonly reached: number }>;
} {
  const publisher = spawn(
    process.execPath,
    [fileURLToPath(new URL('./paced-publisher.ts', import.meta.url)), JSON.stringify(plan)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  publisher.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = once(publisher, 'close').then(
    () => JSON.parse(output) as { readonly sent: number; readonly reached: number },
  );
  return { pid: publisher.pid ?? 0, ended };
}

/** Frame gaps and ages on screen for so many seconds. */
export async function probe(app: ScreenApp, seconds: number): Promise<ProbeResult> {
  await app.line.evaluate(startProbe);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return app.line.evaluate<ProbeResult>(stopProbe);
}

/** Opens all levels of the tree that the publisher makes. */
export async function expandTree(page: Page): Promise<void> {
  await screen.topic(page, 'plant').click();
  await page.keyboard.press('Shift+ArrowRight');
}

/** Received messages as the ledger on screen says. */
export function readLedger(app: ScreenApp): Promise<number> {
  return app.line.evaluate<number>(`(() => {
    const text = document.querySelector('[role=status][aria-label=Ledger]')?.textContent.replace(/[,\\u202f\\u00a0]/g, '') ?? '';
    return Number(/(\\d+)\\s*received|received\\s*(\\d+)/i.exec(text)?.slice(1).find((found) => found !== undefined) ?? 0);
  })()`);
}

/** Waits until all that was sent is there, or nothing more comes for three seconds. */
export async function settledReceived(app: ScreenApp, before: number, sent: number): Promise<number> {
  let last = -1;
  for (let quiet = 0; quiet < 6; ) {
    const received = (await readLedger(app)) - before;
    if (received === sent) {
      return received;
    }
    quiet = received === last ? quiet + 1 : 0;
    last = received;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return last;
}
