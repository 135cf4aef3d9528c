import { fail } from '#app/contract/failure.ts';
import type { RetainedRow, RetainedWindow } from '#app/contract/feeds/retained.ts';
import type { retainedOperations } from '#app/contract/operations/retained.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { ruledPreview } from '#app/payload/ruled-preview.ts';
import { cutTopic } from '../feeds/message-rows.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { TimeSlices } from '../feeds/time-slices.ts';
import type { PublishGuard } from '../publish-guard.ts';
import type { TopicRules } from '../rules/topic-rules.ts';
import type { StagedPayloads } from '../staged-payloads.ts';
import type { Retained } from './retained.ts';
import type { RetainedEntry } from './retained-list.ts';
import { type RetainedParams, RetainedView } from './retained-view.ts';

/** Views by the names that their clients gave them. */
export type RetainedViews = Map<string, RetainedView>;

export interface RetainedFeedDependencies {
  readonly retained: Retained;
  readonly views: RetainedViews;
  /** By which values are shown. */
  readonly rules: Pick<TopicRules, 'revision' | 'codecFor'>;
  readonly pacer: Pacer;
  readonly slices: TimeSlices;
}

/** The feed `retained`: each client has a view of its own on the one list of the session. */
export function createRetainedFeed({
  retained,
  views,
  rules,
  pacer,
  slices,
}: RetainedFeedDependencies): FeedSource<RetainedParams, RetainedWindow> {
  return (initial, push) => {
    const view = new RetainedView(slices, () => pacer.markDirty());
    const name = initial.view;
    views.set(name, view);
    let shown = '';
    return pacedFeed<RetainedParams, RetainedWindow>(pacer, initial, push, {
      build(params, moved) {
        view.follow(retained.list, params);
        view.tidy();
        const { rows, selected } = view;
        const offset = Math.min(params.offset, Math.max(0, rows.length - 1));
        const page = rows.slice(offset, offset + params.count);
        const state = {
          ...optional('list', retained.listState),
          ...optional('job', retained.job),
          ...optional('undo', retained.undo),
          ...optional('filterProblem', view.problem),
          offset,
          total: rows.length,
          arranging: view.isArranging,
          selected: { messages: selected.size, bytes: bytesOf(selected) },
        };
        const key = JSON.stringify([
          state,
          rules.revision,
          page.map((entry) => [entry.id, entry.isGone, selected.has(entry)]),
        ]);
        if (!moved && key === shown) {
          return undefined;
        }
        shown = key;
        return { ...state, rows: page.map((entry) => rowOf(entry, selected.has(entry), rules)) };
      },
      dispose() {
        view.dispose();
        // A window that lost its line may have opened its view anew before the old one is gone.
        if (views.get(name) === view) {
          views.delete(name);
        }
      },
    });
  };
}

/** The operations on retained messages, for one client. */
export function createRetainedHandlers(
  { retained, views, pacer }: Omit<RetainedFeedDependencies, 'slices' | 'rules'>,
  guard: PublishGuard,
  staged: StagedPayloads,
): OperationHandlers<typeof retainedOperations> {
  const viewOf = (name: string) => {
    const view = views.get(name);
    if (view === undefined) {
      throw fail('retained.view', 'This list is not shown any more.', 'Open it again.');
    }
    return view;
  };
  return {
    'retained.load': ({ filter }) => retained.load(filter),
    'retained.cancel': () => retained.cancel(),
    'retained.select': async (input) => {
      const view = viewOf(input.view);
      if (input.rows === 'all') {
        await view.settle();
      }
      const selected = view.select(input);
      pacer.markDirty();
      return { selected };
    },
    'retained.plan': ({ view }) => retained.planClear([...viewOf(view).selected]),
    'retained.clear': ({ planId, perSecond, confirmation }) => {
      guard.check(confirmation);
      retained.change('clear', planId, perSecond);
    },
    'retained.undo': ({ perSecond, confirmation }) => {
      guard.check(confirmation);
      retained.undoNewest(perSecond);
    },
    'retained.snapshot': async ({ view }) => {
      const shown = viewOf(view);
      await shown.settle();
      const { selected, rows } = shown;
      return { jobId: retained.takeSnapshot(selected.size > 0 ? [...selected] : rows) };
    },
    'retained.readSnapshot': ({ snapshotId, offset, length }) =>
      retained.readSnapshot(snapshotId, offset, length),
    'retained.openSnapshot': async ({ stagedId }) => {
      try {
        return await retained.planRestore(staged.whole(stagedId));
      } finally {
        staged.discard(stagedId);
      }
    },
    'retained.restore': ({ planId, perSecond, confirmation }) => {
      guard.check(confirmation);
      retained.change('restore', planId, perSecond);
    },
  };
}

function rowOf(
  entry: RetainedEntry,
  selected: boolean,
  rules: RetainedFeedDependencies['rules'],
): RetainedRow {
  const { id, topic, size, head, since, isExact, expiresAt } = entry;
  return {
    entry: id,
    topic: cutTopic(topic),
    size,
    preview: ruledPreview(head, size, rules.codecFor(topic)),
    since,
    isExact,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    selected,
  };
}

function bytesOf(entries: ReadonlySet<RetainedEntry>): number {
  let bytes = 0;
  for (const { size } of entries) {
    bytes += size;
  }
  return bytes;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
