import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SilenceWindow, silenceAt, silenceFeeds } from '#app/contract/feeds/silence.ts';
import { newRule } from '#app/profile/rules.ts';
import { SESSION, silentPlant } from './silence.fixture.ts';
import { SilenceFeed } from './silence-feed.ts';
import { SilenceScan } from './silence-scan.ts';
import { TopicSilenceFeed } from './topic-silence-feed.ts';

const schema = silenceFeeds.silence.params;
type Params = ReturnType<typeof schema.parse>;
const params = (part: Partial<Params> = {}) =>
  schema.parse({
    sessionId: SESSION,
    text: '',
    state: 'all',
    factor: 3,
    sort: { by: 'times', descending: true },
    offset: 0,
    count: 50,
    ...part,
  });

const soon = () => performance.now() + 10_000;

type Plant = ReturnType<typeof silentPlant>;

function open(plant: Plant, part: Partial<Params> = {}) {
  const feed = new SilenceFeed(plant.sources, params(part));
  return {
    feed,
    /** The window as a newly opened or moved view gets it. */
    look(next?: Partial<Params>): SilenceWindow {
      feed.update(params({ ...part, ...next }));
      while (feed.advance(soon())) {
        // There is more.
      }
      const window = feed.build(true);
      expect(window).toBeDefined();
      return window as SilenceWindow;
    },
  };
}

function rowOf({ rows, at }: SilenceWindow, topic: string) {
  const row = rows.find((each) => each.topic === topic);
  return row === undefined ? undefined : { ...row, length: silenceAt(row.silence, at) };
}

/** Messages at a pace; ends with one. */
function pace(plant: Plant, topic: string, interval: number, messages: number): void {
  for (let count = 0; count < messages; count++) {
    if (count > 0) {
      plant.wait(interval);
    }
    plant.receive(topic);
  }
}

