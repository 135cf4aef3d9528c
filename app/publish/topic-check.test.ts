import { describe, expect, it } from 'vitest';
import { checkTopic } from './topic-check.ts';

describe('checkTopic', () => {
  it('lets through what can be published to, and says why not otherwise', () => {
    expect(checkTopic('a/b', '5.0')).toEqual({ problem: undefined, warning: undefined });
    expect(checkTopic('', '5.0').problem).toBe('A topic needs at least one character.');
    expect(checkTopic('a/+/b', '5.0').problem).toContain('wildcard +');
    expect(checkTopic('a/#', '5.0').problem).toContain('wildcard #');
    expect(checkTopic('a\0b', '5.0').problem).toBeDefined();
    expect(checkTopic(' a', '5.0').problem).toContain('begins with white space');
    expect(checkTopic('a\n', '5.0').problem).toBeDefined();
    expect(checkTopic('a b', '5.0').problem).toBeUndefined();
  });

  it('points out what is legal and odd', () => {
    expect(checkTopic('$SYS/x', '5.0').warning).toContain('$');
    expect(checkTopic('a\u200bb', '5.0').warning).toContain('⟨U+200B⟩');
  });
});
