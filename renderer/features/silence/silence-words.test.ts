import { describe, expect, it } from 'vitest';
import type { SilenceWindow } from '#app/contract/feeds/silence.ts';
import { rhythmNow, timesText } from '#renderer/state/rhythm.ts';
import { spreadText, summaryText } from './silence-words.ts';

describe('silence in words', () => {
  it('has a digit behind the point where it matters', () => {
    expect([0, 4.24, 9.949, 9.96, 35.4, 1234.5, 9999.4, 1e7].map(timesText)).toEqual([
      '0.0×',
      '4.2×',
      '9.9×',
      '10×',
      '35×',
      '1,235×',
      '9,999×',
      'over 9,999×',
    ]);
  });

  it('names two ends, or one where they look alike', () => {
    expect(spreadText({ shortest: 4800, longest: 5310 })).toBe('4.8 s – 5.3 s');
    expect(spreadText({ shortest: 1501, longest: 1504 })).toBe('1.5 s');
    expect(spreadText({})).toBe('');
  });

  it('moves on with time, unless nothing can be heard', () => {
    const running = { silence: { kind: 'running', since: 1000 }, usual: 500 } as const;
    expect(rhythmNow(running, 1500, 3)).toEqual({ state: 'onTime', times: 1 });
    expect(rhythmNow(running, 3500, 3)).toEqual({ state: 'quiet', times: 5 });
    const held = { silence: { kind: 'held', length: 5000 }, usual: 500 } as const;
    expect(rhythmNow(held, 99_000, 3)).toEqual({ state: 'unheard', times: 10 });
    expect(rhythmNow({ silence: { kind: 'unknown' } }, 5, 3)).toEqual({
      state: 'learning',
      times: undefined,
    });
  });

  it('sums up, and says what is left out', () => {
    const window: SilenceWindow = {
      at: 0,
      offset: 0,
      total: 0,
      rows: [],
      counts: { quiet: 2, late: 1, onTime: 1200, learning: 0, unheard: 0 },
      topics: 200_000,
      leftOut: 0,
      progress: 1,
    };
    expect(summaryText(window)).toBe('2 quiet, 1 late, 1,200 on time');
    expect(
      summaryText({
        ...window,
        counts: { ...window.counts, learning: 3, unheard: 4 },
        leftOut: 12,
        progress: 0.259,
      }),
    ).toBe(
      '25 % read, 2 quiet, 1 late, 1,200 on time, 3 learning, 4 not heard, 12 topics beyond 200,000 left out',
    );
  });
});
