import { describe, expect, it } from 'vitest';
import { ValueEcho } from './value-echo.ts';

describe('ValueEcho', () => {
  it('knows its own values, also when they come back late', () => {
    const echo = new ValueEcho('');
    echo.sent('a');
    echo.sent('ab');
    expect(echo.isEcho('a')).toBe(true);
    expect(echo.isEcho('ab')).toBe(true);
    expect(echo.isEcho('ab')).toBe(true);
  });

  it('takes every other value as set from outside', () => {
    const echo = new ValueEcho('start');
    expect(echo.isEcho('start')).toBe(true);
    echo.sent('typed');
    expect(echo.isEcho('recalled')).toBe(false);
    expect(echo.isEcho('recalled')).toBe(true);
    expect(echo.isEcho('typed')).toBe(false);
  });

  it('takes a refused change back: the owner keeps the value from before', () => {
    const echo = new ValueEcho('kept');
    echo.sent('kept!');
    expect(echo.isEcho('kept')).toBe(false);
  });
});
