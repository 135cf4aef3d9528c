import { fail } from '#app/contract/failure.ts';
import type { ScriptStatus } from '#app/contract/feeds/scripts.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { Qos } from '#app/profile/profile.ts';
import type { Script } from '#app/script/script.ts';
import type { ScriptPublish } from '#app/script/script-messages.ts';
import { type ScriptOutside, ScriptRun } from '../../scripts/script-run.ts';
import type { Ingest, MessageSink } from '../ingest.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishPermit } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';
import { TimeBudget } from '../time-budget.ts';
import { ScriptSubscriptions, type ScriptSubscriptionsDependencies } from './script-subscriptions.ts';

export interface SessionScriptsDependencies extends ScriptSubscriptionsDependencies {
  /** Of the worker that a script runs in. */
  readonly workerUrl: string | undefined;
  readonly ingest: Pick<Ingest, 'addSink'>;
  readonly outbox: Pick<Outbox, 'publish' | 'isFull'>;
  readonly isConnected: () => boolean;
  readonly requestOf: (sequence: number) => Request | undefined;
  readonly topicOf: (topicId: number) => string;
  /** How the rules say that messages on a topic are read. */
  readonly codecFor: (topic: string) => Codec | undefined;
  readonly onChange: () => void;
}

/** Scripts that run at the same time. */
const MAX_RUNNING = 10;
/** Messages that wait to be read for scripts; more are missed. */
const MAX_QUEUED = 1000;
/** Scripts that are over and still show what they printed; the oldest go first. */
const MAX_OVER = 20;
/** Milliseconds in which messages are read before something else has its turn. */
const SLICE = 8;
/** Milliseconds of a second that go into reading; what comes after them is missed, so that the session keeps up. */
const BUDGET = 250;
/** Milliseconds and characters for reading one payload as a rule says. */
const READ_TIME = 20;
const READ_LENGTH = 200_000;

/** A message that scripts want, not read yet. */
interface Queued {
  readonly sequence: number;
  readonly topic: string;
  readonly receivedAt: number;
  readonly runs: readonly ScriptRun[];
}

/** The scripts of a session that were started, each in a worker of its own. */
export class SessionScripts implements MessageSink {
  readonly #dependencies: SessionScriptsDependencies;
  readonly #runs = new Map<string, ScriptRun>();
  readonly #subscriptions: ScriptSubscriptions;
  readonly #budget = new TimeBudget(BUDGET);
  readonly #queue: Queued[] = [];
  #sink: { dispose(): void } | undefined;
  #revision = 0;

  constructor(dependencies: SessionScriptsDependencies) {
    this.#dependencies = dependencies;
    this.#subscriptions = new ScriptSubscriptions(dependencies);
  }

  get revision(): number {
    return this.#revision;
  }

