import type { RetainedPlan } from '#app/contract/operations/retained.ts';

const MAX_TOPICS = 20;
const MAX_BRANCHES = 8;
const MAX_NAME = 256;

/** What and how many: the preview of a change. */
export function planOf(
  messages: readonly { readonly topic: string; readonly size: number }[],
  replaces: number,
): RetainedPlan {
  const branches = new Map<string, number>();
  let bytes = 0;
  for (const { topic, size } of messages) {
    const slash = topic.indexOf('/');
    const name = slash < 0 ? topic : topic.slice(0, slash);
    branches.set(name, (branches.get(name) ?? 0) + 1);
    bytes += size;
  }
  return {
    planId: crypto.randomUUID(),
    messages: messages.length,
    bytes,
    topics: messages.slice(0, MAX_TOPICS).map(({ topic }) => topic.slice(0, MAX_NAME)),
    branches: [...branches]
      .sort(([, one], [, other]) => other - one)
      .slice(0, MAX_BRANCHES)
      .map(([name, count]) => ({ name: name.slice(0, MAX_NAME), messages: count })),
    replaces,
  };
}
