import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopicIds } from './topic-ids.ts';
import { TopicTree } from './tree/topic-tree.ts';

it('agrees with the tree, whatever order topics come in', () => {
  const round = fc.record({
    topics: fc.array(fc.constantFrom('a', 'a/b', 'a//b', '/a', 'A', 'b/c/d', 'x', 'a/bb'), {
      minLength: 1,
      maxLength: 12,
    }),
    times: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 20 }), (rounds) => {
      const tree = new TopicTree();
      const ids = new TopicIds(tree);
      for (const { topics, times } of rounds) {
        for (let time = 0; time < times; time++) {
          for (const topic of topics) {
            const topicId = ids.intern(topic);
            expect(topicId).toBe(tree.intern(topic));
            expect(tree.topicOf(topicId)).toBe(topic);
          }
        }
      }
    }),
  );
});
