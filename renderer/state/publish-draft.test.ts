import { describe, expect, it } from 'vitest';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { forgetSession } from '#renderer/state/workspace.ts';
import { changeDraft, emptyDraft, readDraft, takeRequest, writtenMessage } from './publish-draft.ts';

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

  it('are handed on as they are written, and not at all where a file hides the text', () => {
    changeDraft('s3', { topic: 'a', text: 'hidden', file: new File(['seen'], 'a.bin') });
    expect(() => writtenMessage('s3')).toThrow('“a.bin”');
    changeDraft('s3', { file: undefined });
    expect(writtenMessage('s3')).toEqual({ ...emptyTemplate, topic: 'a', text: 'hidden' });
  });
});
