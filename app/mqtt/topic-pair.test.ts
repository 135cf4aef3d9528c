import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, topicNameProblem } from './topic.ts';
import { compileTopicPair, topicPairProblem } from './topic-pair.ts';

const answerTo = (request: string, response: string, topic: string) =>
  compileTopicPair({ request, response })(topic);

describe('compileTopicPair', () => {
  it.each([
    ['line/+/set', 'line/+/state', 'line/7/set', 'line/7/state'],
    ['+/+/cmd', '+/ack/+', 'a/b/cmd', 'a/ack/b'],
    ['+/+/cmd', 'ack/+', 'a/b/cmd', 'ack/a'],
    ['rpc/#', 'reply/#', 'rpc/a/b', 'reply/a/b'],
    ['rpc/#', 'reply/#', 'rpc', 'reply'],
    ['set', 'state', 'set', 'state'],
    ['x/+/set', 'x/+/state', 'x//set', 'x//state'],
    ['line/+/set', 'line/+/state', 'line/7/state', undefined],
  ])('%s and %s: %s is answered on %s', (request, response, topic, expected) => {
    expect(answerTo(request, response, topic)).toBe(expected);
  });

  it('answers topics of the filter only, on topics that the response filter selects', () => {
    const level = fc.constantFrom('a', 'b', '', 'ä', '+');
    fc.assert(
      fc.property(
        fc.array(level, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.array(fc.constantFrom('a', 'b', '', 'ä'), { minLength: 1, maxLength: 6 }),
        (levels, isOpen, names) => {
          const request = [...levels, ...(isOpen ? ['#'] : [])].join('/');
          const pair = { request, response: `answer/${request}` };
          const topic = names.join('/');
          fc.pre(topicPairProblem(pair) === undefined && topicNameProblem(topic) === undefined);
          const answer = compileTopicPair(pair)(topic);
          expect(answer !== undefined).toBe(compileFilter(request)(topic));
          if (answer !== undefined) {
            expect(answer).toBe(`answer/${topic}`);
            expect(compileFilter(pair.response)(answer)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('topicPairProblem', () => {
  it.each([
    ['a/+', 'b/+', undefined],
    ['a/+', 'b', undefined],
    ['', 'b', /at least one character/],
    ['a', '', /at least one character/],
    ['a/+', 'b/+/+', /more \+/],
    ['a/+', 'b/#', /ends in #/],
    ['a/b#', 'b', /#/],
    ['a', 'a', /same topics/],
    ['$share/g/a', 'b', /\$share/],
  ])('%s and %s', (request, response, reason) => {
    const problem = topicPairProblem({ request, response });
    if (reason === undefined) {
      expect(problem).toBeUndefined();
    } else {
      expect(problem).toMatch(reason);
    }
  });
});
