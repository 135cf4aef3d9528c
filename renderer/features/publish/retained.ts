import type { ContractClient } from '#app/contract/client.ts';
import type { MessagesWindow } from '#app/contract/feeds/session.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { MAX_INLINE_PAYLOAD } from '#app/contract/operations/session.ts';
import type { PublishProperties } from '#app/profile/profile.ts';
import type { Outgoing, PayloadSource } from '#renderer/client/send.ts';

/** A retained message as it can be put back, and when this session saw it (milliseconds since the epoch). */
export interface RetainedMessage {
  readonly message: Outgoing;
  readonly at: number;
}

/** How long the log is searched for the retained message of a topic, in milliseconds. */
const SEARCH_TIME = 2000;

/**
 * What the broker holds as the topic's retained message, as far as this session has seen it: the newest message on it
 * that came, or was sent, with RETAIN. `undefined` when none is known, or when the last such was a clearing.
 */
export async function findRetained(
  client: ContractClient,
  sessionId: string,
  topic: string,
): Promise<RetainedMessage | undefined> {
  const sequence = await newestRetained(client, sessionId, topic);
  if (sequence === undefined) {
    return undefined;
  }
  const details = await client.session(sessionId, 'message.get', { sequence });
  if (details.size === 0 || details.topic !== topic) {
    return undefined;
  }
  const message: Outgoing = {
    topic,
    payload: await copyPayload(client, sessionId, details),
    qos: details.qos,
    retain: true,
    properties: sendable(details.properties),
  };
  return { message, at: details.receivedAt };
}

/** Watches the log's filtered rows until the search has come to its end. */
function newestRetained(
  client: ContractClient,
  sessionId: string,
  topic: string,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const finish = (sequence: number | undefined) => {
      clearTimeout(timer);
      feed.dispose();
      resolve(sequence);
    };
    const timer = setTimeout(() => finish(undefined), SEARCH_TIME);
    const feed = client.sessionFeed(
      sessionId,
      'messages',
      {
        filter: { topicFilter: topic, retain: 'retained', includeMuted: true },
        count: 1,
        at: { kind: 'live' },
      },
      {
        onWindow({ rows, scanning }: MessagesWindow) {
          const newest = rows.filter(({ kind }) => kind === 'message').at(-1);
          if (newest !== undefined) {
            finish(newest.sequence);
          } else if (!scanning) {
            finish(undefined);
          }
        },
        onEnd: () => finish(undefined),
      },
    );
  });
}

/** Copied now: once cleared, the log may let the message go. */
async function copyPayload(
  client: ContractClient,
  sessionId: string,
  { sequence, size }: MessageDetails,
): Promise<PayloadSource> {
  const bytes = new Uint8Array(size);
  for (let offset = 0; offset < size; offset += MAX_INLINE_PAYLOAD) {
    const slice = await client.session(sessionId, 'message.bytes', {
      sequence,
      offset,
      length: MAX_INLINE_PAYLOAD,
    });
    bytes.set(slice.bytes, offset);
  }
  return { size, slice: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** What the broker added for this receiver only (alias, subscription identifiers) is not sent back. */
function sendable(properties: MessageDetails['properties']): PublishProperties {
  const { topicAlias: _alias, subscriptionIdentifiers: _identifiers, ...rest } = properties;
  return rest;
}
