import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { type SilenceWindow, silenceAt, silenceFeeds } from '#app/contract/feeds/silence.ts';
import { MessageLog } from '../../session/log/message-log.ts';
import { packFlags, RowKind } from '../../session/log/shared-log.ts';
import type { TopicNames } from '../search/topic-names.ts';
import { SessionListening } from '../session-listening.ts';
import { SessionLogs } from '../session-logs.ts';
import { SessionRules } from '../session-rules.ts';
import { SilenceFeed, type SilenceSources } from './silence-feed.ts';

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

const schema = silenceFeeds.silence.params;
/** What a view of silence asks for. */
export type SilenceParams = ReturnType<typeof schema.parse>;
const params = (part: Partial<SilenceParams> = {}) =>
  schema.parse({
    sessionId: SESSION,
    text: '',
    state: 'all',
    factor: 3,
    sort: { by: 'times', descending: true },
    offset: 0,
    count: 50,
    ...part,
  });

/** A deadline that nothing here reaches. */
export const soon = () => performance.now() + 10_000;

/** What {@link silentPlant} makes. */
export type Plant = ReturnType<typeof silentPlant>;

/** A view of all topics, unless asked for otherwise. */
export function open(plant: Plant, part: Partial<SilenceParams> = {}) {
  const feed = new SilenceFeed(plant.sources, params(part));
  return {
    feed,
    /** The window as a newly opened or moved view gets it. */
    look(next?: Partial<SilenceParams>): SilenceWindow {
      feed.update(params({ ...part, ...next }));
      while (feed.advance(soon())) {
        // There is more.
      }
      const window = feed.build(true);
      expect(window).toBeDefined();
      return window as SilenceWindow;
    },
  };
}

/** The row of a topic, with the length of its silence by then. */
export function rowOf({ rows, at }: SilenceWindow, topic: string) {
  const row = rows.find((each) => each.topic === topic);
  return row === undefined ? undefined : { ...row, length: silenceAt(row.silence, at) };
}

/** Messages at a pace; ends with one. */
export function pace(plant: Plant, topic: string, interval: number, messages: number): void {
  for (let count = 0; count < messages; count++) {
    if (count > 0) {
      plant.wait(interval);
    }
    plant.receive(topic);
  }
}
