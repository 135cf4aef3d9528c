import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pacedFeed } from './paced-feed.ts';
import { Pacer } from './pacer.ts';

describe('Pacer', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ticks at once after a pause, then every 85 ms at most, and never while nothing changed', () => {
    const pacer = new Pacer();
    let ticks = 0;
    pacer.onTick(() => {
      ticks += 1;
    });
    vi.advanceTimersByTime(1000);
    expect(ticks).toBe(0);
    pacer.markDirty();
    pacer.markDirty();
    vi.advanceTimersByTime(1);
    expect(ticks).toBe(1);
    for (let time = 0; time < 1000; time++) {
      pacer.markDirty();
      vi.advanceTimersByTime(1);
    }
    expect(ticks).toBeGreaterThan(9);
    expect(ticks).toBeLessThanOrEqual(13);
    const before = ticks;
    vi.advanceTimersByTime(100);
    const settled = ticks;
    expect(settled - before).toBeLessThanOrEqual(1);
    vi.advanceTimersByTime(5000);
    expect(ticks).toBe(settled);
  });

  it('goes on with the others when one listener fails, and stops when disposed', () => {
    const errors: unknown[] = [];
    const pacer = new Pacer((error) => errors.push(error));
    let ticks = 0;
    pacer.onTick(() => {
      throw new Error('broken');
    });
    const second = pacer.onTick(() => {
      ticks += 1;
    });
    pacer.markDirty();
    vi.advanceTimersByTime(100);
    expect([ticks, errors.length]).toEqual([1, 1]);
    second.dispose();
    pacer.markDirty();
    vi.advanceTimersByTime(100);
    expect([ticks, errors.length]).toEqual([1, 2]);
    pacer.dispose();
    pacer.markDirty();
    vi.advanceTimersByTime(1000);
    expect(errors.length).toBe(2);
  });

  it('sends a window only when one is wanted and something changed, at once when moved', () => {
    const pacer = new Pacer();
    const pushed: string[] = [];
    let version = 1;
    let shown = 0;
    const feed = pacedFeed<string, string>(pacer, 'a', (window) => pushed.push(window), {
      build(params, moved) {
        if (!moved && shown === version) {
          return undefined;
        }
        shown = version;
        return `${params}${version}`;
      },
    });
    expect(pushed).toEqual([]);
    feed.pull();
    expect(pushed).toEqual(['a1']);
    version = 2;
    pacer.markDirty();
    vi.advanceTimersByTime(200);
    // The client has not taken the first one yet.
    expect(pushed).toEqual(['a1']);
    feed.pull();
    vi.advanceTimersByTime(200);
    expect(pushed).toEqual(['a1', 'a2']);
    feed.pull();
    vi.advanceTimersByTime(200);
    expect(pushed).toHaveLength(2);
    feed.update('b');
    expect(pushed).toEqual(['a1', 'a2', 'b2']);
    feed.update('c');
    expect(pushed).toHaveLength(3);
    feed.pull();
    expect(pushed.at(-1)).toBe('c2');
    feed.dispose();
    version = 3;
    pacer.markDirty();
    vi.advanceTimersByTime(200);
    expect(pushed).toHaveLength(4);
  });
});
