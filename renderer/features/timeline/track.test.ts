import { describe, expect, it } from 'vitest';
import type { TimelineMark } from '#app/contract/feeds/timeline.ts';
import {
  columnAt,
  densityPath,
  moveForKey,
  outages,
  shareOf,
  shifted,
  showing,
  timeAt,
  zoomed,
} from './track.ts';

const span = { from: 1000, to: 3000 };

describe('track of the timeline', () => {
  it('places times and finds them again', () => {
    expect([shareOf(span, 1000), shareOf(span, 2000), shareOf(span, 9000), shareOf(span, 0)]).toEqual([
      0, 0.5, 1, 0,
    ]);
    expect(timeAt(span, shareOf(span, 1234))).toBe(1234);
    expect(timeAt(span, -1)).toBe(1000);
    expect(shareOf({ from: 5, to: 5 }, 5)).toBe(1);
  });

  it('draws the densest column highest and leaves the empty ones out', () => {
    expect(densityPath([0, 100, 25])).toBe('M1 100V8.0h1V100zM2 100V50.5h1V100z');
    expect(densityPath([0, 0])).toBe('');
  });

  it('knows the times without connection', () => {
    const mark = (kind: TimelineMark['kind'], at: number) => ({ kind, at, text: '' });
    expect(outages([mark('lost', 1200), mark('connected', 1400), mark('disconnected', 2500)], span)).toEqual([
      { from: 1200, to: 1400 },
      { from: 2500, to: 3000 },
    ]);
    // Of the first one the beginning is not kept.
    expect(outages([mark('connected', 1100), mark('connected', 1200)], span)).toEqual([
      { from: 1000, to: 1100 },
    ]);
  });

  it('tells what is under the pointer', () => {
    expect(columnAt({ ...span, counts: [1, 2, 3, 4] }, 0.6)).toEqual({ count: 3, span: 500 });
    expect(columnAt({ ...span, counts: [1, 2] }, 1)).toEqual({ count: 2, span: 1000 });
  });

  it('takes the keys of a slider', () => {
    expect(['ArrowLeft', 'ArrowUp', 'PageDown', 'Home', 'End', 'x'].map(moveForKey)).toEqual([
      { kind: 'messages', by: -1 },
      { kind: 'messages', by: 1 },
      { kind: 'time', by: -0.05 },
      { kind: 'oldest' },
      { kind: 'live' },
      undefined,
    ]);
  });

  it('zooms around a moment that keeps its place, within what is kept', () => {
    expect(zoomed(span, 0.5, 1500, span)).toEqual({ from: 1250, to: 2250 });
    expect(zoomed(span, 0.5, 3000, span)).toEqual({ from: 2000, to: 3000 });
    expect(zoomed({ from: 2000, to: 3000 }, 1.5, 2000, span)).toEqual({ from: 1500, to: 3000 });
    expect(zoomed({ from: 2000, to: 3000 }, 2, 2000, span)).toBeUndefined();
    expect(zoomed({ from: 2000, to: 2010 }, 0.1, 2000, span)).toEqual({ from: 2000, to: 2020 });
    expect(zoomed(span, Number.POSITIVE_INFINITY, 1500, span)).toBeUndefined();
  });

  it('moves along, and to where a moment is seen', () => {
    const part = { from: 1500, to: 2000 };
    expect(shifted(part, 200, span)).toEqual({ from: 1700, to: 2200 });
    expect(shifted(part, -900, span)).toEqual({ from: 1000, to: 1500 });
    expect(showing(part, 1600, span)).toBe(part);
    expect(showing(part, 2800, span)).toEqual({ from: 2500, to: 3000 });
    expect(showing(part, 2400, span)).toEqual({ from: 2150, to: 2650 });
  });
});
