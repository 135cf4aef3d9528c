import type { Disposable } from '#app/base/disposable.ts';
import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { RuleMatchesWindow, rulesFeeds } from '#app/contract/feeds/rules.ts';
import type { FeedSource } from '#app/contract/server.ts';
import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import { cutTopic } from '../feeds/message-rows.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { TimeSlices } from '../feeds/time-slices.ts';
import type { TopicTree } from '../tree/topic-tree.ts';

type Params = ParsedParamsOf<(typeof rulesFeeds)['ruleMatches']>;

/** Nodes between two looks at the clock: one may cost a comparison with each filter. */
const NODES_AT_ONCE = 64;

interface Counted {
  matched: number;
  applied: number;
  example: number;
  /** The example is one that the rule applies to. */
  isApplied: boolean;
}

/**
 * Holds filters against the topics of a tree, each topic once. A node becomes a topic with its first message, so a pass
 * is made anew as long as topics are missing.
 */
export class RuleMatches {
  readonly #tree: TopicTree;
  readonly #matchers: readonly (((topic: string) => boolean) | undefined)[];
  readonly #counted: readonly Counted[];
  #isLooked = new Uint8Array(1024);
  #looked = 0;
  #next = 1;

  constructor(tree: TopicTree, filters: readonly string[]) {
    this.#tree = tree;
    this.#matchers = filters.map((filter) =>
      topicFilterProblem(filter) === undefined ? compileFilter(filter) : undefined,
    );
    this.#counted = filters.map(() => ({ matched: 0, applied: 0, example: 0, isApplied: false }));
  }

  /** All topics that there are now were looked at. */
  get isDone(): boolean {
    return this.#looked >= this.#tree.topics;
  }

  /** Goes on until the time (as `performance.now()` counts) is over or nothing is left. */
  advance(deadline: number): void {
    const { nodes } = this.#tree;
    if (this.#isLooked.length <= nodes) {
      const larger = new Uint8Array(Math.ceil((nodes + 1) * 1.5));
      larger.set(this.#isLooked);
      this.#isLooked = larger;
    }
    if (this.#next > nodes) {
      this.#next = 1;
    }
    while (this.#next <= nodes) {
      const end = Math.min(nodes, this.#next + NODES_AT_ONCE);
      for (let node = this.#next; node <= end; node += 1) {
        this.#look(node);
      }
      this.#next = end + 1;
      if (performance.now() >= deadline) {
        return;
      }
    }
  }

  window(): RuleMatchesWindow {
    return {
      rows: this.#counted.map(({ matched, applied, example }) => ({
        matched,
        applied,
        ...(example === 0
          ? {}
          : { example: cutTopic(this.#tree.topicOf(example)), newest: this.#tree.lastSequence(example) }),
      })),
      looked: this.#looked,
      topics: this.#tree.topics,
    };
  }

  #look(node: number): void {
    if (this.#isLooked[node] === 1 || !this.#tree.isTopic(node)) {
      return;
    }
    this.#isLooked[node] = 1;
    this.#looked += 1;
    const topic = this.#tree.topicOf(node);
    let isTaken = false;
    for (const [index, matches] of this.#matchers.entries()) {
      const counted = this.#counted[index];
      if (counted === undefined || matches === undefined || !matches(topic)) {
        continue;
      }
      counted.matched += 1;
      if (!isTaken) {
        counted.applied += 1;
      }
      if (counted.example === 0 || (!counted.isApplied && !isTaken)) {
        counted.example = node;
        counted.isApplied = !isTaken;
      }
      isTaken = true;
    }
  }
}

export interface RuleMatchesDependencies {
  readonly tree: TopicTree;
  readonly pacer: Pacer;
  readonly slices: TimeSlices;
}

/** The feed `ruleMatches`. Closed, nothing is compared. */
export function createRuleMatchesFeed({
  tree,
  pacer,
  slices,
}: RuleMatchesDependencies): FeedSource<Params, RuleMatchesWindow> {
  return (initial, push) => {
    let matches = new RuleMatches(tree, initial.filters);
    let key = JSON.stringify(initial.filters);
    let shown = '';
    let running: Disposable | undefined;
    const goOn = () => {
      running ??= slices.run((deadline) => {
        matches.advance(deadline);
        pacer.markDirty();
        if (matches.isDone) {
          running = undefined;
        }
        return !matches.isDone;
      });
    };
    return pacedFeed<Params, RuleMatchesWindow>(pacer, initial, push, {
      build(params, moved) {
        const wanted = JSON.stringify(params.filters);
        if (wanted !== key) {
          key = wanted;
          matches = new RuleMatches(tree, params.filters);
        }
        if (!matches.isDone) {
          goOn();
        }
        const window = matches.window();
        const now = JSON.stringify(window);
        if (!moved && now === shown) {
          return undefined;
        }
        shown = now;
        return window;
      },
      dispose: () => running?.dispose(),
    });
  };
}
