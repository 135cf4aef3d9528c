import type { Disposable } from '#app/base/disposable.ts';
import type { ParsedParamsOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { sessionFeeds, TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import type { sessionOperations } from '#app/contract/operations/session.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import type { TopicLooks } from '../rules/topic-looks.ts';
import { completeTopics } from '../tree/complete-topics.ts';
import type { TreeExpansion } from '../tree/expansion.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { type PlacedRow, TreeView } from '../tree/tree-view.ts';
import { labelOf, type ShownValue } from './message-rows.ts';
import { pacedFeed } from './paced-feed.ts';
import type { Pacer } from './pacer.ts';

/** UTF-16 units of a segment that a row carries. */
const MAX_SEGMENT = 256;
/** Milliseconds after which rates are shown anew although nothing came. */
const RATE_REFRESH = 1000;

export interface TreeFeedDeps {
  readonly tree: TopicTree;
  readonly expansion: TreeExpansion;
  readonly pacer: Pacer;
  /** What to show of a message on a topic; undefined when it is not kept any more. */
  preview(sequence: number, topicId: number): ShownValue | undefined;
  readonly looks: Pick<TopicLooks, 'version' | 'colorOf' | 'ruleOf' | 'isMuted'>;
  /** The open views that have a name. */
  readonly views: TreeViews;
  /** Milliseconds since the epoch, the same clock as `receivedAt`. */
  now(): number;
}

/** Views of the tree by the names that their clients gave them, for operations on what they show. */
export type TreeViews = Map<string, () => TreeView>;

type TreeParams = ParsedParamsOf<(typeof sessionFeeds)['tree']>;

/** The feed `tree`: each client has a view of its own; what is open is shared. */
export function createTreeFeed(deps: TreeFeedDeps): FeedSource<TreeParams, TreeWindow> {
  return (initial, push) => {
    const builder = new TreeWindowBuilder(deps);
    const feed = pacedFeed(deps.pacer, initial, push, builder);
    let params = initial;
    const current = () => builder.current(params);
    const name = initial.view;
    if (name !== undefined) {
      deps.views.set(name, current);
    }
    // A click is answered at once, not at the next tick.
    const following = deps.expansion.onDidSettle(() => feed.update(params));
    return {
      update(next) {
        params = next;
        feed.update(next);
      },
      pull: () => feed.pull(),
      dispose() {
        // A window that lost its line may have opened its view anew before the old one is gone.
        if (name !== undefined && deps.views.get(name) === current) {
          deps.views.delete(name);
        }
        following.dispose();
        feed.dispose();
      },
    };
  };
}

type TreeOperation =
  | 'tree.expand'
  | 'tree.expandSiblings'
  | 'tree.find'
  | 'tree.reveal'
  | 'tree.path'
  | 'topics.complete';

/** The operations on the tree. */
export function createTreeHandlers({
  tree,
  expansion,
  views,
}: Pick<TreeFeedDeps, 'tree' | 'expansion' | 'views'>): Pick<
  OperationHandlers<typeof sessionOperations>,
  TreeOperation
> {
  const check = (nodeId: number) => {
    if (nodeId !== 0 && !tree.has(nodeId)) {
      throw fail(
        'tree.unknown',
        'This topic is not in the tree.',
        'The session was started anew: reload the window.',
      );
    }
  };
  const viewOf = (name: string): TreeView => {
    const current = views.get(name);
    if (current === undefined) {
      throw fail('tree.view', 'This tree is not shown any more.', 'Try again once it is.');
    }
    return current();
  };
  return {
    'tree.expandSiblings': ({ view, nodeId }) => {
      check(nodeId);
      expansion.openAll(viewOf(view).closedSiblings(nodeId));
    },
    'tree.find': ({ view, nodeId, text, isNext }) => {
      check(nodeId);
      const found = viewOf(view).find(text, { node: nodeId, isNext });
      return found === undefined ? {} : { nodeId: found };
    },
    'tree.expand': ({ nodeId, expanded, recursive }) => {
      check(nodeId);
      expansion.set(nodeId, expanded, recursive);
    },
    'tree.reveal': ({ topic }) => {
      const nodeId = tree.find(topic);
      if (nodeId === undefined || !tree.isAttached(nodeId)) {
        throw fail(
          'tree.unknown',
          'No message has come on this topic yet.',
          'It shows in the tree with its first message.',
        );
      }
      expansion.reveal(nodeId);
      return { nodeId };
    },
    'tree.path': ({ nodeId }) => {
      check(nodeId);
      return { path: tree.topicOf(nodeId) };
    },
    'topics.complete': ({ prefix, limit }) => ({ topics: completeTopics(tree, prefix, limit) }),
  };
}

class TreeWindowBuilder {
  readonly #deps: TreeFeedDeps;
  readonly #view: TreeView;
  readonly #following: Disposable;
  #last: TreeWindow | undefined;
  #looksVersion = -1;
  #refresh: NodeJS.Timeout | undefined;

  constructor(deps: TreeFeedDeps) {
    this.#deps = deps;
    this.#view = new TreeView(deps.tree);
    this.#following = this.#view.follow(deps.expansion);
  }

  /** The view as it is now. */
  current(params: TreeParams): TreeView {
    this.#view.update(params, this.#deps.now());
    return this.#view;
  }

  build(params: TreeParams, moved: boolean): TreeWindow | undefined {
    const { pacer, now } = this.#deps;
    const view = this.#view;
    const time = now();
    view.update(params, time);
    const offset = this.#offset(params);
    const { version } = this.#deps.looks;
    if (version !== this.#looksVersion) {
      this.#looksVersion = version;
      this.#last = undefined;
    }
    const before = new Map(this.#last?.rows.map((row) => [row.nodeId, row]));
    const rows = view.slice(offset, params.count).map((placed) => this.#row(placed, time, before));
    if (view.isBehind) {
      pacer.markDirty();
    }
    this.#refreshRates(rows);
    const { matched, filterProblem } = view;
    const window: TreeWindow = {
      offset,
      total: view.total,
      rows,
      ...(matched === undefined ? {} : { matched }),
      ...(filterProblem === undefined ? {} : { filterProblem }),
    };
    if (!moved && this.#last !== undefined && areEqualWindows(this.#last, window)) {
      return undefined;
    }
    this.#last = window;
    return window;
  }

  dispose(): void {
    clearTimeout(this.#refresh);
    this.#following.dispose();
  }

  #offset({ offset, anchor }: TreeParams): number {
    const row = anchor === undefined ? undefined : this.#view.rowOf(anchor.nodeId);
    return anchor === undefined || row === undefined ? offset : Math.max(0, row - anchor.rowsBefore);
  }

  #row(placed: PlacedRow, now: number, before: ReadonlyMap<number, TreeRow>): TreeRow {
    const { tree, looks } = this.#deps;
    const { node, level, position, siblings } = placed;
    const segment = tree.segments.text(tree.columns.segment[node]!);
    const isTopic = tree.isTopic(node);
    const lastSequence = isTopic ? tree.lastSequence(node) : 0;
    const color = isTopic ? looks.colorOf(node) : undefined;
    const children = this.#view.children(node);
    return {
      nodeId: node,
      parentId: tree.columns.parent[node]!,
      level,
      segment: cut(segment),
      segmentLength: segment.length,
      ...(isTopic ? { topicId: node } : {}),
      expanded: children > 0 && this.#view.isOpen(node),
      children,
      position,
      siblings,
      ...this.#value(node, lastSequence, before.get(node)),
      ...(isTopic ? labelOf(looks.ruleOf?.(node)) : {}),
      messages: tree.messages(node),
      topics: tree.topicsBelow(node),
      rate: Math.round(tree.rate(node, now) * 100) / 100,
      lastAt: tree.lastAt(node),
      retained: tree.isRetained(node),
      ...(lastSequence === 0 ? {} : { lastSequence }),
      ...(color === undefined ? {} : { color }),
      ...(isTopic && looks.isMuted(node) ? { muted: true } : {}),
    };
  }

  #value(node: number, sequence: number, known: TreeRow | undefined): ShownValue {
    if (sequence === 0) {
      return { preview: '' };
    }
    // It stays the same as long as the message does.
    if (known?.lastSequence === sequence) {
      return { preview: known.preview, ...(known.unit === undefined ? {} : { unit: known.unit }) };
    }
    return this.#deps.preview(sequence, node) ?? { preview: '' };
  }

  /** Rates fall while nothing comes: as long as one is shown, it is shown anew every second. */
  #refreshRates(rows: readonly TreeRow[]): void {
    if (this.#refresh === undefined && rows.some((row) => row.rate > 0)) {
      this.#refresh = setTimeout(() => {
        this.#refresh = undefined;
        this.#deps.pacer.markDirty();
      }, RATE_REFRESH).unref();
    }
  }
}

