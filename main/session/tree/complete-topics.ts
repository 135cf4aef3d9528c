import { compareNatural } from './natural-order.ts';
import { foldCase } from './segments.ts';
import type { TopicTree } from './topic-tree.ts';

/** Nodes looked at per question: for topics that begin with the text, and again for those that hold it. */
const MAX_LOOKED_AT = 200_000;
/** So many of one level are put in order before the first are taken. */
const MAX_ORDERED = 2000;

/**
 * Known topics for what was typed so far: first those that begin with it, near ones before deep ones and in
 * natural order; then those with a segment that holds it. Levels that are typed to their end are taken as they
 * are, case counts there; the last one may be in any case. The work is bounded: in a huge tree some may be missed.
 */
export function completeTopics(tree: TopicTree, typed: string, limit: number): string[] {
  const found = new Set<string>();
  collectBeginning(tree, typed, limit, found);
  if (found.size < limit && typed !== '' && !typed.includes('/')) {
    collectHolding(tree, foldCase(typed), limit, found);
  }
  return [...found];
}

function collectBeginning(tree: TopicTree, typed: string, limit: number, found: Set<string>): void {
  const { columns, segments } = tree;
  const slash = typed.lastIndexOf('/');
  const above = slash === -1 ? 0 : tree.find(typed.slice(0, slash));
  if (above === undefined) {
    return;
  }
  const start = foldCase(typed.slice(slash + 1));
  let budget = MAX_LOOKED_AT;
  const childrenOf = (node: number, accepts: (child: number) => boolean) => {
    const children: number[] = [];
    for (
      let child = columns.firstChild[node]!;
      child !== 0 && budget > 0;
      child = columns.nextSibling[child]!
    ) {
      budget -= 1;
      if (accepts(child)) {
        children.push(child);
      }
    }
    return children;
  };
  let level = childrenOf(above, (child) => segments.folded(columns.segment[child]!).startsWith(start));
  while (level.length > 0 && found.size < limit) {
    const topics = level.filter((node) => tree.isTopic(node)).slice(0, MAX_ORDERED);
    for (const topic of inOrder(tree, topics).slice(0, limit - found.size)) {
      found.add(topic);
    }
    level = budget > 0 ? level.flatMap((node) => childrenOf(node, () => true)) : [];
  }
}

function collectHolding(tree: TopicTree, folded: string, limit: number, found: Set<string>): void {
  const { columns, segments } = tree;
  const holds = new Map<number, boolean>();
  // Newest nodes first: what came up lately is what is worked on.
  const end = Math.max(0, columns.length - 1 - MAX_LOOKED_AT);
  const held: number[] = [];
  for (let node = columns.length - 1; node > end && held.length + found.size < limit; node -= 1) {
    if (!tree.isTopic(node)) {
      continue;
    }
    for (let at = node, levels = 0; at !== 0 && levels < 20; at = columns.parent[at]!, levels += 1) {
      const segment = columns.segment[at]!;
      let isHeld = holds.get(segment);
      if (isHeld === undefined) {
        isHeld = segments.folded(segment).includes(folded);
        holds.set(segment, isHeld);
      }
      if (isHeld) {
        if (!found.has(tree.topicOf(node))) {
          held.push(node);
        }
        break;
      }
    }
  }
  for (const topic of inOrder(tree, held)) {
    found.add(topic);
  }
}

function inOrder(tree: TopicTree, nodes: readonly number[]): string[] {
  return nodes
    .map((node) => {
      const topic = tree.topicOf(node);
      return { topic, folded: foldCase(topic) };
    })
    .sort((a, b) => compareNatural(a.topic, a.folded, b.topic, b.folded))
    .map(({ topic }) => topic);
}
