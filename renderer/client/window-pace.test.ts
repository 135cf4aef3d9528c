import { beforeEach, describe, expect, it } from 'vitest';
import { WindowPace } from './window-pace.ts';

let now = 0;
let frames: (() => void)[] = [];
let drawn: string[] = [];
const pace = () => new WindowPace({ now: () => now, onFrame: (callback) => frames.push(callback) });
const frame = () => {
  for (const callback of frames.splice(0)) {
    callback();
  }
};

beforeEach(() => {
  now = 10_000;
  frames = [];
  drawn = [];
});

describe('WindowPace', () => {
  it('draws one window a frame, in the order in which they came', () => {
    const paced = pace();
    for (const name of ['tree', 'stream', 'status']) {
      paced.show(() => drawn.push(name));
    }
    expect(drawn).toEqual(['tree']);
    frame();
    expect(drawn).toEqual(['tree', 'stream']);
    frame();
    expect(drawn).toEqual(['tree', 'stream', 'status']);
  });

  it('draws at once again when a frame went by without a window', () => {
    const paced = pace();
    paced.show(() => drawn.push('one'));
    frame();
    paced.show(() => drawn.push('two'));
    expect(drawn).toEqual(['one', 'two']);
  });

  it('holds nothing back, and keeps the order, while the user waits for an answer', () => {
    const paced = pace();
    paced.show(() => drawn.push('one'));
    paced.show(() => drawn.push('two'));
    paced.noteAct();
    now += 100;
    paced.show(() => drawn.push('answer'));
    expect(drawn).toEqual(['one', 'two', 'answer']);
    frame();
    expect(drawn).toHaveLength(3);
    now += 1000;
    paced.show(() => drawn.push('later'));
    paced.show(() => drawn.push('last'));
    expect(drawn).toEqual(['one', 'two', 'answer', 'later']);
  });
});
