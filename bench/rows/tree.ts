import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Disposable } from '#app/base/disposable.ts';
import { TreeExpansion } from '#main/session/tree/expansion.ts';
import { TopicTree } from '#main/session/tree/topic-tree.ts';
import { TreeView, type ViewParams } from '#main/session/tree/tree-view.ts';
import type { BenchContext, BenchRow, Figure } from '../row.ts';
import { median, percent, percentile, perSecond } from '../support/statistics.ts';

const SIBLINGS = 100_000;
const TOPICS = 1_000_000;
const WINDOW = 60;
/** Milliseconds of load for the rows that follow the traffic. */
const LOAD = 4000;

const byName: ViewParams = { sort: { by: 'name', descending: false }, filter: '', frozen: false };

/** The tree alone, in this process: what it holds, and how long its answers take before anything is sent. */
export const row: BenchRow = {
  name: 'tree',
  about:
    'topic tree in this process: bytes a topic, windows, a node with 100,000 children, sorting under load',
  async run(context) {
    return [
      bytesPerTopic(context),
      ...answers(context),
      underLoad(context, 'recent, known topics', { by: 'recent', descending: true }, SIBLINGS),
      underLoad(context, 'rate, known topics', { by: 'rate', descending: true }, SIBLINGS),
      underLoad(context, 'name, new topics', { by: 'name', descending: false }, Number.POSITIVE_INFINITY),
    ];
  },
};

/** Five levels, about one node a topic. */
function fiveLevels(index: number): string {
  const at = (divisor: number, count: number) => Math.floor(index / divisor) % count;
  return `plant/area${at(1, 10)}/line${at(10, 100)}/device${at(1000, 100)}/value${at(100_000, 1000)}`;
}

/** 100,000 children below one node, coming in no order. */
function wide(index: number): string {
  return `wide/device${(index * 7919) % 1_000_003}`;
}

class Traffic {
  readonly tree = new TopicTree();
  readonly expansion = new TreeExpansion(this.tree);
  #sequence = 0;

  record(topic: string, now = Date.now()): void {
    this.#sequence += 1;
    this.tree.record(this.tree.intern(topic), now, 150, false, this.#sequence);
  }

