import { describe, expect, it } from 'vitest';
import { silenceAt, silenceState, timesUsual } from './silence.ts';

describe('silenceState', () => {
  const heard = (length: number | undefined, usual: number | undefined, factor = 3) =>
    silenceState(length, usual, factor, true);

  it('goes by the times of the usual interval', () => {
    expect(heard(7500, 5000)).toBe('onTime');
    expect(heard(7501, 5000)).toBe('late');
    expect(heard(15_000, 5000)).toBe('late');
    expect(heard(15_001, 5000)).toBe('quiet');
    expect(heard(15_001, 5000, 4)).toBe('late');
    expect(heard(5001, 5000, 1)).toBe('quiet');
  });

  it('calls nothing silence that took less than a second', () => {
    expect(heard(999, 10)).toBe('onTime');
    expect(heard(1000, 10)).toBe('quiet');
    expect(timesUsual(1000, 0)).toBe(1000);
  });

  it('says where nothing can be known', () => {
    expect(heard(1_000_000, undefined)).toBe('learning');
    expect(silenceState(1_000_000, 5000, 3, false)).toBe('unheard');
    expect(silenceState(undefined, undefined, 3, false)).toBe('learning');
  });
});

describe('silenceAt', () => {
  it('goes on, stands still, or is not known', () => {
    expect(silenceAt({ kind: 'running', since: 100 }, 350)).toBe(250);
    expect(silenceAt({ kind: 'running', since: 100 }, 50)).toBe(0);
    expect(silenceAt({ kind: 'held', length: 70 }, 350)).toBe(70);
    expect(silenceAt({ kind: 'unknown' }, 350)).toBeUndefined();
  });
});
