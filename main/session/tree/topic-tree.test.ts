import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '#app/contract/failure.ts';
import { RATE_TIME_CONSTANT, TopicTree } from './topic-tree.ts';

/** Few segments, so that paths meet, and the awkward ones among them. */
const segment = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'b',
    '$SYS',
    'é',
    'e\u0301',
    '\u202e',
    '😀',
    '\ud800',
    '__proto__',
    '1',
    '01',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }).map((text) => text.replaceAll('/', '')),
);
const topic = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/'));
const message = fc.record({
  topic,
  bytes: fc.nat(1000),
  retained: fc.boolean(),
  wait: fc.nat(3000),
});

interface Naive {
  messages: number;
  bytes: number;
  lastAt: number;
  topics: Set<string>;
}

/** All levels of a topic, the root's empty path as undefined. */
function levels(path: string): (string | undefined)[] {
  const segments = path.split('/');
  return [undefined, ...segments.map((_, index) => segments.slice(0, index + 1).join('/'))];
}

function attachedChildren(tree: TopicTree, node: number): number[] {
  const children: number[] = [];
  for (let child = tree.columns.firstChild[node]!; child !== 0; child = tree.columns.nextSibling[child]!) {
    children.push(child);
  }
  return children;
}

describe('TopicTree', () => {
  it('counts as a naive model does, at and below every level', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const tree = new TopicTree();
        const model = new Map<string | undefined, Naive>([
          [undefined, { messages: 0, bytes: 0, lastAt: 0, topics: new Set() }],
        ]);
        const last = new Map<string, { sequence: number; retained: boolean; own: number }>();
        let now = 1_700_000_000_000;
        messages.forEach((each, index) => {
          now += each.wait;
          tree.record(tree.intern(each.topic), now, each.bytes, each.retained, index + 1);
          const own = (last.get(each.topic)?.own ?? 0) + 1;
          last.set(each.topic, { sequence: index + 1, retained: each.retained, own });
          for (const level of levels(each.topic)) {
            const entry = model.get(level) ?? { messages: 0, bytes: 0, lastAt: 0, topics: new Set() };
            entry.messages += 1;
            entry.bytes += each.bytes;
            entry.lastAt = now;
            entry.topics.add(each.topic);
            model.set(level, entry);
          }
        });
        expect(tree.nodes).toBe(model.size - 1);
        expect(tree.topics).toBe(last.size);
        for (const [path, entry] of model) {
          const node = path === undefined ? 0 : tree.find(path);
          if (node === undefined) {
            throw new Error(`not found: ${JSON.stringify(path)}`);
          }
          expect(tree.topicOf(node)).toBe(path ?? '');
          expect(tree.messages(node)).toBe(entry.messages);
          expect(tree.bytes(node)).toBe(entry.bytes);
          expect(tree.lastAt(node)).toBe(entry.lastAt);
          expect(tree.topicsBelow(node)).toBe(entry.topics.size);
          const newest = path === undefined ? undefined : last.get(path);
          expect(tree.lastSequence(node)).toBe(newest?.sequence ?? 0);
          expect(tree.ownMessages(node)).toBe(newest?.own ?? 0);
          expect(tree.isTopic(node)).toBe(newest !== undefined);
          expect(tree.isRetained(node)).toBe(newest?.retained ?? false);
          expect(attachedChildren(tree, node)).toHaveLength(tree.columns.childCount[node]!);
        }
      }),
    );
  });

  it('gives each topic one id, parents smaller than children, and finds nothing that was not interned', () => {
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 40 }), topic, (topics, other) => {
        const tree = new TopicTree();
        const ids = new Map<string, number>();
        for (const each of topics) {
          const id = tree.intern(each);
          expect(id).toBeGreaterThan(0);
          expect(ids.get(each) ?? id).toBe(id);
          ids.set(each, id);
          expect(tree.intern(each)).toBe(id);
          expect(tree.topicOf(id)).toBe(each);
          expect(tree.columns.parent[id]!).toBeLessThan(id);
        }
        expect(new Set(ids.values()).size).toBe(ids.size);
        const isKnown = topics.some((each) => each === other || each.startsWith(`${other}/`));
        expect(tree.find(other) !== undefined).toBe(isKnown);
      }),
    );
  });

  it('shows nothing of a topic that was interned and never recorded', () => {
    const tree = new TopicTree();
    const id = tree.intern('a/b');
    expect(tree.topics).toBe(0);
    expect(tree.columns.childCount[0]).toBe(0);
    expect(tree.events.count).toBe(0);
    tree.record(id, 1, 1, false, 1);
    expect(tree.columns.childCount[0]).toBe(1);
    expect([tree.events.at(0), tree.events.at(1)]).toEqual([tree.find('a'), id]);
    tree.record(tree.intern('a'), 2, 1, false, 2);
    expect(tree.events.at(2)).toBe(tree.find('a'));
    expect(tree.topics).toBe(2);
  });

  it('smooths rates over about five seconds and lets them die', () => {
    const tree = new TopicTree();
    const id = tree.intern('a/b');
    let now = 1_700_000_000_000;
    for (let index = 1; index <= 200_000; index += 1) {
      now += 0.2;
      tree.record(id, now, 1, false, index);
    }
    expect(tree.rate(id, now)).toBeGreaterThan(4_950);
    expect(tree.rate(id, now)).toBeLessThan(5_050);
    expect(tree.rate(0, now)).toBeCloseTo(tree.rate(id, now));
    expect(tree.rate(id, now + RATE_TIME_CONSTANT) / tree.rate(id, now)).toBeCloseTo(Math.exp(-1));
    expect(tree.rate(id, now + 100_000)).toBe(0);
    // A clock that was set back.
    tree.record(id, now - 3_600_000, 1, false, 200_001);
    expect(tree.rate(id, now - 3_600_000)).toBeLessThan(5_050);
  });

  it('counts past 32 bits', () => {
    const tree = new TopicTree();
    const id = tree.intern('a');
    const big = 2 ** 31;
    for (let index = 0; index < 5; index += 1) {
      tree.record(id, 1, big, false, 2 ** 33 + index);
    }
    expect(tree.bytes(0)).toBe(5 * big);
    expect(tree.lastSequence(id)).toBe(2 ** 33 + 4);
  });

  it('takes the longest and deepest topics in linear time', { timeout: 30_000 }, () => {
    const tree = new TopicTree();
    const deep = Array.from({ length: 30_000 }, (_, index) => index % 10).join('/');
    const long = 'x'.repeat(65_535);
    const begin = performance.now();
    for (let index = 1; index <= 20; index += 1) {
      tree.record(tree.intern(deep), index, 1, false, index);
      tree.record(tree.intern(`${deep}/${index}`), index, 1, false, index);
    }
    tree.record(tree.intern(long), 1, 1, false, 100);
    tree.record(tree.intern('/'.repeat(65_535)), 1, 1, false, 101);
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(tree.messages(0)).toBe(42);
    expect(tree.topicOf(tree.intern(deep))).toBe(deep);
    expect(tree.find('/'.repeat(40_000))).toBeGreaterThan(0);
  });

  it('refuses new topics at its limit of names', () => {
    const tree = new TopicTree(1000, 20);
    const id = tree.intern('x'.repeat(15));
    expect(() => tree.intern('y'.repeat(6))).toThrow(FailureError);
    expect(tree.intern('x'.repeat(15))).toBe(id);
    expect(tree.intern('y'.repeat(5))).toBeGreaterThan(id);
  });

  it('refuses new topics at its limit of nodes and goes on with the known ones', () => {
    const tree = new TopicTree(10);
    const id = tree.intern('1/2/3/4/5/6/7/8');
    expect(() => tree.intern('x/y/z')).toThrow(FailureError);
    expect(tree.nodes).toBe(8);
    expect(tree.intern('x/y')).toBeGreaterThan(id);
    tree.record(id, 1, 1, false, 1);
    expect(tree.topics).toBe(1);
  });
});