describe('SilenceFeed', () => {
  it('learns, is late, is quiet, and comes back', () => {
    const plant = silentPlant(['a', 'b']);
    plant.hear(['#']);
    const view = open(plant);
    expect(view.look()).toMatchObject({ total: 0, topics: 0 });
    pace(plant, 'a', 5000, 4);
    expect(view.look().counts).toMatchObject({ learning: 1 });
    plant.wait(5000);
    plant.receive('a');
    const onTime = view.look();
    expect(onTime.counts).toMatchObject({ onTime: 1, learning: 0 });
    expect(rowOf(onTime, 'a')).toMatchObject({ usual: 5000, shortest: 5000, longest: 5000, messages: 5 });
    plant.wait(8000);
    expect(view.look().counts).toMatchObject({ late: 1 });
    plant.wait(9000);
    const quiet = view.look();
    expect(quiet.counts).toMatchObject({ quiet: 1 });
    expect(rowOf(quiet, 'a')?.length).toBe(17_000);
    expect(view.look({ factor: 4 }).counts).toMatchObject({ quiet: 0, late: 1 });
    plant.receive('a');
    plant.wait(1000);
    expect(view.look().counts).toMatchObject({ onTime: 1 });
  });

  it('sends a window only when something other than time has changed', () => {
    const plant = silentPlant(['a']);
    plant.hear(['#']);
    pace(plant, 'a', 5000, 6);
    const { feed, look } = open(plant);
    look();
    plant.wait(3000);
    feed.advance(soon());
    expect(feed.build(false)).toBeUndefined();
    plant.wait(20_000);
    feed.advance(soon());
    expect(feed.build(false)?.counts.quiet).toBe(1);
    expect(feed.build(false)).toBeUndefined();
  });

  it('counts neither what the broker retains nor what was published here', () => {
    const plant = silentPlant(['a', 'b', 'c']);
    plant.hear(['#']);
    pace(plant, 'a', 1000, 6);
    plant.receive('b', { retain: true });
    for (let count = 0; count < 8; count++) {
      plant.wait(1000);
      plant.publish('a', `own ${count}`);
      plant.wait(3);
      plant.receive('a', { text: `own ${count}` });
      plant.publish('c');
    }
    const window = open(plant).look();
    expect(rowOf(window, 'a')).toMatchObject({ messages: 6, usual: 1000, length: 8024 });
    expect(rowOf(window, 'b')).toMatchObject({ messages: 0, silence: { kind: 'unknown' } });
    expect(rowOf(window, 'c')).toBeUndefined();
    expect(window.counts).toMatchObject({ quiet: 1, learning: 1 });
  });

  it('takes live messages with RETAIN for what they are where the subscription keeps the flag', () => {
    for (const keepsRetain of [true, false]) {
      const plant = silentPlant(['a']);
      plant.hear(['#'], keepsRetain);
      for (let count = 0; count < 6; count++) {
        plant.wait(1000);
        plant.receive('a', { retain: true });
      }
      // The first is what the broker had kept.
      expect(rowOf(open(plant).look(), 'a')).toMatchObject(
        keepsRetain ? { messages: 5, usual: 1000 } : { messages: 0 },
      );
    }
  });

  it('lets silence stand still while it is offline or not subscribed, and counts no interval across', () => {
    const plant = silentPlant(['a', 'b']);
    plant.hear(['a', 'b']);
    const view = open(plant);
    pace(plant, 'a', 1000, 6);
    plant.receive('b');
    plant.wait(2000);
    plant.hear(undefined);
    plant.lose();
    plant.wait(3_600_000);
    const offline = view.look();
    expect(offline).toMatchObject({ offlineSince: plant.now - 3_600_000, counts: { unheard: 2, quiet: 0 } });
    expect(rowOf(offline, 'a')).toMatchObject({ silence: { kind: 'held', length: 2000 } });
    plant.hear(['a', 'b']);
    plant.wait(500);
    const back = view.look();
    expect(back.offlineSince).toBeUndefined();
    expect(rowOf(back, 'a')?.length).toBe(2500);
    plant.receive('a');
    expect(rowOf(view.look(), 'a')).toMatchObject({ usual: 1000, longest: 1000, length: 0, messages: 7 });

    plant.wait(1000);
    plant.hear(['b']);
    plant.wait(60_000);
    const gone = view.look();
    expect(gone.offlineSince).toBeUndefined();
    expect(gone.counts).toMatchObject({ unheard: 1 });
    expect(rowOf(gone, 'a')).toMatchObject({ silence: { kind: 'held', length: 1000 } });
    plant.hear(['b', '+']);
    plant.wait(250);
    expect(rowOf(view.look(), 'a')?.length).toBe(1250);
  });

  it('goes by the gaps of the log where nothing else is known', () => {
    const plant = silentPlant(['a']);
    pace(plant, 'a', 1000, 6);
    plant.lose();
    plant.wait(90_000);
    plant.lose();
    plant.receive('a');
    expect(rowOf(open(plant).look(), 'a')).toMatchObject({ longest: 1000 });
  });

  it('sorts by each column, filters by topic and state, and names the rule', () => {
    const plant = silentPlant(['plant/a', 'plant/b', 'office/c']);
    plant.hear(['#']);
    pace(plant, 'plant/b', 1000, 6);
    pace(plant, 'office/c', 100, 9);
    pace(plant, 'plant/a', 2000, 7);
    plant.rules.set(SESSION, [newRule('plant/#', { label: 'Line 1', color: 'teal' })]);
    const view = open(plant);
    const topics = (part: Partial<Params>) => view.look(part).rows.map(({ topic }) => topic);
    const by = (column: Params['sort']['by'], descending = false) =>
      topics({ sort: { by: column, descending } });
    expect(by('times', true)).toEqual(['office/c', 'plant/b', 'plant/a']);
    expect(by('times')).toEqual(['plant/a', 'plant/b', 'office/c']);
    expect(by('topic')).toEqual(['office/c', 'plant/a', 'plant/b']);
    expect(by('topic', true)).toEqual(['plant/b', 'plant/a', 'office/c']);
    expect(by('age')).toEqual(['plant/a', 'office/c', 'plant/b']);
    expect(by('usual')).toEqual(['office/c', 'plant/b', 'plant/a']);
    expect(by('messages', true)).toEqual(['office/c', 'plant/a', 'plant/b']);
    expect(topics({ state: 'quiet' })).toEqual(['office/c', 'plant/b']);
    expect(topics({ text: 'PLANT/' })).toEqual(['plant/b', 'plant/a']);
    expect(topics({ text: '+/c' })).toEqual(['office/c']);
    expect(view.look({ text: 'plant/#' }).counts).toMatchObject({ quiet: 1, onTime: 1 });
    expect(view.look({ offset: 1, count: 1 }).rows.map(({ topic }) => topic)).toEqual(['plant/b']);
    const { rows } = view.look({ text: '' });
    expect(rows.map(({ label, color }) => [label, color])).toEqual([
      [undefined, undefined],
      ['Line 1', 'teal'],
      ['Line 1', 'teal'],
    ]);
  });

  it('keeps rows in their places while the order is frozen', () => {
    const plant = silentPlant(['a', 'b', 'c']);
    plant.hear(['#']);
    pace(plant, 'a', 2000, 6);
    pace(plant, 'b', 2000, 6);
    const view = open(plant);
    const topics = (part: Partial<Params>) => view.look(part).rows.map(({ topic }) => topic);
    expect(topics({ frozen: true })).toEqual(['a', 'b']);
    plant.wait(9000);
    plant.receive('a');
    plant.receive('c');
    expect(topics({ frozen: true })).toEqual(['a', 'b', 'c']);
    plant.wait(1500);
    expect(topics({ frozen: false })).toEqual(['b', 'a', 'c']);
  });

  it('begins with what outlived the log, and goes on from it after rows were missed', () => {
    // Half a megabyte holds a few hundred of these.
    const plant = silentPlant(['rare', 'busy'], 600_000);
    plant.hear(['#']);
    pace(plant, 'rare', 1000, 6);
    const view = open(plant);
    const watching = view.look();
    expect(rowOf(watching, 'rare')).toMatchObject({ usual: 1000 });
    plant.wait(2000);
    plant.receive('rare');
    for (let count = 0; count < 3000; count++) {
      plant.wait(1);
      plant.receive('busy', { text: 'x'.repeat(1000) });
    }
    expect(plant.log.counts.evicted).toBeGreaterThan(0);
    // It missed the message among those that went, but finds it among the newest of the topics.
    expect(rowOf(view.look(), 'rare')).toMatchObject({ usual: 1000, length: 3000, longest: 1000 });
    // Who looks now for the first time knows only that one.
    const late = open(plant).look();
    expect(rowOf(late, 'rare')).toMatchObject({ messages: 1, length: 3000 });
    expect(rowOf(late, 'rare')?.usual).toBeUndefined();
    plant.wait(1000);
    plant.receive('rare');
    expect(rowOf(view.look(), 'rare')).toMatchObject({ longest: 4000, length: 0 });
  });

  it('does not take what it has not read yet for silence', () => {
    const plant = silentPlant(['a', 'b']);
    plant.hear(['#']);
    for (let count = 0; count < 20_000; count++) {
      plant.wait(10);
      plant.receive(count % 2 === 0 ? 'a' : 'b');
    }
    const { feed } = open(plant);
    let steps = 0;
    while (feed.advance(0)) {
      const window = feed.build(true);
      steps += 1;
      expect(window?.progress).toBeLessThan(1);
      expect(window?.counts.quiet).toBe(0);
      expect(window?.counts.late).toBe(0);
    }
    expect(steps).toBeGreaterThan(3);
    expect(feed.build(true)).toMatchObject({ progress: 1, at: plant.now, counts: { onTime: 2 } });
  });

  it('tells one topic the same as all', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            wait: fc.integer({ min: 0, max: 5000 }),
            act: fc.constantFrom('a', 'a', 'a', 'b', 'retained', 'own', 'lose', 'back', 'only b'),
          }),
          { maxLength: 80 },
        ),
        (acts) => {
          const one = silentPlant(['a', 'b']);
          one.hear(['#']);
          const all = open(one);
          const single = new TopicSilenceFeed(one.sources, {
            sessionId: SESSION,
            topicId: 1,
            topic: 'a',
          });
          for (const { wait, act } of acts) {
            one.wait(wait);
            if (act === 'a' || act === 'b') {
              one.receive(act);
            } else if (act === 'retained') {
              one.receive('a', { retain: true });
            } else if (act === 'own') {
              one.publish('a', String(wait));
              one.receive('a', { text: String(wait) });
            } else if (act === 'lose') {
              one.hear(undefined);
            } else {
              one.hear(act === 'back' ? ['#'] : ['b']);
            }
            if (wait % 3 === 0) {
              single.advance(soon());
              all.feed.advance(soon());
            }
          }
          one.receive('a', { text: 'end' });
          one.wait(700);
          single.advance(soon());
          const row = all.look().rows.find(({ topic }) => topic === 'a');
          const { topicId: _, topic: __, ...rhythm } = row ?? { topicId: 1, topic: 'a' };
          expect(single.build(true)?.rhythm).toEqual(rhythm);
        },
      ),
    );
  });

  it('begins anew with a restarted session', () => {
    const plant = silentPlant(['a']);
    const view = open(plant);
    pace(plant, 'a', 1000, 6);
    expect(view.look().topics).toBe(1);
    plant.sources.logs.close(SESSION);
    expect(view.feed.advance(soon())).toBe(false);
    plant.sources.logs.apply(SESSION, { type: 'open', control: new SharedArrayBuffer(16) });
    expect(view.look().topics).toBe(0);
  });
});

