import type { WindowOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { ScriptStatus, scriptsFeeds } from '#app/contract/feeds/scripts.ts';
import type { scriptsOperations } from '#app/contract/operations/scripts.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { Codec } from '#app/payload/codec.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { Qos, Subscription } from '#app/profile/profile.ts';
import type { Script } from '#app/script/script.ts';
import type { ScriptPublish } from '#app/script/script-messages.ts';
import { type ScriptOutside, ScriptRun } from '../../scripts/script-run.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { Ingest, MessageSink } from '../ingest.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishGuard, PublishPermit } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';

export interface SessionScriptsDependencies {
  /** Of the worker that a script runs in. */
  readonly workerUrl: string | undefined;
  readonly ingest: Pick<Ingest, 'addSink'>;
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly isConnected: () => boolean;
  readonly setTemporary: (subscriptions: readonly Subscription[]) => Promise<void>;
  readonly requestOf: (sequence: number) => Request | undefined;
  readonly topicOf: (topicId: number) => string;
  /** How the rules say that messages on a topic are read. */
  readonly codecFor: (topic: string) => Codec | undefined;
  readonly onChange: () => void;
}

interface Running {
  readonly run: ScriptRun;
  readonly subscriptions: Subscription[];
}

/** Scripts that run at the same time, subscriptions of one, and lines and checks that are shown of it. */
const MAX_RUNNING = 10;
const MAX_SUBSCRIPTIONS = 100;
const MAX_SHOWN = 300;
/** Milliseconds and characters for reading one payload as a rule says. */
const READ_TIME = 20;
const READ_LENGTH = 200_000;
/** Milliseconds of a second that go into it; what comes after them is missed, so that the session keeps up. */
const READ_BUDGET = 250;

/** The scripts of a session that were started, each in a worker of its own. */
export class SessionScripts implements MessageSink {
  readonly #dependencies: SessionScriptsDependencies;
  readonly #running = new Map<string, Running>();
  #sink: { dispose(): void } | undefined;
  #revision = 0;
  /** Second of the clock, and milliseconds that reading took in it. */
  #second = 0;
  #readFor = 0;

  constructor(dependencies: SessionScriptsDependencies) {
    this.#dependencies = dependencies;
  }

  get revision(): number {
    return this.#revision;
  }

