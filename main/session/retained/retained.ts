import { type Failure, FailureError, fail, toFailure } from '#app/contract/failure.ts';
import type { RetainedJob, RetainedListState, RetainedUndo } from '#app/contract/feeds/retained.ts';
import { MAX_SNAPSHOT_FILE, type RetainedPlan } from '#app/contract/operations/retained.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { Connector, ConnectorEvents, ReceivedPacket } from '../connector/connector.ts';
import { packReceived, unpackProperties } from '../log/properties.ts';
import type { ConnectionSettings } from '../settings.ts';
import { isBoundToClientId, throwAwaySettings } from '../throw-away-settings.ts';
import { change, type Tally, type Target } from './change.ts';
import { planOf } from './plan.ts';
import { RetainedLink } from './retained-link.ts';
import { MAX_RETAINED, type RetainedEntry, RetainedList } from './retained-list.ts';
import { readSnapshot } from './snapshot-file.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { UNDO_BUDGET, UndoStack, undoTargets } from './undo-stack.ts';

/** Milliseconds without another message after which a list is taken to be complete. */
const LIST_QUIET = 800;
/** Plans that wait to be carried out; beyond, the oldest is void. */
const MAX_PLANS = 8;

export interface RetainedDependencies {
  readonly createConnector: (events: ConnectorEvents) => Connector;
  /** Settings of the connection that is up; undefined while none is. */
  readonly settings: () => ConnectionSettings | undefined;
  /** Since when this payload is on the topic, as far as the session's log knows. Milliseconds since the epoch. */
  readonly seen: (
    topic: string,
    payload: Uint8Array,
  ) => { readonly since: number; readonly isExact: boolean } | undefined;
  readonly now: () => number;
  /** Something that the feed shows has changed. */
  readonly onChange: () => void;
}

type MutableJob = { -readonly [K in keyof RetainedJob]: RetainedJob[K] } & Tally;
type MutableListState = { -readonly [K in keyof RetainedListState]: RetainedListState[K] };

/**
 * What a session knows of the messages that its broker retains, and what it does to them. It costs nothing until a
 * list is asked for. One thing runs at a time, over a connection of its own.
 */
export class Retained {
  readonly #dependencies: RetainedDependencies;
  readonly #undo = new UndoStack();
  readonly #plans = new Map<string, readonly Target[]>();
  #list: RetainedList | undefined;
  #listState: MutableListState | undefined;
  #job: MutableJob | undefined;
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #snapshot: { readonly id: string; readonly bytes: Uint8Array } | undefined;
  #lastId = 0;

  constructor(dependencies: RetainedDependencies) {
    this.#dependencies = dependencies;
  }

  get list(): RetainedList | undefined {
    return this.#list;
  }

