import { describe, expect, it } from 'vitest';
import { forgetSession } from '#renderer/state/workspace.ts';
import { changeDraft, emptyDraft, readDraft, takeRequest } from './publish-draft.ts';

describe('drafts', () => {
  it('go with their session, and only with theirs', () => {
    changeDraft('s1', { topic: 'a' });
    changeDraft('s2', { topic: 'b' });
    expect(takeRequest('s1', 1)).toBe(true);
    expect(takeRequest('s1', 1)).toBe(false);
    forgetSession('s1');
    expect(readDraft('s1')).toBe(emptyDraft);
    expect(readDraft('s2').topic).toBe('b');
    expect(takeRequest('s1', 1)).toBe(true);
  });
});
