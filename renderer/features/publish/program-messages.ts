import { fail } from '#app/contract/failure.ts';
import { MAX_PROGRAM_PAYLOAD, type ProgramMessage } from '#app/copy-as/program.ts';
import type { ComposedMessage } from '#app/publish/compose.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import type { PublishDraft } from '#renderer/state/publish-draft.ts';

/** The messages that a draft stands for, with the bytes of its file. Rejects with what composing says, and `copy.tooLarge`. */
export async function programMessages(
  { file, ...message }: PublishDraft,
  composed: (message: MessageTemplate) => readonly ComposedMessage[],
): Promise<readonly ProgramMessage[]> {
  const { qos, retain } = message;
  if (file === undefined) {
    return composed(message).map((one) => ({ ...one, qos, retain }));
  }
  if (file.size > MAX_PROGRAM_PAYLOAD) {
    throw fail(
      'copy.tooLarge',
      'This file is too large for the text of a program.',
      'Copy the program with a small payload, and have it read the file.',
    );
  }
  const payload = new Uint8Array(await file.arrayBuffer());
  // As it is published: nothing is filled in beside a file.
  const empty: MessageTemplate = { ...message, format: 'text', text: '', fills: false };
  return composed(empty).map((one) => ({ ...one, payload, qos, retain }));
}