  get statuses(): readonly ScriptStatus[] {
    return [...this.#running].map(([scriptId, { run }]) => ({
      scriptId,
      state: run.state,
      commands: run.commands,
      missed: run.missed,
      passed: run.checks.filter(({ passed }) => passed).length,
      failed: run.checks.filter(({ passed }) => !passed).length,
      ...(run.fault === undefined ? {} : { fault: run.fault }),
    }));
  }

  runOf(scriptId: string | undefined): ScriptRun | undefined {
    return scriptId === undefined ? undefined : this.#running.get(scriptId)?.run;
  }

  /** See the operation `script.start`. */
  start({ id, source }: Script, permit: () => PublishPermit): void {
    const others = [...this.#running].filter(([other, { run }]) => other !== id && run.state === 'running');
    if (others.length >= MAX_RUNNING) {
      throw fail('script.many', `${MAX_RUNNING} scripts are running already.`, 'Stop one of them first.');
    }
    const { workerUrl } = this.#dependencies;
    if (workerUrl === undefined) {
      throw fail('script.none', 'Scripts cannot be run here.');
    }
    const permitted = permit();
    void this.#running.get(id)?.run.stop();
    const subscriptions: Subscription[] = [];
    const run = new ScriptRun(source, {
      workerUrl: new URL(workerUrl),
      outside: this.#outside(permitted, subscriptions),
      onChange: () => this.#changed(),
    });
    this.#running.set(id, { run, subscriptions });
    this.#sink ??= this.#dependencies.ingest.addSink(this);
    if (this.#dependencies.isConnected()) {
      run.connected();
    }
    this.#changed();
  }

  stop(scriptId?: string): void {
    for (const [id, { run }] of this.#running) {
      if (scriptId === undefined || id === scriptId) {
        void run.stop();
      }
    }
  }

  command(scriptId: string, name: string): void {
    if (this.runOf(scriptId)?.command(name) !== true) {
      throw fail('script.command', `The script has no command “${name}” now.`, 'Start it first.');
    }
  }

  /** The connection was made. */
  connected(): void {
    for (const { run } of this.#running.values()) {
      run.connected();
    }
  }

  onMessage(sequence: number, topicId: number, receivedAt: number): void {
    const topic = this.#dependencies.topicOf(topicId);
    const wanting = [...this.#running.values()].filter(({ run }) => run.wants(topic));
    const request = wanting.length === 0 ? undefined : this.#dependencies.requestOf(sequence);
    if (request === undefined) {
      return;
    }
    const { payload, qos, retain } = request;
    // What nobody takes is not read either.
    const taking = wanting.filter(({ run }) => run.hasRoomFor(payload.length));
    if (taking.length === 0) {
      return;
    }
    const codec = this.#dependencies.codecFor(topic);
    if (codec !== undefined && !this.#mayRead()) {
      for (const { run } of taking) {
        run.miss();
      }
      return;
    }
    const text = codec === undefined ? undefined : this.#textOf(codec, request);
    const message = { topic, payload, qos, retain, at: receivedAt, ...(text === undefined ? {} : { text }) };
    for (const { run } of taking) {
      run.message(message);
    }
  }

  #outside(permit: PublishPermit, subscriptions: Subscription[]): ScriptOutside {
    const { outbox } = this.#dependencies;
    return {
      publish: async ({ topic, payload, qos, retain }: ScriptPublish) => {
        permit.check();
        return outbox.publish({ topic, payload: payload, qos, retain, properties: {} });
      },
      subscribe: async (filter: string, qos: Qos) => {
        const problem = topicFilterProblem(filter);
        if (problem !== undefined) {
          throw fail('script.filter', `“${filter}”: ${problem}`);
        }
        if (subscriptions.length >= MAX_SUBSCRIPTIONS) {
          throw fail('script.filters', `A script can have ${MAX_SUBSCRIPTIONS} subscriptions.`);
        }
        if (!subscriptions.some((known) => known.filter === filter)) {
          subscriptions.push(newSubscription(filter, { qos }));
          await this.#applySubscriptions();
        }
      },
    };
  }

  #applySubscriptions(): Promise<void> {
    const wanted = new Map<string, Subscription>();
    for (const { run, subscriptions } of this.#running.values()) {
      for (const subscription of run.state === 'running' ? subscriptions : []) {
        wanted.set(subscription.filter, wanted.get(subscription.filter) ?? subscription);
      }
    }
    return this.#dependencies.setTemporary([...wanted.values()]);
  }

  /** Whether there is time left in this second for reading payloads. */
  #mayRead(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#readFor = 0;
    }
    return this.#readFor < READ_BUDGET;
  }

  /** The payload as the rule for its topic reads it; `undefined`: it is no text by it. */
  #textOf(codec: Codec, { topic, payload }: Request): string | undefined {
    const begin = performance.now();
    const until = begin + READ_TIME;
    const limits = { maxTextLength: READ_LENGTH, maxDepth: 50, isOver: () => performance.now() > until };
    try {
      const decoded = (codec.choose?.(payload, { topic }) ?? codec).decode(payload, limits, { topic });
      return decoded.shape === 'text' ? decoded.text : undefined;
    } catch {
      return undefined;
    } finally {
      this.#readFor += performance.now() - begin;
    }
  }

  #changed(): void {
    this.#revision += 1;
    const all = [...this.#running.values()];
    if (!all.some(({ run }) => run.state === 'running')) {
      this.#sink?.dispose();
      this.#sink = undefined;
    }
    const over = all.filter(({ run, subscriptions }) => run.state !== 'running' && subscriptions.length > 0);
    for (const { subscriptions } of over) {
      subscriptions.length = 0;
    }
    if (over.length > 0) {
      // What they had subscribed to is given back; without a connection there is nothing to give.
      this.#applySubscriptions().catch(() => undefined);
    }
    this.#dependencies.onChange();
  }
}

/** The feed `scripts`. */
export function createScriptsFeed(
  scripts: SessionScripts,
  pacer: Pacer,
): FeedSource<{ readonly scriptId?: string | undefined }, WindowOf<typeof scriptsFeeds.scripts>> {
  return (params, push) => {
    let shown = -1;
    return pacedFeed(pacer, params, push, {
      build({ scriptId }, moved) {
        if (!moved && scripts.revision === shown) {
          return undefined;
        }
        shown = scripts.revision;
        const run = scripts.runOf(scriptId);
        return {
          scripts: scripts.statuses,
          lines: run?.lines.slice(-MAX_SHOWN) ?? [],
          checks: run?.checks.slice(-MAX_SHOWN) ?? [],
        };
      },
    });
  };
}

/** The operations on scripts, for one client. */
export function createScriptHandlers(
  scripts: SessionScripts,
  guard: PublishGuard,
): OperationHandlers<typeof scriptsOperations> {
  return {
    'script.start': ({ script, confirmation }) => scripts.start(script, () => guard.permit(confirmation)),
    'script.stop': ({ scriptId }) => scripts.stop(scriptId),
    'script.command': ({ scriptId, name }) => scripts.command(scriptId, name),
  };
}
