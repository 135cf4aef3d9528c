import { describe, expect, it } from 'vitest';
import { pathSegments } from './path-segments.ts';

describe('pathSegments', () => {
  it('gives each level its path, empty ones too', () => {
    expect(pathSegments('/a//b')?.map(({ name, path }) => [name, path])).toEqual([
      ['', ''],
      ['a', '/a'],
      ['', '/a/'],
      ['b', '/a//b'],
    ]);
  });

  it('leaves long topics whole', () => {
    expect(pathSegments('a/'.repeat(20))).toBeUndefined();
    expect(pathSegments('x'.repeat(201))).toBeUndefined();
    expect(pathSegments('x')?.[0]?.isLast).toBe(true);
  });
});
