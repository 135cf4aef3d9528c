import { describe, expect, it } from 'vitest';
import { nextPlace } from './roving.ts';

describe('nextPlace', () => {
  it('goes along a row, around its ends, and to them', () => {
    expect(nextPlace('ArrowRight', 0, 3)).toBe(1);
    expect(nextPlace('ArrowRight', 2, 3)).toBe(0);
    expect(nextPlace('ArrowLeft', 0, 3)).toBe(2);
    expect(nextPlace('Home', 2, 3)).toBe(0);
    expect(nextPlace('End', 0, 3)).toBe(2);
  });

  it('leaves other keys, and what is outside of the row, alone', () => {
    expect(nextPlace('ArrowDown', 0, 3)).toBeUndefined();
    expect(nextPlace('ArrowRight', -1, 3)).toBeUndefined();
    expect(nextPlace('Home', 0, 0)).toBeUndefined();
  });
});
