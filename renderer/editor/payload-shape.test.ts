import { describe, expect, it } from 'vitest';
import { areInTexts, payloadShape } from './payload-shape.ts';

describe('payloadShape', () => {
  it('is known of Sparkplug B, and of none that has no shape', () => {
    expect(payloadShape('sparkplug', undefined)).toHaveProperty('properties.metrics');
    expect(payloadShape('json', undefined)).toBeUndefined();
    expect(payloadShape('rule', undefined)).toBeUndefined();
  });
});

describe('areInTexts', () => {
  it('says whether JSON stays JSON with its generators', () => {
    expect(areInTexts('{"at": "{{now}}",\n "id": "a-{{seq}}"}')).toBe(true);
    expect(areInTexts('{"say": "\\"{{now}}\\""}')).toBe(true);
    expect(areInTexts('{"at": {{now ms}}}')).toBe(false);
    expect(areInTexts('{"a": "x", "at": {{now ms}}}')).toBe(false);
    expect(areInTexts('{"at": 1}')).toBe(true);
  });
});
