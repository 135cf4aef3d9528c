import { useState } from 'react';
import { formatDuration, formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { SavedMessage } from '#app/library/saved-message.ts';
import { useEnvironment } from '#renderer/state/engine-data.ts';
import { type SentTemplate, sendTemplate } from '#renderer/state/send-template.ts';

/** What became of the last sending of a message. */
export type Sending =
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent'; readonly words: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Sender {
  /** By the id of the message. */
  readonly outcomes: Readonly<Record<string, Sending>>;
  send(message: SavedMessage, confirmation?: Promise<string>): Promise<void>;
}

/** Sends saved messages by one click. */
export function useSending(session: SessionSummary): Sender {
  const environment = useEnvironment(session.profile.environmentId);
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Sending>>>({});
  const show = (id: string, outcome: Sending) => setOutcomes((before) => ({ ...before, [id]: outcome }));
  return {
    outcomes,
    async send({ id, message }, confirmation) {
      show(id, { kind: 'sending' });
      try {
        const sent = await sendTemplate(session, environment, message, confirmation);
        const failure = sent.kind === 'many' ? sent.many.failure?.failure : undefined;
        show(
          id,
          failure === undefined ? { kind: 'sent', words: sentWords(sent) } : { kind: 'failed', failure },
        );
      } catch (error) {
        show(id, { kind: 'failed', failure: toFailure(error) });
      }
    },
  };
}

/** `Sent`, `12 ms`, `10 messages`: short enough for a row. */
export function sentWords(sent: SentTemplate): string {
  if (sent.kind === 'many') {
    return formatQuantity(sent.many.published, 'message');
  }
  const { outcome } = sent;
  if (outcome.kind === 'sent') {
    return 'Sent';
  }
  const time = formatDuration(Math.max(0, outcome.acknowledgedAt - outcome.sentAt));
  return outcome.reasonCode === 0 ? `Acknowledged, ${time}` : `${outcome.reasonName}, ${time}`;
}