  /** A view that follows what is opened until it is disposed. */
  view(): TreeView & Disposable {
    const view = new TreeView(this.tree);
    return Object.assign(view, view.follow(this.expansion));
  }
}

function bytesPerTopic({ progress }: BenchContext): Figure {
  progress('tree: one million topics');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const traffic = new Traffic();
  collect();
  const before = process.memoryUsage();
  let names = 0;
  const begin = performance.now();
  for (let index = 0; index < TOPICS; index += 1) {
    // As it comes from a socket: a string of its own.
    const topic = Buffer.from(fiveLevels(index)).toString();
    names += topic.length;
    traffic.record(topic);
  }
  const took = performance.now() - begin;
  collect();
  const after = process.memoryUsage();
  const used = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
  const value = (used - names) / traffic.tree.topics;
  return {
    what: 'tree: bytes a topic beside its name',
    measured: `${value.toFixed(0)} bytes`,
    value,
    budget: '≤ 250 of the 400 for all',
    verdict: value <= 250 ? 'pass' : 'miss',
    note: `${traffic.tree.nodes.toLocaleString('en')} nodes, built at ${perSecond((TOPICS / took) * 1000)}`,
  };
}

function answers({ repeats, progress }: BenchContext): Figure[] {
  progress('tree: 100,000 children and 100,000 topics of five levels');
  const traffic = new Traffic();
  for (let index = 0; index < SIBLINGS; index += 1) {
    traffic.record(wide(index));
    traffic.record(fiveLevels(index));
  }
  const { tree, expansion } = traffic;
  const node = tree.find('wide') ?? 0;
  const times = new Map<string, number[]>();
  const measure = (what: string, run: () => void) => {
    const begin = performance.now();
    run();
    times.set(what, [...(times.get(what) ?? []), performance.now() - begin]);
  };
  const look = (view: TreeView, params: ViewParams, offset = 0) => {
    view.update(params, Date.now());
    view.slice(offset, WINDOW);
  };
  for (let repeat = 0; repeat < repeats * 5; repeat += 1) {
    expansion.set(0, false, true);
    // A view of its own each time: nothing is in order yet.
    const view = traffic.view();
    look(view, byName);
    measure('expand 100,000 children', () => {
      expansion.set(node, true);
      look(view, byName);
    });
    for (let step = 0; step < 40; step += 1) {
      measure('window of 60 rows, scrolled', () => look(view, byName, (step * 6151) % SIBLINGS));
    }
    measure('sort 100,000 children by rate', () =>
      look(view, { ...byName, sort: { by: 'rate', descending: true } }),
    );
    measure('filter 200,000 topics by text', () => look(view, { ...byName, filter: `vice${repeat}` }));
    measure('filter 200,000 topics by text with a slash', () =>
      look(view, { ...byName, filter: `de/device${repeat}` }),
    );
    measure('filter 200,000 topics by +/+/line7/#', () => look(view, { ...byName, filter: '+/+/line7/#' }));
    look(view, byName);
    measure('expand all of 200,000 topics', () => {
      expansion.set(0, true, true);
      look(view, byName);
    });
    view.dispose();
  }
  return [...times].map(([what, all]) => {
    const limit = what.startsWith('window') ? 2 : 100;
    const value = percentile(all, 95);
    return {
      what: `tree: ${what}`,
      measured: `p95 ${value.toFixed(1)} ms, median ${median(all).toFixed(1)} ms`,
      value,
      budget: `p95 ≤ ${limit} ms`,
      verdict: value <= limit ? ('pass' as const) : ('miss' as const),
    };
  });
}

/** Records as fast as it goes while a view is built at the pace of the feeds; what does the view take away? */
function underLoad(
  { progress }: BenchContext,
  name: string,
  sort: ViewParams['sort'],
  topics: number,
): Figure {
  progress(`tree: sorted by ${name}`);
  const traffic = new Traffic();
  for (let index = 0; index < SIBLINGS; index += 1) {
    traffic.record(wide(index));
  }
  const known = Array.from({ length: SIBLINGS }, (_, index) => wide(index));
  const view = traffic.view();
  traffic.expansion.set(traffic.tree.find('wide') ?? 0, true);
  view.update({ ...byName, sort }, Date.now());
  view.slice(0, WINDOW);
  const ticks: number[] = [];
  const begin = performance.now();
  let next = begin;
  let messages = 0;
  // New topics come at a steady 10,000/s: at full speed they would be a million children after a few seconds.
  const isPaced = topics === Number.POSITIVE_INFINITY;
  for (let now = begin; now < begin + LOAD; now = performance.now()) {
    const wanted = isPaced ? (now - begin) * 10 - messages : 500;
    for (let index = 0; index < wanted; index += 1) {
      traffic.record(isPaced ? `wide/new${messages}` : (known[(messages * 7919) % SIBLINGS] ?? ''));
      messages += 1;
    }
    if (now >= next) {
      const start = performance.now();
      view.update({ ...byName, sort }, Date.now());
      view.slice(0, WINDOW);
      const took = performance.now() - start;
      ticks.push(took);
      next = performance.now() + Math.min(100, Math.max(50, took * 4));
    }
  }
  const value = ticks.reduce((sum, tick) => sum + tick, 0) / (performance.now() - begin);
  return {
    what: `tree: 100,000 siblings sorted by ${name}`,
    measured: `${percent(value)} of the time, longest ${Math.max(...ticks).toFixed(1)} ms`,
    value,
    budget: '≤ 10 % of the time',
    verdict: value <= 0.1 ? 'pass' : 'miss',
    note: `beside ${perSecond(messages / ((performance.now() - begin) / 1000))}`,
  };
}
