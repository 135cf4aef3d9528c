import { fail, toFailure } from '#app/contract/failure.ts';
import type { ReplyTrial } from '#app/contract/operations/replies.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { FieldAt } from '#app/payload/field-changes.ts';
import { holds } from '#app/payload/field-condition.ts';
import { detectCodec, previewPayload } from '#app/payload/registry.ts';
import type { PublishProperties } from '#app/profile/profile.ts';
import type { ComposedMessage } from '#app/publish/compose.ts';
import type { MessageSeries } from '#app/publish/message-series.ts';
import type { ReplyRule } from '#app/reply/reply-rule.ts';
import { requestVariables } from '#app/reply/request-values.ts';
import type { Ingest, MessageSink } from '../ingest.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishPermit } from '../publish-guard.ts';
import { TimeBudget } from '../time-budget.ts';
import { RunningRule } from './running-rule.ts';

/** A received message, as far as rules look at it. */
export interface Request {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties;
}

export interface AutoRepliesDependencies {
  readonly ingest: Pick<Ingest, 'addSink'>;
  readonly outbox: Outbox;
  /** `undefined`: it is not kept any more. */
  readonly requestOf: (sequence: number) => Request | undefined;
  readonly topicOf: (topicId: number) => string;
  readonly codecFor: (topic: string) => Codec | undefined;
  readonly onChange: () => void;
}

/** Messages that wait to be looked at; more are left out. */
const MAX_WAITING = 2000;
/** Milliseconds in which messages are looked at before something else has its turn. */
const SLICE = 8;
/** Milliseconds of each second that looking may take; what comes beyond waits, then is left out and counted. */
const BUDGET = 250;
/** Milliseconds for the fields of one payload. */
const FIELDS_TIME = 20;
/** Bytes of a payload that conditions look at. */
const MAX_PAYLOAD = 256 * 1024;
/** Replies that wait for their delay. */
const MAX_DELAYED = 1000;
/** Replies that the broker has not acknowledged. */
const MAX_PENDING = 1000;
/** Milliseconds for which a reply of our own is known again when it comes back. */
const OWN = 5_000;

const UNKNOWN = 0;
const NOT_ASKED = 1;
const ASKED = 2;

/** Answers messages by rules, while they are switched on. Switched off it costs nothing. */
export class AutoReplies implements MessageSink {
  readonly #dependencies: AutoRepliesDependencies;
  #rules: readonly RunningRule[] = [];
  #permit: PublishPermit | undefined;
  #sink: { dispose(): void } | undefined;
  #waiting: number[] = [];
  #isScheduled = false;
  /** By the topic's id, whether a rule is for it; of those that were asked for. */
  #topics = new Uint8Array(1024);
  readonly #budget = new TimeBudget(BUDGET);
  #pending = 0;
  #skipped = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** When our replies went out, by topic and content: subscribed to their topics, we get them back. */
  readonly #own = new Map<string, number>();
  #revision = 0;

  constructor(dependencies: AutoRepliesDependencies) {
    this.#dependencies = dependencies;
  }

  get isOn(): boolean {
    return this.#sink !== undefined;
  }

  get revision(): number {
    return this.#revision;
  }

  get shown() {
    return { isOn: this.isOn, rules: this.#rules.map(({ shown }) => shown), skipped: this.#skipped };
  }

  /** Answers by these rules from now on. `permit` is asked where none answered before. */
  start(rules: readonly ReplyRule[], permit: () => PublishPermit): void {
    this.#permit ??= permit();
    this.#take(rules);
  }

  /** Takes other rules over where they are on; switched off they stay so. */
  change(rules: readonly ReplyRule[]): void {
    if (this.isOn) {
      this.#take(rules);
    }
  }

  stop(): void {
    this.#sink?.dispose();
    this.#sink = undefined;
    this.#permit = undefined;
    this.#waiting = [];
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    this.#timers.clear();
    this.#changed();
  }

  onMessage(sequence: number, topicId: number): void {
    if (!this.#isAsked(topicId)) {
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      this.#skipped += 1;
      return;
    }
    this.#waiting.push(sequence);
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => this.#look());
    }
  }