  get statuses(): readonly ScriptStatus[] {
    return [...this.#runs].map(([scriptId, run]) => ({
      scriptId,
      state: run.state,
      commands: run.commands,
      missed: run.missed,
      passed: run.passed,
      failed: run.failed,
      pending: run.pending,
      ...(run.fault === undefined ? {} : { fault: run.fault }),
    }));
  }

  runOf(scriptId: string | undefined): ScriptRun | undefined {
    return scriptId === undefined ? undefined : this.#runs.get(scriptId);
  }

  /** See the operation `script.start`. */
  start({ id, source }: Script, permit: () => PublishPermit): void {
    const others = [...this.#runs].filter(([other, { state }]) => other !== id && state === 'running');
    if (others.length >= MAX_RUNNING) {
      throw fail('script.many', `${MAX_RUNNING} scripts are running already.`, 'Stop one of them first.');
    }
    const { workerUrl } = this.#dependencies;
    if (workerUrl === undefined) {
      throw fail('script.none', 'Scripts cannot be run here.');
    }
    const permitted = permit();
    void this.#runs.get(id)?.stop();
    const user = {};
    const run: ScriptRun = new ScriptRun(source, {
      workerUrl: new URL(workerUrl),
      outside: this.#outside(user, permitted, () => run.state === 'running'),
      onChange: () => this.#changed(),
      onEnd: () => this.#subscriptions.drop(user),
    });
    // The newest at the end.
    this.#runs.delete(id);
    this.#runs.set(id, run);
    this.#forget();
    this.#sink ??= this.#dependencies.ingest.addSink(this);
    if (this.#dependencies.isConnected()) {
      run.connected();
    }
    this.#changed();
  }

  stop(scriptId?: string): void {
    for (const [id, run] of this.#runs) {
      if (scriptId === undefined || id === scriptId) {
        void run.stop();
      }
    }
  }

  command(scriptId: string, name: string, argument: string): void {
    if (this.runOf(scriptId)?.command(name, argument) !== true) {
      throw fail('script.command', `The script has no command “${name}” now.`, 'Start it first.');
    }
  }

  /** The connection was made. */
  connected(): void {
    for (const run of this.#runs.values()) {
      run.connected();
    }
  }

  /** The connection was lost or ended. */
  disconnected(): void {
    for (const run of this.#runs.values()) {
      run.disconnected();
    }
  }

  onMessage(sequence: number, topicId: number, receivedAt: number, size: number): void {
    const topic = this.#dependencies.topicOf(topicId);
    const wanting = [...this.#runs.values()].filter((run) => run.wants(topic));
    if (wanting.length === 0) {
      return;
    }
    if (this.#queue.length >= MAX_QUEUED) {
      miss(wanting);
      return;
    }
    // What nobody takes is not read either.
    const runs = wanting.filter((run) => run.hasRoomFor(size));
    if (runs.length > 0) {
      this.#queue.push({ sequence, topic, receivedAt, runs });
      if (this.#queue.length === 1) {
        setImmediate(() => this.#read());
      }
    }
  }

  /** Reads what waits, away from the way of the messages into the session. */
  #read(): void {
    const begin = performance.now();
    let now = begin;
    let count = 0;
    for (const queued of this.#queue) {
      if (now - begin >= SLICE) {
        break;
      }
      count += 1;
      if (this.#budget.pauseAt(now) > 0) {
        miss(queued.runs);
        continue;
      }
      try {
        this.#deliver(queued);
      } catch {
        // The log could not hand it over; the messages after it are not to wait for it.
        miss(queued.runs);
      }
      const after = performance.now();
      this.#budget.spend(now, after);
      now = after;
    }
    this.#queue.splice(0, count);
    if (this.#queue.length > 0) {
      setImmediate(() => this.#read());
    }
  }

  #deliver({ sequence, topic, receivedAt, runs }: Queued): void {
    const request = this.#dependencies.requestOf(sequence);
    if (request === undefined) {
      miss(runs);
      return;
    }
    const { payload, qos, retain, properties } = request;
    const codec = this.#dependencies.codecFor(topic);
    const text = codec === undefined ? undefined : textOf(codec, request);
    for (const run of runs) {
      run.message({
        ...{ topic, payload, qos, retain, properties, at: receivedAt },
        ...(text === undefined ? {} : { text }),
      });
    }
  }

  #outside(user: object, permit: PublishPermit, isRunning: () => boolean): ScriptOutside {
    const { outbox } = this.#dependencies;
    const checkWanted = () => {
      if (!isRunning()) {
        throw fail('script.stopped', 'The script was stopped before the broker took this message.');
      }
      permit.check();
    };
    return {
      publish: async (message: ScriptPublish) => {
        permit.check();
        if (outbox.isFull) {
          throw fail('script.full', 'The connection takes messages more slowly than they are published.');
        }
        return outbox.publish(message, checkWanted);
      },
      subscribe: (filter: string, qos: Qos) => this.#subscriptions.add(user, filter, qos),
      unsubscribe: (filter: string) => this.#subscriptions.remove(user, filter),
    };
  }

  #forget(): void {
    const over = [...this.#runs].filter(([, { state }]) => state !== 'running');
    for (const [id] of over.slice(0, Math.max(0, over.length - MAX_OVER))) {
      this.#runs.delete(id);
    }
  }

  #changed(): void {
    this.#revision += 1;
    if (![...this.#runs.values()].some(({ state }) => state === 'running')) {
      this.#sink?.dispose();
      this.#sink = undefined;
    }
    this.#dependencies.onChange();
  }
}

function miss(runs: readonly ScriptRun[]): void {
  for (const run of runs) {
    run.miss();
  }
}

/** The payload as the rule for its topic reads it; `undefined`: it is no text by it. */
function textOf(codec: Codec, { topic, payload }: Request): string | undefined {
  const until = performance.now() + READ_TIME;
  const limits = { maxTextLength: READ_LENGTH, maxDepth: 50, isOver: () => performance.now() > until };
  try {
    const decoded = (codec.choose?.(payload, { topic }) ?? codec).decode(payload, limits, { topic });
    return decoded.shape === 'text' ? decoded.text : undefined;
  } catch {
    return undefined;
  }
}
