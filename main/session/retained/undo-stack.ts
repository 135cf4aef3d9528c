import type { RetainedUndo } from '#app/contract/feeds/retained.ts';
import type { PublishProperties } from '#app/profile/profile.ts';
import type { Changed, Target } from './change.ts';

/** Changes that can be taken back, and the bytes that what they replaced may take. */
const MAX_CHANGES = 20;
export const UNDO_BUDGET = 256 * 1024 * 1024;
/** What a message takes beside payload and topic. */
const OVERHEAD = 300;

/** One change with what was there before, in the order in which it was sent. */
export interface UndoEntry {
  readonly kind: RetainedUndo['kind'];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly changes: Changed[];
}

/** The changes of this session that can be taken back, the newest last. Beyond the budget the oldest goes. */
export class UndoStack {
  readonly #entries: { readonly entry: UndoEntry; bytes: number }[] = [];

  /** Begins a change; it shows once something is added. */
  begin(kind: RetainedUndo['kind'], at: number): UndoEntry {
    const entry: UndoEntry = { kind, at, changes: [] };
    this.#entries.push({ entry, bytes: 0 });
    return entry;
  }

  add(entry: UndoEntry, changed: Changed): void {
    const held = this.#entries.find((each) => each.entry === entry);
    if (held === undefined) {
      return;
    }
    entry.changes.push(changed);
    held.bytes +=
      changed.topic.length * 2 + (changed.before?.payload.length ?? 0) + changed.sent.length + OVERHEAD;
    while (this.#entries.length > 1 && (this.#entries.length > MAX_CHANGES || this.#bytes > UNDO_BUDGET)) {
      this.#entries.shift();
    }
  }

  /** It was not changed after all. */
  takeBack(entry: UndoEntry, changed: Changed): void {
    const index = entry.changes.lastIndexOf(changed);
    if (index >= 0) {
      entry.changes.splice(index, 1);
    }
  }

  /** The newest change with something to take back. */
  get newest(): UndoEntry | undefined {
    return this.#entries.findLast(({ entry }) => entry.changes.length > 0)?.entry;
  }

  drop(entry: UndoEntry): void {
    const index = this.#entries.findIndex((each) => each.entry === entry);
    if (index >= 0) {
      this.#entries.splice(index, 1);
    }
  }

  get #bytes(): number {
    return this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

/**
 * What brings a change back, the last one first. A message whose time is over meanwhile is left out and counted; others
 * get the time that they have left.
 */
export function undoTargets(
  { at, changes }: UndoEntry,
  now: number,
): { readonly targets: readonly Target[]; readonly expired: number } {
  const targets: Target[] = [];
  let expired = 0;
  const passed = Math.max(0, Math.floor((now - at) / 1000));
  for (const { topic, before, sent } of changes.toReversed()) {
    const onlyOver = sent.length === 0 ? ('nothing' as const) : sent;
    if (before === undefined) {
      targets.push({ topic, onlyOver, size: sent.length });
      continue;
    }
    const properties = left(before.properties, passed);
    if (properties === undefined) {
      expired += 1;
    } else {
      targets.push({ topic, message: { ...before, properties }, onlyOver, size: before.payload.length });
    }
  }
  return { targets, expired };
}

function left(properties: PublishProperties, passed: number): PublishProperties | undefined {
  const { messageExpiryInterval } = properties;
  if (messageExpiryInterval === undefined) {
    return properties;
  }
  const rest = messageExpiryInterval - passed;
  return rest <= 0 ? undefined : { ...properties, messageExpiryInterval: rest };
}
