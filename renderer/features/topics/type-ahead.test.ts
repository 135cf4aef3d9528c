import { describe, expect, test } from 'vitest';
import { findTyped, TypeAhead, wantedBy } from './type-ahead.ts';

test('a pause begins a new word', () => {
  const typing = new TypeAhead();
  expect(typing.type('a', 1000)).toBe('a');
  expect(typing.type('b', 1500)).toBe('ab');
  expect(typing.isTyping(2000)).toBe(true);
  expect(typing.isTyping(2300)).toBe(false);
  expect(typing.type('c', 2300)).toBe('c');
});

describe('findTyped', () => {
  const names = ['alpha', 'Area', 'beta', 'area51'];
  const find = (from: number, word: string) => findTyped(names, from, wantedBy(word));

  test('one character goes on to the next match', () => {
    expect(find(0, 'a')).toBe(1);
    expect(find(1, 'aaa')).toBe(3);
    expect(find(3, 'a')).toBeUndefined();
  });

  test('a longer word stays as long as it fits', () => {
    expect(find(1, 'ar')).toBe(1);
    expect(find(1, 'area5')).toBe(3);
    expect(find(0, 'AREA')).toBe(1);
  });

  test('finds nothing where nothing begins so', () => {
    expect(find(0, 'x')).toBeUndefined();
    expect(findTyped([], 0, wantedBy('a'))).toBeUndefined();
  });
});
