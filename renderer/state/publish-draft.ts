import { create } from 'zustand';
import { fail } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { emptyTemplate, type MessageTemplate } from '#app/publish/message-template.ts';
import { onDidForgetSession } from './workspace.ts';

/** What stands in the composer. A file takes the place of the text, which comes back with its removal. */
export interface PublishDraft extends MessageTemplate {
  readonly file: File | undefined;
}

export const emptyDraft: PublishDraft = { ...emptyTemplate, file: undefined };

interface DraftState {
  readonly drafts: Readonly<Record<string, PublishDraft>>;
  /** Serial of the last request of another pane that was taken over. */
  readonly taken: Readonly<Record<string, number>>;
}

/** What is written in the composers of all sessions; it outlives a pane that is folded away. */
const useDrafts = create<DraftState>(() => ({ drafts: {}, taken: {} }));

export function useDraft(sessionId: string): PublishDraft {
  return useDrafts((state) => state.drafts[sessionId] ?? emptyDraft);
}

export function readDraft(sessionId: string): PublishDraft {
  return useDrafts.getState().drafts[sessionId] ?? emptyDraft;
}

onDidForgetSession((sessionId) => {
  useDrafts.setState(({ drafts, taken }) => {
    const { [sessionId]: _draft, ...otherDrafts } = drafts;
    const { [sessionId]: _serial, ...otherSerials } = taken;
    return { drafts: otherDrafts, taken: otherSerials };
  });
});

/**
 * The message that is written in the composer, to be kept or published otherwise than by it. Throws `draft.file` where the
 * payload is a file: the text behind it is not what is seen, and files are not kept.
 */
export function writtenMessage(sessionId: string): MessageTemplate {
  const { file, ...message } = readDraft(sessionId);
  if (file !== undefined) {
    throw fail(
      'draft.file',
      `The payload in Publish is the file “${visibleText(file.name)}”; only a payload that is written there can be taken over.`,
      'Remove the file in Publish, which brings its text back.',
    );
  }
  return message;
}

/** Changes some of a draft. */
export function changeDraft(sessionId: string, patch: Partial<PublishDraft>): void {
  useDrafts.setState(({ drafts }) => ({
    drafts: { ...drafts, [sessionId]: { ...(drafts[sessionId] ?? emptyDraft), ...patch } },
  }));
}

/** True once for each request, also when the pane was not shown as it came. */
export function takeRequest(sessionId: string, serial: number): boolean {
  if (useDrafts.getState().taken[sessionId] === serial) {
    return false;
  }
  useDrafts.setState(({ taken }) => ({ taken: { ...taken, [sessionId]: serial } }));
  return true;
}
