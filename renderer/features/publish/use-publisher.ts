import { useRef, useState } from 'react';
import { formatBytes, formatQuantity } from '#app/base/format.ts';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import {
  MAX_INLINE_PAYLOAD,
  MAX_TOGETHER_BYTES,
  type PublishedMany,
  type PublishOutcome,
} from '#app/contract/operations/session.ts';
import type { Guard, PublishProperties, Qos } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { bytesSource, type Outgoing, send } from '#renderer/client/send.ts';
import { useEngineData } from '#renderer/state/engine-data.ts';
import { findRetained, type RetainedMessage } from './retained.ts';

/** What became of the last press of the button. */
type Outcome =
  | { readonly kind: 'idle' }
  /** `staged` of `size` bytes are with the engine. */
  | { readonly kind: 'sending'; readonly staged: number; readonly size: number }
  /** For what the broker holds, before it is cleared. */
  | { readonly kind: 'looking'; readonly topic: string }
  | { readonly kind: 'done'; readonly outcome: PublishOutcome }
  | { readonly kind: 'doneMany'; readonly many: PublishedMany }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly isOffline: boolean }
  /** Nothing is known of what would be cleared (it could not be undone), or the connection is a production one. */
  | { readonly kind: 'confirm-clear'; readonly topic: string; readonly isKnown: boolean }
  | { readonly kind: 'cleared'; readonly topic: string; readonly before: RetainedMessage | undefined }
  | { readonly kind: 'restored'; readonly topic: string };

/** Small messages that go out together. */
export interface OutgoingMany {
  readonly messages: readonly {
    readonly topic: string;
    readonly payload: Uint8Array<ArrayBuffer>;
    readonly properties: PublishProperties;
  }[];
  readonly qos: Qos;
  readonly retain: boolean;
}

export interface Publisher {
  readonly outcome: Outcome;
  /** Resolves true when the message is out (QoS 0) or acknowledged. */
  publish(message: Outgoing, confirmation?: Promise<string>): Promise<boolean>;
  /** One message to each of several topics; true when all are out. */
  publishMany(many: OutgoingMany, confirmation?: Promise<string>): Promise<boolean>;
  cancel(): void;
  /** Clears the topic's retained message; asks first when it could not be put back. */
  clearRetained(topic: string, isConfirmed: boolean, confirmation?: Promise<string>): Promise<void>;
  restore(before: RetainedMessage, confirmation?: Promise<string>): Promise<void>;
  /** Shows why nothing was sent. */
  refuse(failure: Failure): void;
  reset(): void;
}

/** Sends for one session and keeps the outcome of the last sending; of several under way, the newest is shown. */
export function usePublisher(sessionId: string, guard: Guard): Publisher {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' });
  const latest = useRef<{ readonly abort: AbortController } | undefined>(undefined);

  const run = async (
    message: Outgoing,
    done: (outcome: PublishOutcome) => Outcome,
    confirmation?: Promise<string>,
  ): Promise<boolean> => {
    const current = { abort: new AbortController() };
    latest.current = current;
    const show = (next: Outcome) => {
      if (latest.current === current) {
        setOutcome(next);
      }
    };
    const { size } = message.payload;
    show({ kind: 'sending', staged: 0, size });
    try {
      checkConnected(sessionId);
      const token = confirmation === undefined ? {} : { confirmation: await confirmation };
      const result = await send(
        engineClient(),
        sessionId,
        { ...message, ...token },
        {
          onProgress: (staged) => show({ kind: 'sending', staged, size }),
          signal: current.abort.signal,
        },
      );
      show(done(result));
      return true;
    } catch (error) {
      const failure = toFailure(error);
      show({ kind: 'failed', failure, isOffline: failure.code === OFFLINE });
      return false;
    }
  };

  return {
    outcome,
    publish: (message, confirmation) =>
      run(message, (result) => ({ kind: 'done', outcome: result }), confirmation),
    async publishMany({ messages, qos, retain }, confirmation) {
      const current = { abort: new AbortController() };
      latest.current = current;
      const show = (next: Outcome) => {
        if (latest.current === current) {
          setOutcome(next);
        }
      };
      const size = messages.reduce((sum, { payload }) => sum + payload.length, 0);
      show({ kind: 'sending', staged: 0, size });
      try {
        checkConnected(sessionId);
        checkTogether(messages, size);
        const token = confirmation === undefined ? {} : { confirmation: await confirmation };
        const many = await engineClient().session(sessionId, 'publish.many', {
          messages: messages.map((message) => ({ ...message, properties: { ...message.properties } })),
          qos,
          retain,
          ...token,
        });
        show({ kind: 'doneMany', many });
        return many.failed === 0;
      } catch (error) {
        const failure = toFailure(error);
        show({ kind: 'failed', failure, isOffline: failure.code === OFFLINE });
        return false;
      }
    },
    cancel: () => latest.current?.abort.abort(),
    async clearRetained(topic, isConfirmed, confirmation) {
      const current = { abort: new AbortController() };
      latest.current = current;
      try {
        checkConnected(sessionId);
        setOutcome({ kind: 'looking', topic });
        const before = await findRetained(engineClient(), sessionId, topic);
        // Looking takes up to seconds: something else was pressed meanwhile, and this was not meant any more.
        if (latest.current !== current) {
          return;
        }
        if ((before === undefined || guard === 'confirm') && !isConfirmed) {
          setOutcome({ kind: 'confirm-clear', topic, isKnown: before !== undefined });
          return;
        }
        const nothing = bytesSource(new Uint8Array());
        // At QoS 1, so that it is known to have arrived.
        const message: Outgoing = { topic, payload: nothing, qos: 1, retain: true, properties: {} };
        await run(message, () => ({ kind: 'cleared', topic, before }), confirmation);
      } catch (error) {
        const failure = toFailure(error);
        if (latest.current === current) {
          setOutcome({ kind: 'failed', failure, isOffline: failure.code === OFFLINE });
        }
      }
    },
    async restore({ message }, confirmation) {
      await run(message, () => ({ kind: 'restored', topic: message.topic }), confirmation);
    },
    refuse(failure) {
      latest.current = undefined;
      setOutcome({ kind: 'failed', failure, isOffline: false });
    },
    reset() {
      latest.current = undefined;
      setOutcome({ kind: 'idle' });
    },
  };
}

const OFFLINE = 'publish.offline';

/** What does not fit one request. */
function checkTogether(messages: OutgoingMany['messages'], size: number): void {
  const largest = Math.max(0, ...messages.map(({ payload }) => payload.length));
  if (largest > MAX_INLINE_PAYLOAD || size > MAX_TOGETHER_BYTES) {
    throw fail(
      'publish.large',
      `Nothing was sent: ${formatBytes(size)} in ${formatQuantity(messages.length, 'message')} are too many at once.`,
      `Together they may have ${formatBytes(MAX_TOGETHER_BYTES)}, and each ${formatBytes(MAX_INLINE_PAYLOAD)}.`,
    );
  }
}

/** Said before the engine is asked, so that the reason is the connection's state now. */
function checkConnected(sessionId: string): void {
  const state = useEngineData.getState().sessions?.find((session) => session.sessionId === sessionId)?.state;
  if (state?.kind !== 'connected') {
    throw fail(
      OFFLINE,
      'Nothing was sent: there is no connection to the broker.',
      state?.kind === 'connecting' || state?.kind === 'waiting'
        ? 'Topicscope is connecting. Publish again once it is connected.'
        : 'Connect, then publish again. What is written here stays.',
    );
  }
}
