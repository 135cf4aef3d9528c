import { connect as connectMqtt } from 'mqtt';
import { startMosquitto } from '../../e2e/support/mosquitto.ts';
import { connect, screen, subscribe } from '../../e2e/support/screen.ts';
import type { BenchRow, Figure, Verdict } from '../row.ts';
import { type ScreenApp, startScreenApp } from '../support/screen-app.ts';
import { median } from '../support/statistics.ts';

const MEGABYTE = 1_000_000;
/** Milliseconds from the click to the first screen. */
const SHOWN_BUDGET = 1000;
/** Milliseconds between two frames: once, and all the others. */
const ONE_GAP_BUDGET = 250;
const GAP_BUDGET = 80;
/** Milliseconds that are watched after the first screen: the rest of the text comes then. */
const WATCHED = 5000;

/** What is opened, and how the page knows that its first screen is there. */
const payloads = [
  {
    name: '5 MB JSON',
    topic: 'json',
    make: makeJson,
    isShown: `[...pane.querySelectorAll('.view-line')].some((line) => line.textContent.includes('unit-' + round))`,
  },
  {
    name: '20 MB binary',
    topic: 'binary',
    make: makeBinary,
    isShown: `pane.querySelector('[role=gridcell]') !== null && pane.querySelector('.view-line') === null`,
  },
] as const;

/** Opens a large payload; the editor was loaded by a small one before. */
export const row: BenchRow = {
  name: 'large-payload',
  about: 'open a 5 MB JSON and a 20 MB binary, editor already loaded: first screen and frame gaps',
  async run(context) {
    const broker = await startMosquitto({
      listeners: ['mqtt'],
      maxQueuedMessages: 0,
      extra: ['log_type error'],
    });
    const app = await startScreenApp();
    try {
      await app.drive(async (page) => {
        await connect(page, { name: 'Bench', port: broker.ports.mqtt });
        await subscribe(page, '#');
        await publish(broker.ports.mqtt, 'small', Buffer.from('{"small": true}'));
        await screen.topic(page, 'small').click();
        await page.locator('.view-line').first().waitFor();
      });
      const figures: Figure[] = [];
      for (const payload of payloads) {
        const rounds: Opened[] = [];
        for (let round = 0; round < context.repeats; round++) {
          context.progress(`large-payload: ${payload.name}, round ${round + 1}`);
          await publish(broker.ports.mqtt, `${payload.topic}-${round}`, payload.make(round));
          rounds.push(await open(app, payload, round));
        }
        figures.push(...figuresOf(payload.name, rounds));
      }
      return figures;
    } finally {
      await app.close();
      await broker.stop();
    }
  },
};

interface Opened {
  /** Milliseconds from the click to the painted first screen. */
  readonly shown: number;
  /** Milliseconds, the longest first. */
  readonly gaps: readonly number[];
}

async function open(
  app: ScreenApp,
  { topic, isShown }: (typeof payloads)[number],
  round: number,
): Promise<Opened> {
  await app.line.evaluate(inPage(`item('small')`, `pane.textContent.includes('small')`, round, 0));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return app.line.evaluate<Opened>(inPage(`item('${topic}-${round}')`, isShown, round, WATCHED));
}

/** In the page: clicks a row of the tree, waits for its painted answer, and watches the frames all the while. */
function inPage(target: string, isShown: string, round: number, watched: number): string {
  return `new Promise((resolve, reject) => {
    const round = ${round};
    const pane = document.querySelector('[role=region][aria-label=Message], section[aria-label=Message]');
    const item = (text) => [...document.querySelectorAll('[role=tree][aria-label=Topics] [role=treeitem]')]
      .find((row) => (row.getAttribute('aria-label') ?? row.textContent).startsWith(text));
    const gaps = [];
    let start;
    let shown;
    let last;
    const frame = (now) => {
      const element = ${target};
      if (start === undefined && element !== undefined) {
        start = performance.now();
        for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
          element.dispatchEvent(new MouseEvent(name, { bubbles: true, button: 0 }));
        }
      } else if (start !== undefined) {
        gaps.push(now - last);
        if (shown === undefined && (${isShown})) shown = now - start;
      }
      last = now;
      if (shown !== undefined && now - start > shown + ${watched}) {
        resolve({ shown, gaps: gaps.sort((a, b) => b - a).slice(0, 20) });
      } else if (start !== undefined && now - start > 30000) {
        reject(new Error('no first screen within 30 s'));
      } else {
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);
  })`;
}

function figuresOf(name: string, rounds: readonly Opened[]): readonly Figure[] {
  const shown = median(rounds.map((round) => round.shown));
  const worst = median(rounds.map(({ gaps }) => gaps[0] ?? 0));
  const second = median(rounds.map(({ gaps }) => gaps[1] ?? 0));
  return [
    {
      what: `large payload: ${name}, first screen`,
      measured: `${Math.round(shown)} ms`,
      value: shown,
      budget: `${SHOWN_BUDGET} ms`,
      verdict: verdict(shown <= SHOWN_BUDGET),
    },
    {
      what: `large payload: ${name}, longest frame gap`,
      measured: `${Math.round(worst)} ms`,
      value: worst,
      budget: `${ONE_GAP_BUDGET} ms`,
      verdict: verdict(worst <= ONE_GAP_BUDGET),
    },
    {
      what: `large payload: ${name}, second longest frame gap`,
      measured: `${Math.round(second)} ms`,
      value: second,
      budget: `${GAP_BUDGET} ms`,
      verdict: verdict(second < GAP_BUDGET),
      note: `the next: ${(rounds[0]?.gaps.slice(2, 6) ?? []).map(Math.round).join(', ')} ms`,
    },
  ];
}

function verdict(isKept: boolean): Verdict {
  return isKept ? 'pass' : 'miss';
}

/** Compact JSON of 5 MB: objects with strings, numbers, arrays, as a device list has them. */
function makeJson(round: number): Buffer {
  const rows: string[] = [];
  for (let size = 0, id = 0; size < 5 * MEGABYTE; id++) {
    const text = JSON.stringify({
      id,
      name: `unit-${round}`,
      value: Math.sin(id),
      tags: ['a', 'b', id % 7],
      nested: { ok: true, none: undefined, at: 1_700_000_000_000 + id },
    });
    rows.push(text);
    size += text.length + 1;
  }
  return Buffer.from(`[${rows.join(',')}]`);
}

function makeBinary(round: number): Buffer {
  const bytes = Buffer.alloc(20 * MEGABYTE);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (at * 7919 + round) & 0xff;
  }
  return bytes;
}

/** Over TCP: Mosquitto's WebSocket listener never delivers packets of 1 MB or more. */
async function publish(port: number, topic: string, payload: Buffer): Promise<void> {
  const client = connectMqtt({ host: '127.0.0.1', port, protocolVersion: 5 });
  await new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('error', reject);
  });
  await client.publishAsync(topic, payload, { qos: 1 });
  await client.endAsync();
}