/** At most as many units as a row carries, without half a surrogate pair at the end. */
function cut(segment: string): string {
  if (segment.length <= MAX_SEGMENT) {
    return segment;
  }
  const last = segment.charCodeAt(MAX_SEGMENT - 1);
  const isSplit = last >= 0xd800 && last <= 0xdbff;
  return segment.slice(0, isSplit ? MAX_SEGMENT - 1 : MAX_SEGMENT);
}

function areEqualWindows(a: TreeWindow, b: TreeWindow): boolean {
  return (
    a.offset === b.offset &&
    a.total === b.total &&
    a.matched === b.matched &&
    a.filterProblem === b.filterProblem &&
    a.rows.length === b.rows.length &&
    a.rows.every((row, index) => areEqualRows(row, b.rows[index]))
  );
}

function areEqualRows(a: TreeRow, b: TreeRow | undefined): boolean {
  return (
    b !== undefined &&
    a.nodeId === b.nodeId &&
    a.messages === b.messages &&
    a.rate === b.rate &&
    a.expanded === b.expanded &&
    a.children === b.children &&
    a.topics === b.topics &&
    a.position === b.position &&
    a.siblings === b.siblings &&
    a.level === b.level &&
    a.lastAt === b.lastAt &&
    a.lastSequence === b.lastSequence &&
    a.color === b.color
  );
}
