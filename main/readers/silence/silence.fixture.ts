import { MessageLog } from '../../session/log/message-log.ts';
import { packFlags, RowKind } from '../../session/log/shared-log.ts';
import type { TopicNames } from '../search/topic-names.ts';
import { SessionListening } from '../session-listening.ts';
import { SessionLogs } from '../session-logs.ts';
import { SessionRules } from '../session-rules.ts';
import type { SilenceSources } from './silence-feed.ts';

/** Id of the session. */
export const SESSION = 's';

/** One session with a clock of its own: a log, what it hears, and feeds over both. Topics are ids from 1 on. */
export function silentPlant(topics: readonly string[], budget = 8 * 1024 * 1024) {
  let now = 1_000_000;
  const newest = new Map<number, number>();
  const logs = new SessionLogs();
  const listening = new SessionListening();
  const rules = new SessionRules();
  const log = new MessageLog({
    budget,
    newestReceived: (topic) => newest.get(topic) ?? 0,
    publish: (update) => logs.apply(SESSION, update),
  });
  const names = {
    get: (id: number) => topics[id - 1] ?? '',
    want: () => {},
  } as Partial<TopicNames> as TopicNames;
  const sources: SilenceSources & { readonly logs: SessionLogs } = {
    logs,
    names: { take: () => names, giveBack: () => {} },
    listening,
    rules,
    now: () => now,
  };
  return {
    sources,
    rules,
    log,
    get now() {
      return now;
    },
    wait(milliseconds: number): void {
      now += milliseconds;
    },
    receive(topic: string, part: { readonly retain?: boolean; readonly text?: string } = {}): void {
      const id = topics.indexOf(topic) + 1;
      const flags = packFlags(RowKind.received, 0, part.retain ?? false, false);
      const payload = new TextEncoder().encode(part.text ?? 'x');
      newest.set(id, log.appendReceived(id, payload, now, flags, newest.get(id) ?? 0, undefined));
    },
    publish(topic: string, text = 'x'): void {
      const id = topics.indexOf(topic) + 1;
      log.appendPublished(id, new TextEncoder().encode(text), now, 0, false, undefined);
    },
    lose(): void {
      log.appendGap(now, 'Connection lost');
    },
    /** From now on these filters; none: offline. */
    hear(filters: readonly string[] | undefined, keepsRetain = false): void {
      listening.add(SESSION, {
        at: now,
        isConnected: filters !== undefined,
        filters: (filters ?? []).map((filter) => ({ filter, keepsRetain })),
      });
    },
  };
}
