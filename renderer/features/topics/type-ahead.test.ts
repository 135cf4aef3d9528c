import { describe, expect, test } from 'vitest';
import { findTyped, TypeAhead } from './type-ahead.ts';

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

  test('one character goes on to the next match, and around the end', () => {
    expect(findTyped(names, 0, 'a')).toBe(1);
    expect(findTyped(names, 1, 'a')).toBe(3);
    expect(findTyped(names, 3, 'aa')).toBe(0);
  });

  test('a longer word stays as long as it fits', () => {
    expect(findTyped(names, 1, 'ar')).toBe(1);
    expect(findTyped(names, 1, 'area5')).toBe(3);
    expect(findTyped(names, 0, 'AREA')).toBe(1);
  });

  test('finds nothing where nothing begins so', () => {
    expect(findTyped(names, 0, 'x')).toBeUndefined();
    expect(findTyped([], 0, 'a')).toBeUndefined();
  });
});
