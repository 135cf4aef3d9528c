import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatQuantity, formatTime } from './format.ts';

describe('formatting for people', () => {
  it('names sizes with three digits at most', () => {
    const shown = [0, 1, 999, 1000, 1234, 9949, 9950, 64_000, 999_499, 999_500, 1_200_000, 5e12, 1e16];
    expect(shown.map(formatBytes)).toEqual([
      '0 B',
      '1 B',
      '999 B',
      '1.0 KB',
      '1.2 KB',
      '9.9 KB',
      '10 KB',
      '64 KB',
      '999 KB',
      '1.0 MB',
      '1.2 MB',
      '5.0 TB',
      '10000 TB',
    ]);
  });

  it('separates thousands and counts nouns', () => {
    expect([0, 999, 1000, 1234567, -1234].map(formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
      '-1,234',
    ]);
    expect(formatQuantity(1, 'byte')).toBe('1 byte');
    expect(formatQuantity(2000, 'byte')).toBe('2,000 bytes');
    expect(formatQuantity(0, 'entry', 'entries')).toBe('0 entries');
  });

  it('names times and lengths of time', () => {
    expect(formatTime(new Date(2026, 0, 2, 3, 4, 5, 67).getTime())).toBe('03:04:05.067');
    expect([0, 0.42, 12, 999.4, 999.6, 1234, 59_949, 60_000, 200_000, 7_500_000].map(formatDuration)).toEqual(
      ['0 ms', '0.4 ms', '12 ms', '999 ms', '1.0 s', '1.2 s', '60 s', '1 min 0 s', '3 min 20 s', '2 h 5 min'],
    );
  });
});