  get listState(): RetainedListState | undefined {
    const state = this.#listState;
    return state === undefined
      ? undefined
      : { ...state, messages: this.#list?.size ?? 0, bytes: this.#list?.bytes ?? 0 };
  }

  get job(): RetainedJob | undefined {
    return this.#job === undefined ? undefined : { ...this.#job, failures: [...this.#job.failures] };
  }

  get undo(): RetainedUndo | undefined {
    const newest = this.#undo.newest;
    return newest === undefined
      ? undefined
      : { kind: newest.kind, messages: newest.changes.length, at: newest.at };
  }

  /** Begins to ask the broker what it keeps. */
  load(filter: string): void {
    const problem = topicFilterProblem(filter) ?? (filter.startsWith('$share/') ? SHARED : undefined);
    if (problem !== undefined) {
      throw fail('retained.filter', problem, 'Correct the topic filter and load again.');
    }
    const { now, onChange } = this.#dependencies;
    const before = this.#list;
    const list = new RetainedList(() => {
      this.#lastId += 1;
      return this.#lastId;
    });
    const state: MutableListState = { filter, state: 'loading', askedAt: now(), messages: 0, bytes: 0 };
    const work = async (link: RetainedLink) => {
      this.#list = list;
      this.#listState = state;
      onChange();
      await link.connect();
      const refused = await link.collect([filter], {
        qos: 0,
        quiet: LIST_QUIET,
        onMessage: (topic, payload, packet) => {
          this.#put(list, before, topic, payload, packet);
          onChange();
        },
        isEnough: () => list.isFull,
      });
      const [failure] = refused.values();
      if (failure !== undefined) {
        throw new FailureError(failure);
      }
      state.loadedAt = now();
      if (list.isFull) {
        state.note = `The list ends after ${MAX_RETAINED.toLocaleString('en')} messages. Load with a narrower topic filter to see others.`;
      }
    };
    this.#begin(work, (failure) => {
      state.state = failure === undefined ? 'loaded' : isCancelled(failure) ? 'cancelled' : 'failed';
      if (failure !== undefined && state.state === 'failed') {
        state.failure = failure;
      }
    });
  }

  /** Ends what runs, and resolves when its connection is closed. */
  async cancel(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    await running?.ended;
  }

  /** What clearing these would do. */
  planClear(entries: readonly RetainedEntry[]): RetainedPlan {
    const there = entries.filter(({ isGone }) => !isGone);
    if (there.length === 0) {
      throw fail('retained.nothing', 'No message is selected.', 'Select messages in the list first.');
    }
    const plan = planOf(there, 0);
    if (plan.bytes > UNDO_BUDGET) {
      throw fail(
        'retained.tooMuch',
        'The selected messages hold more than 256 MB, more than is kept for undoing it.',
        'Select fewer, and clear in several steps.',
      );
    }
    this.#keepPlan(
      plan.planId,
      there.map(({ topic, size }) => ({ topic, size })),
    );
    return plan;
  }

  /** Reads a snapshot file, and says what restoring it would do. */
  async planRestore(bytes: Uint8Array): Promise<RetainedPlan> {
    if (bytes.length > MAX_SNAPSHOT_FILE) {
      throw fail(
        'retained.file',
        'This file is larger than 64 MB.',
        'Split it by lines; each part needs the first line.',
      );
    }
    const { messages, takenAt } = await readSnapshot(bytes);
    const targets = messages.map((message) => ({
      topic: message.topic,
      message,
      size: message.payload.length,
    }));
    const replaces = messages.filter(({ topic }) => this.#list?.find(topic) !== undefined).length;
    const plan = { ...planOf(targets, replaces), takenAt };
    this.#keepPlan(plan.planId, targets);
    return plan;
  }

  /** Carries out a plan of this kind; a plan serves once. */
  change(kind: RetainedUndo['kind'], planId: string, perSecond: number): void {
    const targets = this.#plans.get(planId);
    if (
      targets === undefined ||
      targets.some(({ message }) => (message === undefined) !== (kind === 'clear'))
    ) {
      throw fail('retained.plan', 'What was to be done is not known any more.', 'Begin again.');
    }
    this.#startChange(kind, targets, perSecond, 0);
    this.#plans.delete(planId);
  }

  /** Takes the newest change back. */
  undoNewest(perSecond: number): void {
    const newest = this.#undo.newest;
    if (newest === undefined) {
      throw fail('retained.noUndo', 'There is nothing to undo.');
    }
    const { targets, expired } = undoTargets(newest, this.#dependencies.now());
    // Kept until it is through: what a cancelled one did not reach can be brought back by the next.
    this.#startChange('undo', targets, perSecond, expired, () => this.#undo.drop(newest));
  }

  /** Reads these messages anew into a file that {@link readSnapshot} gives in slices. Answers with the job's id. */
  takeSnapshot(entries: readonly RetainedEntry[]): string {
    const wanted = entries.filter(({ isGone }) => !isGone).map(({ topic, size }) => ({ topic, size }));
    if (wanted.length === 0) {
      throw fail(
        'retained.nothing',
        'The list shows no message.',
        'Load the list first, or change its filters.',
      );
    }
    const filter = this.#listState?.filter ?? '#';
    const job = this.#newJob('snapshot', wanted.length);
    this.#runJob(job, async (link) => {
      const bytes = await takeSnapshot(link, wanted, {
        filter,
        now: this.#dependencies.now(),
        tally: job,
        onGone: (topic) => this.#list?.remove(topic),
        onProgress: () => this.#dependencies.onChange(),
      });
      this.#snapshot = { id: crypto.randomUUID(), bytes };
      job.snapshotId = this.#snapshot.id;
      job.size = bytes.length;
    });
    return job.jobId;
  }

  /** A slice of the newest snapshot. */
  readSnapshot(snapshotId: string, offset: number, length: number): { bytes: Uint8Array; size: number } {
    if (this.#snapshot?.id !== snapshotId) {
      throw fail('retained.snapshot', 'This snapshot is gone.', 'Take it again.');
    }
    const { bytes } = this.#snapshot;
    return { bytes: bytes.slice(offset, offset + length), size: bytes.length };
  }

  async dispose(): Promise<void> {
    await this.cancel();
  }

  #startChange(
    kind: RetainedJob['kind'],
    targets: readonly Target[],
    perSecond: number,
    expired: number,
    onDone: () => void = () => undefined,
  ): void {
    const job = this.#newJob(kind, targets.length + expired);
    job.expired = expired;
    job.done = expired;
    this.#runJob(job, async (link, signal, settings) => {
      const entry =
        kind === 'undo' || kind === 'snapshot' ? undefined : this.#undo.begin(kind, job.startedAt);
      await change({
        link,
        targets,
        perSecond,
        hasProperties: settings.mqttVersion === '5.0',
        signal,
        tally: job,
        onChanging: (changed) => entry && this.#undo.add(entry, changed),
        onRefused: (changed) => entry && this.#undo.takeBack(entry, changed),
        onVerified: (topic, message) => {
          if (message === undefined) {
            this.#list?.remove(topic);
          } else {
            const now = this.#dependencies.now();
            this.#list?.put(topic, message.payload, {
              since: now,
              isExact: true,
              ...expiry(message.properties, now),
            });
          }
        },
        onGone: (topic) => this.#list?.remove(topic),
        onProgress: () => this.#dependencies.onChange(),
      });
      onDone();
    });
  }

  #newJob(kind: RetainedJob['kind'], total: number): MutableJob {
    this.#checkFree();
    const job: MutableJob = {
      jobId: crypto.randomUUID(),
      kind,
      state: 'running',
      startedAt: this.#dependencies.now(),
      total,
      done: 0,
      changed: 0,
      verified: 0,
      gone: 0,
      newer: 0,
      expired: 0,
      withoutProperties: 0,
      failed: 0,
      failures: [],
    };
    return job;
  }

  #runJob(
    job: MutableJob,
    work: (link: RetainedLink, signal: AbortSignal, settings: ConnectionSettings) => Promise<void>,
  ): void {
    const whole = async (link: RetainedLink, signal: AbortSignal, settings: ConnectionSettings) => {
      this.#job = job;
      this.#dependencies.onChange();
      await link.connect();
      await work(link, signal, settings);
    };
    this.#begin(whole, (failure) => {
      job.state = failure === undefined ? 'done' : isCancelled(failure) ? 'cancelled' : 'failed';
      if (failure !== undefined && job.state === 'failed') {
        job.failure = failure;
      }
      job.endedAt = this.#dependencies.now();
    });
  }

  #checkFree(): ConnectionSettings {
    if (this.#running !== undefined) {
      throw fail(
        'retained.busy',
        'Retained messages are being read or changed already.',
        'Wait for its end, or cancel it.',
      );
    }
    const settings = this.#dependencies.settings();
    if (settings === undefined) {
      throw fail('retained.offline', 'Not connected.', 'Connect first.');
    }
    if (isBoundToClientId(settings)) {
      throw fail(
        'retained.clientId',
        'This broker knows its clients by their ID: a second connection would end the first.',
        'What it retains can’t be listed without that.',
      );
    }
    return settings;
  }

  /** `onEnd` is called once the connection is closed: from then on something else may begin. */
  #begin(
    work: (link: RetainedLink, signal: AbortSignal, settings: ConnectionSettings) => Promise<void>,
    onEnd: (failure: Failure | undefined) => void,
  ): void {
    const settings = this.#checkFree();
    const abort = new AbortController();
    const throwAway = throwAwaySettings(settings, { clientId: 'suffixed', armWill: false }).settings;
    const link = new RetainedLink(throwAway, this.#dependencies.createConnector, abort.signal);
    const run = async () => {
      let failure: Failure | undefined;
      try {
        await work(link, abort.signal, settings);
      } catch (error) {
        failure = toFailure(error);
      }
      await link.close();
      this.#running = undefined;
      onEnd(failure);
      this.#dependencies.onChange();
    };
    this.#running = { abort, ended: Promise.resolve().then(run) };
  }

  #keepPlan(planId: string, targets: readonly Target[]): void {
    this.#plans.set(planId, targets);
    const oldest = this.#plans.keys().next().value;
    if (this.#plans.size > MAX_PLANS && oldest !== undefined) {
      this.#plans.delete(oldest);
    }
  }

  /** An equal payload that an earlier list or the log knows was there since then. */
  #put(
    list: RetainedList,
    before: RetainedList | undefined,
    topic: string,
    payload: Uint8Array,
    packet: ReceivedPacket,
  ): void {
    const now = this.#dependencies.now();
    const known = before?.find(topic);
    const isSame =
      known !== undefined &&
      known.size === payload.length &&
      Buffer.compare(known.head, payload.subarray(0, known.head.length)) === 0;
    const seen = this.#dependencies.seen(topic, payload);
    const since = [isSame ? known : undefined, seen].filter((each) => each !== undefined);
    const oldest = since.reduce((a, b) => (b.since < a.since ? b : a), { since: now, isExact: false });
    const properties = unpackProperties(packReceived(packet.properties));
    list.put(topic, payload, { since: oldest.since, isExact: oldest.isExact, ...expiry(properties, now) });
  }
}

function isCancelled({ code }: Failure): boolean {
  return code === 'retained.cancelled';
}

const SHARED = 'A shared subscription gets no retained messages.';

function expiry(
  { messageExpiryInterval }: { readonly messageExpiryInterval?: number | undefined },
  now: number,
) {
  return messageExpiryInterval === undefined ? {} : { expiresAt: now + messageExpiryInterval * 1000 };
}
