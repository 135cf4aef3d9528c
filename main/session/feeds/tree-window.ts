import type { Disposable } from '#app/base/disposable.ts';
import type { TreeAsOf, TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import { PastView } from '../timeline/past-view.ts';
import type { TreeShape } from '../tree/tree-shape.ts';
import { type PlacedRow, TreeView } from '../tree/tree-view.ts';
import { labelOf, type ShownValue } from './message-rows.ts';
import type { TreeFeedDeps, TreeParams } from './tree-feed.ts';

/** UTF-16 units of a segment that a row carries. */
const MAX_SEGMENT = 256;
/** Milliseconds after which rates are shown anew although nothing came. */
const RATE_REFRESH = 1000;
const nothing: TreeWindow = { offset: 0, total: 0, rows: [] };

interface ShownTree {
  readonly tree: TreeShape;
  readonly view: TreeView | undefined;
  readonly asOf: TreeAsOf | undefined;
}

/** Builds the windows of one client onto the tree, live or as it was. */
export class TreeWindowBuilder {
  readonly #deps: TreeFeedDeps;
  readonly #view: TreeView;
  readonly #following: Disposable;
  #last: TreeWindow | undefined;
  #looksVersion = -1;
  #refresh: NodeJS.Timeout | undefined;
  #past: PastView | undefined;

  constructor(deps: TreeFeedDeps) {
    this.#deps = deps;
    this.#view = new TreeView(deps.tree);
    this.#following = this.#view.follow(deps.expansion);
  }

  /** The view as it is now. */
  current(params: TreeParams): TreeView {
    const { view } = this.#shown(params, true);
    const current = view ?? this.#view;
    current.update(params, this.#deps.now());
    return current;
  }

  build(params: TreeParams, moved: boolean): TreeWindow | undefined {
    const { pacer, now } = this.#deps;
    const { tree, view, asOf } = this.#shown(params, false);
    if (view === undefined) {
      // What was shown last stays until the moment is reached.
      return asOf === undefined ? undefined : this.#send({ ...(this.#last ?? nothing), asOf }, moved);
    }
    const time = now();
    view.update(params, time);
    const offset = offsetOf(view, params);
    const { version } = this.#deps.looks;
    if (version !== this.#looksVersion) {
      this.#looksVersion = version;
      this.#last = undefined;
    }
    const before = new Map(this.#last?.rows.map((row) => [row.nodeId, row]));
    const rows = view
      .slice(offset, params.count)
      .map((placed) => this.#row(tree, view, placed, time, before));
    if (view.isBehind) {
      pacer.markDirty();
    }
    if (asOf === undefined) {
      this.#refreshRates(rows);
    }
    const { matched, filterProblem } = view;
    const window: TreeWindow = {
      offset,
      total: view.total,
      rows,
      ...(matched === undefined ? {} : { matched }),
      ...(filterProblem === undefined ? {} : { filterProblem }),
      ...(asOf === undefined ? {} : { asOf }),
    };
    return this.#send(window, moved);
  }

  dispose(): void {
    clearTimeout(this.#refresh);
    this.#following.dispose();
    this.#past?.dispose();
  }

  /** The tree that is asked for, and the view of it; no view while a tree of the past is on its way. */
  #shown({ asOf }: TreeParams, isUrgent: boolean): ShownTree {
    if (asOf === undefined) {
      this.#past?.dispose();
      this.#past = undefined;
      return { tree: this.#deps.tree, view: this.#view, asOf: undefined };
    }
    this.#past ??= new PastView(this.#deps);
    const past = this.#past;
    const view = past.at(asOf, isUrgent);
    return { tree: past.tree, view, asOf: past.told };
  }

  #send(window: TreeWindow, moved: boolean): TreeWindow | undefined {
    if (!moved && this.#last !== undefined && areEqualWindows(this.#last, window)) {
      return undefined;
    }
    this.#last = window;
    return window;
  }

  #row(
    tree: TreeShape,
    view: TreeView,
    placed: PlacedRow,
    now: number,
    before: ReadonlyMap<number, TreeRow>,
  ): TreeRow {
    const { looks } = this.#deps;
    const { node, level, position, siblings } = placed;
    const segment = tree.segments.text(tree.columns.segment[node]!);
    const isTopic = tree.isTopic(node);
    const lastSequence = isTopic ? tree.lastSequence(node) : 0;
    const color = isTopic ? looks.colorOf(node) : undefined;
    const children = view.children(node);
    return {
      nodeId: node,
      parentId: tree.columns.parent[node]!,
      level,
      segment: cut(segment),
      segmentLength: segment.length,
      ...(isTopic ? { topicId: node } : {}),
      expanded: children > 0 && view.isOpen(node),
      children,
      position,
      siblings,
      ...(isTopic ? this.#value(node, lastSequence, before.get(node)) : { preview: '' }),
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

  #value(node: number, sequence: number, known: TreeRow | undefined): ShownValue & { notKept?: true } {
    // It stays the same as long as the message does.
    if (sequence !== 0 && known?.lastSequence === sequence && known.notKept !== true) {
      return { preview: known.preview, ...(known.unit === undefined ? {} : { unit: known.unit }) };
    }
    const shown = sequence === 0 ? undefined : this.#deps.preview(sequence, node);
    return shown ?? { preview: '', notKept: true };
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

/** The row with which a window begins. */
function offsetOf(view: TreeView, { offset, anchor }: TreeParams): number {
  const row = anchor === undefined ? undefined : view.rowOf(anchor.nodeId);
  return anchor === undefined || row === undefined ? offset : Math.max(0, row - anchor.rowsBefore);
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
    a.asOf?.at === b.asOf?.at &&
    a.asOf?.sequence === b.asOf?.sequence &&
    a.asOf?.progress === b.asOf?.progress &&
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
    a.notKept === b.notKept &&
    a.color === b.color
  );
}
