import { expect, it } from 'vitest';
import { retainedParamsSchema } from '#app/contract/feeds/retained.ts';
import { TimeSlices } from '../feeds/time-slices.ts';
import { RetainedList } from './retained-list.ts';
import { RetainedView } from './retained-view.ts';

const params = (change: object = {}) =>
  retainedParamsSchema.parse({ offset: 0, count: 10, view: 'v', ...change });

function setUp(topics: readonly string[]) {
  let id = 0;
  const list = new RetainedList(() => {
    id += 1;
    return id;
  });
  const put = (topic: string) => list.put(topic, Buffer.from('x'), { since: 0, isExact: false });
  topics.forEach(put);
  const view = new RetainedView(
    new TimeSlices((error) => {
      throw error;
    }),
    () => undefined,
  );
  view.follow(list, params());
  const idOf = (topic: string) => list.find(topic)?.id ?? 0;
  const chosen = () => [...view.selected].map(({ topic }) => topic).sort();
  const select = (
    rows: { from: string; to: string } | 'all' | 'none',
    mode: 'replace' | 'add' | 'toggle' = 'replace',
  ) =>
    view.select({
      view: 'v',
      rows: typeof rows === 'string' ? rows : { from: idOf(rows.from), to: idOf(rows.to) },
      mode,
    });
  return { list, put, view, select, chosen };
}

it('selects one, a range either way, more, and all', () => {
  const { select, chosen } = setUp(['a', 'b', 'c', 'd']);
  select({ from: 'c', to: 'b' });
  expect(chosen()).toEqual(['b', 'c']);
  select({ from: 'a', to: 'a' }, 'add');
  select({ from: 'b', to: 'd' }, 'toggle');
  expect(chosen()).toEqual(['a', 'd']);
  expect(select('all')).toBe(4);
  expect(select('none')).toBe(0);
  expect(() => select({ from: 'x', to: 'a' })).toThrow(/not in the list any more/);
});

it('keeps the selection when sorted anew, and drops it with what is not in view any more', () => {
  const { list, view, select, chosen } = setUp(['a', 'b', 'c']);
  select({ from: 'a', to: 'b' });
  view.follow(list, params({ sort: { by: 'topic', descending: true } }));
  expect(view.rows.map(({ topic }) => topic)).toEqual(['c', 'b', 'a']);
  expect(chosen()).toEqual(['a', 'b']);
  list.remove('a');
  view.tidy();
  expect(chosen()).toEqual(['b']);
  view.follow(list, params({ topicFilter: 'c' }));
  expect(chosen()).toEqual([]);
  expect(view.rows.map(({ topic }) => topic)).toEqual(['c']);
  view.follow(list, params({ topicFilter: 'c/#/x' }));
  expect(view.problem).toMatch(/#/);
});

it('misses nothing that came since it was arranged', async () => {
  const { list, put, view, select } = setUp(['a']);
  put('b');
  view.follow(list, params());
  // Resting: a list that grows is not arranged with each message.
  expect(view.isArranging).toBe(true);
  expect(view.rows.length).toBe(1);
  await view.settle();
  expect(view.isArranging).toBe(false);
  expect(select('all')).toBe(2);

  for (let index = 0; index < 30_000; index += 1) {
    put(`many/${index % 20_000}/${index}`);
  }
  await view.settle();
  expect(view.rows.length).toBe(30_002);
  view.dispose();
});
