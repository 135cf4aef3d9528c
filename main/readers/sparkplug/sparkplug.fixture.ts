import type { MessagePort } from 'node:worker_threads';
import sparkplug from 'sparkplug-payload';
import { MessageLog } from '../../session/log/message-log.ts';
import { packFlags, RowKind, type SharedLogUpdate } from '../../session/log/shared-log.ts';
import type { TopicsAsked, TopicsTold } from '../../session/log/topic-names.ts';
import { AlongReaders } from '../along-readers.ts';
import { SessionLogs } from '../session-logs.ts';
import { SessionRules } from '../session-rules.ts';

type Reference = NonNullable<ReturnType<typeof sparkplug.get>>;
export type ReferencePayload = Parameters<Reference['encodePayload']>[0];
export type ReferenceMetric = NonNullable<NonNullable<ReferencePayload['metrics']>[number]>;

export const START = 1_700_000_000_000;

/** A payload by the reference library (Eclipse Tahu). */
export function encoded(payload: ReferencePayload): Uint8Array {
  const bytes = sparkplug.get('spBv1.0')?.encodePayload(payload);
  if (bytes === undefined) {
    throw new Error('no reference library');
  }
  return new Uint8Array(bytes);
}

/** A session with a log and topics by name, and what reads along with it. */
export function startSession(budget = 8 * 1024 * 1024) {
  const logs = new SessionLogs();
  const ids = new Map<string, number>();
  const names: string[] = [''];
  const ask = (_sessionId: string, port: MessagePort) => {
    port.on('message', (asked: TopicsAsked) => port.postMessage(answer(asked)));
    port.unref();
  };
  const answer = (asked: TopicsAsked): TopicsTold => {
    if ('find' in asked) {
      const found = asked.find.map((name) => ids.get(name) ?? 0);
      return { ids: found, names: asked.find, isAll: false, isFound: true };
    }
    const wanted = 'ids' in asked ? asked.ids : names.map((_, id) => id).slice(asked.from);
    return {
      ids: wanted,
      names: wanted.map((id) => names[id] ?? ''),
      isAll: 'from' in asked,
    };
  };
  const rules = new SessionRules();
  const along = new AlongReaders(logs, { onBegin: () => {}, onEnd: () => {} }, ask, rules);
  const newest = new Map<number, number>();
  const log = new MessageLog({
    budget,
    newestReceived: (topicId) => newest.get(topicId) ?? 0,
    publish: (update: SharedLogUpdate) => logs.apply('s', update),
  });
  let now = START;
  return {
    along,
    rules,
    log,
    logs,
    idOf: (topic: string) => ids.get(topic) ?? 0,
    receive(topic: string, payload: Uint8Array, retain = false): number {
      let id = ids.get(topic);
      if (id === undefined) {
        id = names.length;
        names.push(topic);
        ids.set(topic, id);
      }
      now += 1000;
      const flags = packFlags(RowKind.received, 0, retain, false);
      const sequence = log.appendReceived(id, payload, now, flags, newest.get(id) ?? 0, undefined);
      newest.set(id, sequence);
      return sequence;
    },
  };
}