describe('SilenceScan', () => {
  it('follows a bounded number of topics and says how many it leaves out', () => {
    const names = Array.from({ length: 30 }, (_, index) => `t/${index}`);
    const plant = silentPlant(names);
    const reader = plant.sources.logs.reader(SESSION);
    const scan = new SilenceScan({ names: plant.sources.names.take(SESSION), maxTopics: 20 });
    for (let round = 0; round < 6; round++) {
      for (const name of names) {
        plant.wait(100);
        plant.receive(name);
      }
    }
    expect(reader).toBeDefined();
    if (reader !== undefined) {
      scan.advance(reader, [], soon());
    }
    expect(scan).toMatchObject({ leftOut: 10, progress: 1 });
    expect(scan.table.slots).toBe(20);
    expect(scan.table.usual(19)).toBe(3000);
  });

  it('waits for names without losing a row', () => {
    const plant = silentPlant(['a', 'b']);
    const known = new Map<number, string>();
    const wanted: number[][] = [];
    const scan = new SilenceScan({
      names: { get: (id) => known.get(id), want: (ids) => wanted.push([...ids]) },
    });
    pace(plant, 'a', 1000, 6);
    pace(plant, 'b', 1000, 6);
    const reader = plant.sources.logs.reader(SESSION);
    const advance = () => (reader === undefined ? undefined : scan.advance(reader, [], soon()));
    expect(advance()).toBe(false);
    expect(scan.table.slots).toBe(0);
    known.set(1, 'a');
    expect(advance()).toBe(false);
    expect(scan.topics).toEqual(['a']);
    expect(scan.progress).toBeLessThan(1);
    known.set(2, 'b');
    expect(advance()).toBe(false);
    expect(scan.topics.map((_, slot) => [scan.table.messages(slot), scan.table.usual(slot)])).toEqual([
      [6, 1000],
      [6, 1000],
    ]);
    expect(wanted).toEqual([[1, 2], [2]]);
  });
});