  /** What a rule makes of a message; nothing is sent. */
  try(rule: ReplyRule, sequence: number): ReplyTrial {
    const request = this.#dependencies.requestOf(sequence);
    if (request === undefined) {
      const failure = fail('message.evicted', 'The message is no longer kept.').failure;
      return { kind: 'failure', failure };
    }
    const running = new RunningRule(rule, this.#dependencies.outbox.newSeries(), 0);
    try {
      const fields = this.#fieldsOf(request);
      if (running.condition !== undefined && !holds(running.condition, fields)) {
        return { kind: 'noMatch' };
      }
      const messages = this.#compose(rule, request, fields, running.series);
      return {
        kind: 'reply',
        messages: messages.slice(0, 20).map(({ topic, payload }) => ({
          topic,
          preview: previewPayload(payload, 300),
          size: payload.length,
        })),
      };
    } catch (error) {
      return { kind: 'failure', failure: toFailure(error) };
    }
  }

  /** What was counted for rules that stay the same goes on. */
  #take(rules: readonly ReplyRule[]): void {
    const { ingest, outbox } = this.#dependencies;
    const before = new Map(this.#rules.map((running) => [JSON.stringify(running.rule), running]));
    this.#rules = rules
      .filter(({ enabled }) => enabled)
      .map(
        (rule) =>
          before.get(JSON.stringify(rule)) ?? new RunningRule(rule, outbox.newSeries(), performance.now()),
      );
    this.#topics = new Uint8Array(1024);
    this.#sink ??= ingest.addSink(this);
    this.#changed();
  }

  /** Topics come again and again; filters are compared with each once. */
  #isAsked(topicId: number): boolean {
    if (topicId >= this.#topics.length) {
      const larger = new Uint8Array(Math.max(topicId + 1, 2 * this.#topics.length));
      larger.set(this.#topics);
      this.#topics = larger;
    }
    if (this.#topics[topicId] === UNKNOWN) {
      const topic = this.#dependencies.topicOf(topicId);
      this.#topics[topicId] = this.#rules.some((running) => running.matches(topic)) ? ASKED : NOT_ASKED;
    }
    return this.#topics[topicId] === ASKED;
  }

  #look(): void {
    const since = performance.now();
    const until = since + SLICE;
    let count = 0;
    let now = since;
    while (count < this.#waiting.length && now < until) {
      const sequence = this.#waiting[count];
      count += 1;
      if (sequence !== undefined) {
        this.#answer(sequence);
      }
      now = performance.now();
    }
    this.#waiting.splice(0, count);
    this.#budget.spend(since, now);
    const pause = this.#budget.pauseAt(now);
    this.#isScheduled = this.#waiting.length > 0;
    if (this.#isScheduled && pause > 0) {
      setTimeout(() => this.#look(), pause);
    } else if (this.#isScheduled) {
      setImmediate(() => this.#look());
    }
    this.#changed();
  }

  #answer(sequence: number): void {
    const request = this.isOn ? this.#dependencies.requestOf(sequence) : undefined;
    if (request === undefined || this.#isOwn(request)) {
      return;
    }
    let fields: readonly FieldAt[] | undefined;
    for (const running of this.#rules) {
      const { rule } = running;
      if (!running.matches(request.topic) || running.isStorm || (request.retain && !rule.answersRetained)) {
        continue;
      }
      fields ??= this.#fieldsOf(request);
      if (running.condition !== undefined && !holds(running.condition, fields)) {
        continue;
      }
      running.matched += 1;
      if (running.take(performance.now())) {
        this.#reply(running, request, fields);
      }
      if (rule.stops) {
        return;
      }
    }
  }

  #reply(running: RunningRule, request: Request, fields: readonly FieldAt[]): void {
    const { rule } = running;
    let messages: readonly ComposedMessage[];
    try {
      messages = this.#compose(rule, request, fields, running.series);
    } catch (error) {
      running.noteFailure(toFailure(error));
      return;
    }
    const delay = rule.delay + Math.random() * rule.jitter;
    if (delay === 0) {
      this.#send(running, messages);
      return;
    }
    if (this.#timers.size >= MAX_DELAYED) {
      running.noteFailure(
        fail('reply.delayed', `${MAX_DELAYED} replies wait for their delay already; this one was left out.`)
          .failure,
      );
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#send(running, messages);
    }, delay);
    this.#timers.add(timer);
  }

  #send(running: RunningRule, messages: readonly ComposedMessage[]): void {
    const { outbox } = this.#dependencies;
    const permit = this.#permit;
    const { qos, retain } = running.rule.message;
    for (const composed of messages) {
      if (this.#pending >= MAX_PENDING || outbox.isFull) {
        running.noteFailure(slowFailure());
        continue;
      }
      try {
        permit?.check();
      } catch (error) {
        running.noteFailure(toFailure(error));
        this.stop();
        return;
      }
      this.#noteOwn(composed);
      this.#pending += 1;
      outbox
        .publish({ ...composed, qos, retain }, () => this.#checkWanted(permit))
        .then(
          () => running.noteReply(Date.now()),
          (error: unknown) => running.noteFailure(toFailure(error)),
        )
        .finally(() => {
          this.#pending -= 1;
          this.#changed();
        });
    }
  }

  /** For what waited for the broker while the rules were switched off, or while the guard changed. */
  #checkWanted(permit: PublishPermit | undefined): void {
    if (permit === undefined || permit !== this.#permit) {
      throw fail('reply.stopped', 'The rules were switched off before the broker took this reply.');
    }
    permit.check();
  }

