import { emptyTemplate, type MessageTemplate } from '#app/publish/message-template.ts';

/** What stands in the composer. A file takes the place of the text, which comes back with its removal. */
export interface PublishDraft extends MessageTemplate {
  readonly file: File | undefined;
}

export const emptyDraft: PublishDraft = { ...emptyTemplate, file: undefined };
