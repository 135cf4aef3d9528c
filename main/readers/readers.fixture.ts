import { expect } from 'vitest';
import { FailureError, toFailure } from '#app/contract/failure.ts';
import { MessageLog } from '../session/log/message-log.ts';
import { packFlags, RowKind, type SharedLogUpdate } from '../session/log/shared-log.ts';

/** UTF-8 bytes of a text. */
export const bytes = (text: string) => new TextEncoder().encode(text);

/** A log with one topic per message, so that only the budget decides what is kept. */
export function newLog(publish: (update: SharedLogUpdate) => void, budget = 8 * 1024 * 1024) {
  const newest = new Map<number, number>();
  const log = new MessageLog({ budget, newestReceived: (topic) => newest.get(topic) ?? 0, publish });
  return {
    receive(payload: Uint8Array, topic = 1, properties?: Uint8Array): number {
      const flags = packFlags(RowKind.received, 0, false, false);
      const sequence = log.appendReceived(topic, payload, 1, flags, newest.get(topic) ?? 0, properties);
      newest.set(topic, sequence);
      return sequence;
    },
  };
}

/** The failure that a promise rejects with. */
export const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FailureError);
  return toFailure(error);
};
