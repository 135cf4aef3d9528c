import { beforeEach, describe, expect, it } from 'vitest';
import { WindowPace } from './window-pace.ts';

let now = 0;
let frames: (() => void)[] = [];
let timers: (() => void)[] = [];
let drawn: string[] = [];
const pace = () =>
  new WindowPace({
    now: () => now,
    onFrame: (callback) => frames.push(callback),
    after: (_milliseconds, callback) => timers.push(callback),
  });
const run = (callbacks: (() => void)[]) => {
  for (const callback of callbacks.splice(0)) {
    callback();
  }
};
const draw = (name: string) => () => {
  drawn.push(name);
};

beforeEach(() => {
  now = 10_000;
  frames = [];
  timers = [];
  drawn = [];
});

describe('WindowPace', () => {
  it('draws one large window a frame, in the order in which they came', () => {
    const paced = pace();
    for (const name of ['tree', 'stream', 'history']) {
      paced.showLarge(draw(name));
    }
    expect(drawn).toEqual(['tree']);
    run(frames);
    expect(drawn).toEqual(['tree', 'stream']);
    run(frames);
    expect(drawn).toEqual(['tree', 'stream', 'history']);
  });

  it('draws at once again when a frame went by without a window', () => {
    const paced = pace();
    paced.showLarge(draw('one'));
    run(frames);
    paced.showLarge(draw('two'));
    expect(drawn).toEqual(['one', 'two']);
  });

  it('draws small windows with the next large one', () => {
    const paced = pace();
    paced.showSmall(draw('status'));
    paced.showSmall(draw('counts'));
    expect(drawn).toEqual([]);
    paced.showLarge(draw('tree'));
    expect(drawn).toEqual(['status', 'counts', 'tree']);
    run(timers);
    expect(drawn).toHaveLength(3);
  });

  it('draws small windows soon where no large one comes', () => {
    const paced = pace();
    paced.showSmall(draw('status'));
    run(timers);
    paced.showSmall(draw('status again'));
    run(timers);
    expect(drawn).toEqual(['status', 'status again']);
  });

  it('takes the next window of a feed a frame after the last one', async () => {
    const paced = pace();
    let isSettled = false;
    const settled = paced.settled().then(() => {
      isSettled = true;
    });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    run(frames);
    await settled;
    expect(isSettled).toBe(true);
  });

  it('takes it at once, and draws what waits, when the user does something', async () => {
    const paced = pace();
    paced.showLarge(draw('one'));
    paced.showLarge(draw('two'));
    paced.showSmall(draw('status'));
    const settled = paced.settled();
    paced.noteAct();
    await settled;
    run(timers);
    expect(drawn).toEqual(['one', 'status', 'two']);
    await paced.settled();
  });

  it('draws nothing while the event of the user goes down', () => {
    const paced = pace();
    paced.showSmall(draw('status'));
    paced.noteAct();
    expect(drawn).toEqual([]);
  });

  it('holds nothing back, and keeps the order, while the user waits for an answer', () => {
    const paced = pace();
    paced.showLarge(draw('one'));
    paced.showLarge(draw('two'));
    paced.noteAct();
    now += 100;
    paced.showSmall(draw('answer'));
    paced.showLarge(draw('another'));
    expect(drawn).toEqual(['one', 'two', 'answer', 'another']);
    run(frames);
    expect(drawn).toHaveLength(4);
    now += 1000;
    paced.showLarge(draw('later'));
    paced.showLarge(draw('last'));
    expect(drawn.slice(4)).toEqual(['later']);
  });
});