  #compose(
    rule: ReplyRule,
    request: Request,
    fields: readonly FieldAt[],
    series: MessageSeries,
  ): readonly ComposedMessage[] {
    const { topic, payload, qos, properties } = request;
    const values = { topic, qos, fields, text: () => new TextDecoder().decode(payload) };
    const { responseTopic, correlationData } = properties;
    if (rule.to === 'topic') {
      return this.#dependencies.outbox.compose(rule.message, series, requestVariables(rule.message, values));
    }
    if (responseTopic === undefined) {
      throw fail('reply.noResponseTopic', 'The request names no response topic.', 'It was not answered.');
    }
    // A topic of somebody else is taken as it is: `{1..10}` in it is no expansion.
    const [made] = this.#dependencies.outbox.compose(
      { ...rule.message, topic: 'reply' },
      series,
      requestVariables(rule.message, values),
    );
    return made === undefined
      ? []
      : [
          {
            ...made,
            topic: responseTopic,
            properties: { ...made.properties, ...(correlationData === undefined ? {} : { correlationData }) },
          },
        ];
  }

  #fieldsOf({ topic, payload }: Request): readonly FieldAt[] {
    const bytes = payload.length > MAX_PAYLOAD ? payload.subarray(0, 0) : payload;
    const context = { topic };
    const codec = this.#dependencies.codecFor(topic) ?? detectCodec(bytes, context);
    const until = performance.now() + FIELDS_TIME;
    try {
      const limits = { maxTextLength: 10_000, maxDepth: 50, isOver: () => performance.now() > until };
      return (
        (codec.choose?.(bytes, context) ?? codec).fields?.(bytes, limits, { keepsWriting: true }, context) ??
        []
      );
    } catch {
      // It is not what the rule for its topic says, or not of this kind: it has no fields.
      return [];
    }
  }

  #isOwn(request: Request): boolean {
    const at = this.#own.get(keyOf(request));
    return at !== undefined && performance.now() - at < OWN;
  }

  #noteOwn(message: ComposedMessage): void {
    const now = performance.now();
    if (this.#own.size > 2 * MAX_DELAYED) {
      for (const [key, at] of this.#own) {
        if (now - at >= OWN || this.#own.size > 2 * MAX_DELAYED) {
          this.#own.delete(key);
        }
      }
    }
    const key = keyOf(message);
    this.#own.delete(key);
    this.#own.set(key, now);
  }

  #changed(): void {
    this.#revision += 1;
    this.#dependencies.onChange();
  }
}

function slowFailure() {
  return fail(
    'reply.slow',
    'The broker takes replies more slowly than they are made; this one was left out.',
    'Lower the rule’s limit, or answer fewer messages.',
  ).failure;
}

/** Topic and content, the latter by its ends and its length: enough to know a reply of our own again. */
function keyOf({ topic, payload }: Pick<Request, 'topic' | 'payload'>): string {
  const head = Buffer.from(payload.subarray(0, 256)).toString('latin1');
  const tail = Buffer.from(payload.subarray(-64)).toString('latin1');
  return `${topic}\0${payload.length}\0${head}\0${tail}`;
}
