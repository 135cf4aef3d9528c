import { describe, expect, it } from 'vitest';
import { nextSliceSize, readAll } from './text-source.ts';

describe('nextSliceSize', () => {
  it('shrinks after a slow slice and grows after a fast one, within its bounds', () => {
    expect(nextSliceSize(512 * 1024, 48)).toBe(256 * 1024);
    expect(nextSliceSize(256 * 1024, 20)).toBe(Math.round((256 * 1024 * 16) / 20));
    expect(nextSliceSize(256 * 1024, 2)).toBe(512 * 1024);
    expect(nextSliceSize(256 * 1024, 0)).toBe(512 * 1024);
    expect(nextSliceSize(1024 * 1024, 1)).toBe(1024 * 1024);
    expect(nextSliceSize(192 * 1024, 500)).toBe(192 * 1024);
  });
});

describe('readAll', () => {
  it('goes on from where a shorter slice ended', async () => {
    const text = 'abcdefghij';
    const source = {
      id: '1',
      length: text.length,
      read: (offset: number) => Promise.resolve(text.slice(offset, offset + 3)),
    };
    expect(await readAll(source)).toBe(text);
  });

  it('stops at an empty slice and when nobody waits any more', async () => {
    let reads = 0;
    const source = { id: '1', length: 100, read: () => Promise.resolve(reads++ === 0 ? 'x' : '') };
    expect(await readAll(source)).toBe('x');
    expect(await readAll(source, () => false)).toBe('');
    expect(reads).toBe(2);
  });
});
