import { describe, expect, it } from 'vitest';
import { newRule } from '#app/profile/rules.ts';
import { open, pace, rowOf, SESSION, type SilenceParams, silentPlant, soon } from './silence.fixture.ts';

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

  it('shows the first topics at once', () => {
    const plant = silentPlant(['a']);
    plant.hear(['#']);
    const { feed } = open(plant);
    feed.advance(soon());
    expect(feed.build(true)).toMatchObject({ topics: 0, total: 0 });
    plant.receive('a');
    feed.advance(soon());
    expect(feed.build(false)).toMatchObject({ topics: 1, total: 1 });
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
    const topics = (part: Partial<SilenceParams>) => view.look(part).rows.map(({ topic }) => topic);
    const by = (column: SilenceParams['sort']['by'], descending = false) =>
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
    const topics = (part: Partial<SilenceParams>) => view.look(part).rows.map(({ topic }) => topic);
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
