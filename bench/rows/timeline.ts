import { performance } from 'node:perf_hooks';
import { MessageLog } from '#main/session/log/message-log.ts';
import { kindOf, packFlags, RowKind } from '#main/session/log/shared-log.ts';
import { density, momentAt } from '#main/session/timeline/moments.ts';
import { PastTree } from '#main/session/timeline/past-tree.ts';
import { TopicTree } from '#main/session/tree/topic-tree.ts';
import { TreeView } from '#main/session/tree/tree-view.ts';
import type { BenchRow, Figure } from '../row.ts';
import { floodPayload } from '../support/flood-packets.ts';
import { median } from '../support/statistics.ts';

const MESSAGES = 1_000_000;
const TOPICS = [1000, 100_000] as const;
const COLUMNS = 400;
const WINDOW = 60;
/** Of a scan of the whole log that counts the messages of each topic. */
const MAX_RATIO = 8;
/** Milliseconds to the rows after the thumb was dragged by a hundredth of the log. */
const MAX_DRAG = 50;
/** Milliseconds of one window of the timeline. */
const MAX_COLUMNS = 5;

/** The way to the tree as it was, in one process: from the present to the beginning, and while dragging. */
export const row: BenchRow = {
  name: 'timeline',
  about:
    'tree as of a moment over one million kept messages, beside a plain scan of the log; dragging; columns',
  async run({ repeats, progress }) {
    const figures: Figure[] = [];
    for (const topics of TOPICS) {
      progress(`timeline: one million messages on ${topics} topics`);
      const { log, tree } = filled(topics);
      const runs = Array.from({ length: repeats }, () => measure(log, tree));
      const name = `timeline, ${topics.toLocaleString('en')} topics`;
      const scan = median(runs.map((run) => run.scan));
      const ratio = median(runs.map((run) => run.far / run.scan));
      const drag = median(runs.map((run) => run.drag));
      const columns = median(runs.map((run) => run.columns));
      figures.push(
        {
          what: `${name}: the tree as of the beginning`,
          measured: `${median(runs.map((run) => run.far)).toFixed(0)} ms, plain scan ${scan.toFixed(0)} ms: ${ratio.toFixed(1)}`,
          value: ratio,
          budget: `≤ ${MAX_RATIO} × a plain scan`,
          verdict: ratio <= MAX_RATIO ? 'pass' : 'miss',
        },
        {
          what: `${name}: dragged by a hundredth`,
          measured: `${drag.toFixed(1)} ms`,
          value: drag,
          budget: `≤ ${MAX_DRAG} ms`,
          verdict: drag <= MAX_DRAG ? 'pass' : 'miss',
        },
        {
          what: `${name}: ${COLUMNS} columns`,
          measured: `${columns.toFixed(2)} ms`,
          value: columns,
          budget: `≤ ${MAX_COLUMNS} ms`,
          verdict: columns <= MAX_COLUMNS ? 'pass' : 'miss',
        },
      );
    }
    return figures;
  },
};

/** A log and a tree as ingest leaves them: one message a tenth of a millisecond, on topics in no order. */
function filled(topics: number): { readonly log: MessageLog; readonly tree: TopicTree } {
  const tree = new TopicTree();
  const log = new MessageLog({
    budget: 1024 * 1024 * 1024,
    newestReceived: (topicId) => tree.lastSequence(topicId),
  });
  const flags = packFlags(RowKind.received, 0, false, false);
  const ids = Array.from({ length: topics }, (_, index) =>
    tree.intern(`plant/line${index % 10}/device${Math.floor(index / 10) % 100}/value${index}`),
  );
  const payload = Buffer.from(floodPayload(1));
  for (let index = 0; index < MESSAGES; index += 1) {
    const topicId = ids[(index * 7919) % topics] ?? 0;
    const at = 1_700_000_000_000 + index / 10;
    const replaces = tree.lastSequence(topicId);
    const sequence = log.appendReceived(topicId, payload, at, flags, replaces, undefined);
    tree.record(topicId, at, payload.length, false, sequence);
  }
  if (log.counts.evicted > 0) {
    throw new Error('messages were evicted: the figures would mean nothing');
  }
  return { log, tree };
}

interface Run {
  readonly scan: number;
  readonly far: number;
  readonly drag: number;
  readonly columns: number;
}

function measure(log: MessageLog, tree: TopicTree): Run {
  const timed = (run: () => void) => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  };
  const scan = timed(() => scanAll(log, tree.nodes));
  const from = 1_700_000_000_000;
  let past: PastTree | undefined;
  const show = (at: number) => {
    past ??= new PastTree(tree, log);
    past.seek(momentAt(log, at));
    past.advance(Number.POSITIVE_INFINITY);
    const view = new TreeView(past);
    view.update({ sort: { by: 'name', descending: false }, filter: '', frozen: false }, at);
    view.slice(0, WINDOW);
  };
  const far = timed(() => show(from + 10));
  const span = MESSAGES / 10;
  const drags = Array.from({ length: 20 }, (_, step) => timed(() => show(from + (span * (step + 1)) / 100)));
  const columns = timed(() => {
    density(log, from, from + span, COLUMNS);
  });
  return { scan, far, drag: median(drags), columns };
}

/** What is least to be done: each row looked at, its topic counted, its newest noted. */
function scanAll(log: MessageLog, nodes: number): number {
  const counts = new Float64Array(nodes + 1);
  const last = new Float64Array(nodes + 1);
  for (let sequence = log.firstSequence; sequence <= log.newestSequence; ) {
    const chunk = log.chunkAt(sequence);
    if (chunk === undefined) {
      break;
    }
    const { topicId, flags } = chunk.columns;
    for (; sequence < chunk.end; sequence += 1) {
      const place = sequence - chunk.first;
      if (kindOf(flags[place] ?? 0) === RowKind.received) {
        const topic = topicId[place] ?? 0;
        counts[topic] = (counts[topic] ?? 0) + 1;
        last[topic] = sequence;
      }
    }
  }
  return (counts[1] ?? 0) + (last[1] ?? 0);
}
