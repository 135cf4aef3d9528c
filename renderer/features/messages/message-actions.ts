import type { MessageRow } from '#app/contract/feeds/session.ts';
import { engineClient } from '#renderer/client/engine.ts';

/** UTF-16 units from which on the topic of a row may be cut. */
const MAX_ROW_TOPIC = 512;

/** The uncut topic of a row: at once unless it is very long. */
export function wholeTopic(sessionId: string, row: MessageRow): string | Promise<string> {
  return row.topic.length < MAX_ROW_TOPIC
    ? row.topic
    : engineClient()
        .session(sessionId, 'message.get', { sequence: row.sequence })
        .then(({ topic }) => topic);
}
