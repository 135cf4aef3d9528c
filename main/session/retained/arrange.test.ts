import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesFilter } from '#app/mqtt/topic.ts';
import { type Arrangement, arrange } from './arrange.ts';
import { RetainedList } from './retained-list.ts';

function listOf(messages: readonly { topic: string; payload: string; since?: number }[]) {
  let id = 0;
  const list = new RetainedList(() => {
    id += 1;
    return id;
  });
  for (const { topic, payload, since = 0 } of messages) {
    list.put(topic, Buffer.from(payload), { since, isExact: false });
  }
  return list;
}

function arranged(list: RetainedList, arrangement: Partial<Arrangement> = {}) {
  const steps = arrange(list.entries, {
    topicFilter: '',
    text: '',
    sort: { by: 'topic', descending: false },
    ...arrangement,
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

const topics = fc.array(fc.constantFrom('a', 'b', 'B', '', 'ab'), { minLength: 1, maxLength: 3 });
const message = fc.record({
  topic: topics.map((levels) => `t/${levels.join('/')}`),
  payload: fc.constantFrom('', 'hello', 'HELLO world', '21.5', 'ü'),
  since: fc.integer({ min: 0, max: 5 }),
});

it('shows just what passes, in order', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 40 }),
      fc.constantFrom('', '#', 't/+', 't/a/#', 't/+/b'),
      fc.constantFrom('', 'hello', 'B', 'x', 'Ü'),
      fc.constantFrom('topic', 'size', 'age'),
      fc.boolean(),
      (messages, topicFilter, text, by, descending) => {
        const last = new Map(messages.map((each) => [each.topic, each]));
        const needle = text.toLowerCase();
        const expected = [...last.values()].filter(
          ({ topic, payload }) =>
            (topicFilter === '' || matchesFilter(topicFilter, topic)) &&
            (topic.toLowerCase().includes(needle) || payload.toLowerCase().includes(needle)),
        );
        const shown = arranged(listOf(messages), {
          topicFilter,
          text,
          sort: { by: by as 'topic', descending },
        });
        expect(shown.map(({ topic }) => topic).sort()).toEqual(expected.map(({ topic }) => topic).sort());
        const keys = shown.map(({ topic, size, since }) =>
          by === 'topic' ? topic : by === 'size' ? size : -since,
        );
        const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(keys).toEqual(descending ? sorted.reverse() : sorted);
      },
    ),
  );
});

it('sorts a long list in steps that are short', () => {
  const count = 30_000;
  const list = listOf(
    Array.from({ length: count }, (_, index) => ({ topic: `d/${(index * 7919) % count}`, payload: 'x' })),
  );
  const steps = arrange(list.entries, {
    topicFilter: '',
    text: '',
    sort: { by: 'topic', descending: false },
  });
  let pauses = 0;
  let step = steps.next();
  while (step.done !== true) {
    pauses += 1;
    step = steps.next();
  }
  expect(pauses).toBeGreaterThan(40);
  expect(step.value.map(({ topic }) => topic)).toEqual(list.entries.map(({ topic }) => topic).sort());
});

it('forgets what is gone, and counts what is there', () => {
  const list = listOf([
    { topic: 'a', payload: '123' },
    { topic: 'b', payload: '12' },
    { topic: 'a', payload: '1' },
  ]);
  expect([list.size, list.bytes]).toEqual([2, 3]);
  list.remove('b');
  list.remove('b');
  expect([list.size, list.bytes, arranged(list).map(({ topic }) => topic)]).toEqual([1, 1, ['a']]);
});
