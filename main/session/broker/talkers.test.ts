import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopicTree } from '../tree/topic-tree.ts';
import { type Ranked, type Ranking, Talkers } from './talkers.ts';

const ranking: Ranking = { by: 'topic', depth: 1, span: '10s', order: 'messages' };

function setUp() {
  const tree = new TopicTree();
  let sequence = 0;
  const talkers = new Talkers(tree, 0);
  return {
    tree,
    talkers,
    receive(topic: string, bytes: number) {
      sequence += 1;
      tree.record(tree.intern(topic), 1000, bytes, false, sequence);
    },
    rank(now: number, change: Partial<Ranking> = {}) {
      const steps = talkers.sweep({ ...ranking, ...change }, now);
      for (;;) {
        const step = steps.next();
        if (step.done === true) {
          return step.value;
        }
      }
    },
    named: ({ talkers: found }: Ranked) =>
      found.map(({ nodeId, messages, bytes }) => [tree.topicOf(nodeId), messages, bytes]),
  };
}

const level = fc.constantFrom('a', 'b', 'c', '');
const sent = fc.record({
  topic: fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/')),
  bytes: fc.nat(50),
});

it('shares out all that came, by topic and by branch of any depth', () => {
  fc.assert(
    fc.property(
      fc.array(sent, { maxLength: 30 }),
      fc.array(sent, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      (before, within, depth) => {
        const { receive, rank, named } = setUp();
        for (const { topic, bytes } of before) {
          receive(topic, bytes);
        }
        rank(0);
        for (const { topic, bytes } of within) {
          receive(topic, bytes);
        }
        const expected = (nameOf: (topic: string) => string) => {
          const sums = new Map<string, [number, number]>();
          for (const { topic, bytes } of within) {
            const [messages, sum] = sums.get(nameOf(topic)) ?? [0, 0];
            sums.set(nameOf(topic), [messages + 1, sum + bytes]);
          }
          return [...sums].map(([name, [messages, bytes]]) => [name, messages, bytes]).sort();
        };
        const byTopic = rank(5000);
        expect(named(byTopic).sort()).toEqual(expected((topic) => topic));
        expect(byTopic.messages).toBe(within.length);
        expect(byTopic.bytes).toBe(within.reduce((sum, { bytes }) => sum + bytes, 0));
        expect(byTopic.counted).toBe(5000);
        const byBranch = rank(6000, { by: 'branch', depth });
        expect(named(byBranch).sort()).toEqual(
          expected((topic) => topic.split('/').slice(0, depth).join('/')),
        );
      },
    ),
  );
});

it('forgets what was before the span', () => {
  const { receive, rank, named } = setUp();
  rank(0);
  receive('old', 10);
  rank(5000);
  rank(10_000);
  receive('new', 1);
  receive('new', 1);
  expect(named(rank(16_000))).toEqual([['new', 2, 2]]);
  expect(rank(16_000).counted).toBeGreaterThanOrEqual(10_000 - 5000);
  expect(named(rank(40_000))).toEqual([]);
});

it('knows the whole session at once, and ranks by bytes too', () => {
  const { receive, rank, named } = setUp();
  receive('many', 1);
  receive('many', 1);
  receive('large', 100);
  expect(named(rank(2000, { span: 'session' }))).toEqual([
    ['many', 2, 2],
    ['large', 1, 100],
  ]);
  expect(named(rank(2000, { span: 'session', order: 'bytes' }))[0]).toEqual(['large', 1, 100]);
  expect(rank(2000, { span: 'session' }).counted).toBe(2000);
});

it('pauses among many topics, and says how many there are beyond those that it ranks', () => {
  const { receive, talkers } = setUp();
  for (let index = 0; index < 20_000; index += 1) {
    receive(`t/${index}`, index % 7);
  }
  const steps = talkers.sweep({ ...ranking, span: 'session', order: 'bytes' }, 1);
  let pauses = 0;
  let step = steps.next();
  while (step.done !== true) {
    pauses += 1;
    step = steps.next();
  }
  expect(pauses).toBeGreaterThan(1);
  expect(step.value.talkers.length).toBe(1000);
  expect(step.value.active).toBe(20_000);
  expect(step.value.talkers.every(({ bytes }) => bytes === 6)).toBe(true);
});
