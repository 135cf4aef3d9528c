import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import { TopicHandlers } from './topic-handlers.ts';

const level = fc.constantFrom('a', 'b', '', '+', '#');
const path = fc.array(level, { minLength: 1, maxLength: 3 }).map((levels) => levels.join('/'));
const filter = path.filter((text) => topicFilterProblem(text) === undefined);
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), handler: fc.integer({ min: 1, max: 5 }), filter }),
  fc.record({ kind: fc.constant('remove' as const), handler: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('ask' as const), topic: fc.constantFrom('a', 'a/b', 'b', '/a', 'a/b/a') }),
);

it('knows the handlers of a topic, whatever came and went', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const handlers = new TopicHandlers();
      const model = new Map<number, string>();
      for (const one of steps) {
        if (one.kind === 'add') {
          handlers.add(one.handler, one.filter);
          model.set(one.handler, one.filter);
        } else if (one.kind === 'remove') {
          handlers.remove(one.handler);
          model.delete(one.handler);
        } else {
          const wanted = [...model].filter(([, text]) => compileFilter(text)(one.topic)).map(([id]) => id);
          expect(handlers.of(one.topic)).toEqual(wanted);
        }
      }
    }),
  );
});
