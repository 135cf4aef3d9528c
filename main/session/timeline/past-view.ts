import { performance } from 'node:perf_hooks';
import type { Disposable } from '#app/base/disposable.ts';
import type { TreeAsOf } from '#app/contract/feeds/session.ts';
import type { Moment } from '#app/contract/operations/timeline.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { TimeSlices } from '../feeds/time-slices.ts';
import type { MessageLog } from '../log/message-log.ts';
import type { TreeExpansion } from '../tree/expansion.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { TreeView } from '../tree/tree-view.ts';
import { PastTree } from './past-tree.ts';

/** Milliseconds that are spent on a moment at once: most are reached in it. The rest goes on in slices. */
const AT_ONCE = 6;
/** Milliseconds on the way from which on the client hears of it. */
const PATIENCE = 150;

/** What a view of the past needs of its session. */
export interface PastDependencies {
  readonly tree: TopicTree;
  readonly log: MessageLog;
  readonly expansion: TreeExpansion;
  readonly pacer: Pacer;
  readonly slices: TimeSlices;
}

/** One client's view of the tree as it was, from one moment to the next. The newest moment asked for is the one sought. */
export class PastView implements Disposable {
  readonly tree: PastTree;
  readonly #deps: PastDependencies;
  readonly #following: Disposable;
  #moment: Moment | undefined;
  #begun = 0;
  #work: Disposable | undefined;
  #view: TreeView | undefined;
  #viewFollowing: Disposable | undefined;

  constructor(deps: PastDependencies) {
    this.#deps = deps;
    this.tree = new PastTree(deps.tree, deps.log);
    // Before any view of it: they read what is open here.
    this.#following = deps.expansion.onDidChange(({ nodeId, isRecursive }) =>
      this.tree.takeExpanded(nodeId, isRecursive),
    );
  }

  /** The tree as it was at a moment, or nothing while that is on its way; `isUrgent`: it is waited for. */
  at(moment: Moment, isUrgent: boolean): TreeView | undefined {
    const { tree } = this;
    if (this.#moment?.at !== moment.at || this.#moment.sequence !== moment.sequence) {
      this.#moment = moment;
      this.#begun = performance.now();
      this.#dropView();
      tree.seek(moment);
    }
    if (!tree.isReady && (isUrgent || this.#work === undefined)) {
      tree.advance(isUrgent ? Number.POSITIVE_INFINITY : performance.now() + AT_ONCE);
    }
    if (!tree.isReady) {
      this.#goOn();
      return undefined;
    }
    this.#work?.dispose();
    this.#work = undefined;
    if (this.#view === undefined) {
      this.#view = new TreeView(tree);
      this.#viewFollowing = this.#view.follow(this.#deps.expansion);
    }
    return this.#view;
  }

  /** What the client hears of the moment; nothing as long as it may come at any time. */
  get told(): TreeAsOf | undefined {
    const { tree } = this;
    if (!tree.isReady && performance.now() - this.#begun < PATIENCE) {
      return undefined;
    }
    return { at: this.#moment?.at ?? 0, sequence: tree.sequence, progress: tree.progress };
  }

  dispose(): void {
    this.#work?.dispose();
    this.#dropView();
    this.#following.dispose();
  }

  #goOn(): void {
    const { slices, pacer } = this.#deps;
    this.#work ??= slices.run((deadline) => {
      const hasMore = this.tree.advance(deadline);
      pacer.markDirty();
      if (!hasMore) {
        this.#work = undefined;
      }
      return hasMore;
    });
  }

  #dropView(): void {
    this.#viewFollowing?.dispose();
    this.#view = undefined;
  }
}
