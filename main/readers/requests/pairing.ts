import { compileTopicPair, type TopicPair } from '#app/mqtt/topic-pair.ts';

/** One message, as far as requests and answers are concerned. */
export interface Exchanged {
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly topicId: number;
  readonly topic: string;
  readonly isPublished: boolean;
  readonly isRetained: boolean;
  /** Bytes of the payload. */
  readonly size: number;
  /** MQTT 5.0 sections 3.3.2.3.5 and 3.3.2.3.6; correlation data as hexadecimal digits. */
  readonly responseTopic?: string | undefined;
  readonly correlation?: string | undefined;
}

/** A request with its answer, once there is one. */
export interface Exchange {
  readonly request: Exchanged;
  readonly responseTopic: string;
  readonly by: 'correlation' | 'response-topic' | 'topics';
  answer?: Exchanged;
  /** Answers in all. */
  count: number;
  lacksCorrelation: boolean;
}

/** Requests that are held; older ones make room. */
export const MAX_EXCHANGES = 20_000;
/** Milliseconds within which the broker's copy of a message that was published here is taken for that message. */
const ECHO_TIME = 10_000;
/** Messages published here whose copy may still come. */
const MAX_ECHOES = 1000;

/** Requests that wait for an answer on one topic, oldest first; `same`: by correlation data, empty without. */
interface Waiting {
  readonly all: Set<Exchange>;
  readonly same: Map<string, Set<Exchange>>;
}

/** Pairs requests with answers, message by message in their order. Knows nothing of logs; its memory is bounded. */
export class Pairing {
  readonly #answerTopics: readonly ((topic: string) => string | undefined)[];
  readonly #maxExchanges: number;
  #exchanges: Exchange[] = [];
  #dropped = 0;
  readonly #waiting = new Map<string, Waiting>();
  /** The newest that was answered, by answer topic and correlation data: further answers are counted. */
  readonly #answered = new Map<string, Exchange>();
  #echoes: Exchanged[] = [];

  constructor(pairs: readonly TopicPair[], maxExchanges = MAX_EXCHANGES) {
    this.#answerTopics = pairs.map(compileTopicPair);
    this.#maxExchanges = maxExchanges;
  }

  /** In the order of the requests. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges.length > this.#maxExchanges
      ? this.#exchanges.slice(-this.#maxExchanges)
      : this.#exchanges;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Is a message on this topic expected by a request? */
  isAwaited(topic: string): boolean {
    return this.#waiting.has(topic);
  }

  /** The topic on which the pairs of topics expect an answer to this one. */
  pairedTopic(topic: string): string | undefined {
    for (const answerTopic of this.#answerTopics) {
      const found = answerTopic(topic);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** Takes the next message: an answer, a request, both or neither. */
  note(message: Exchanged): void {
    if (this.#isEcho(message)) {
      return;
    }
    this.#answer(message);
    const { responseTopic } = message;
    const expected = responseTopic ?? this.pairedTopic(message.topic);
    if (expected !== undefined && expected !== message.topic) {
      this.#request({
        request: message,
        responseTopic: expected,
        by:
          responseTopic === undefined
            ? 'topics'
            : message.correlation === undefined
              ? 'response-topic'
              : 'correlation',
        count: 0,
        lacksCorrelation: false,
      });
    }
  }

  #answer(message: Exchanged): void {
    const waiting = this.#waiting.get(message.topic);
    const { correlation } = message;
    const exchange =
      first(waiting?.same.get(correlation ?? '')) ??
      // An answer that forgot the correlation data is worth knowing of: better tied and marked than left out.
      (correlation === undefined ? first(waiting?.all) : undefined);
    if (exchange === undefined) {
      if (correlation !== undefined) {
        const earlier = this.#answered.get(answeredKey(message.topic, correlation));
        if (earlier !== undefined) {
          earlier.count += 1;
          this.#expectEcho(message);
        }
      }
      return;
    }
    exchange.answer = message;
    exchange.count = 1;
    exchange.lacksCorrelation = exchange.by === 'correlation' && correlation === undefined;
    this.#stopWaiting(exchange);
    if (correlation !== undefined) {
      this.#answered.set(answeredKey(message.topic, correlation), exchange);
    }
    this.#expectEcho(message);
  }

  #request(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    const { responseTopic } = exchange;
    const waiting = this.#waiting.get(responseTopic) ?? { all: new Set(), same: new Map() };
    this.#waiting.set(responseTopic, waiting);
    const key = keyOf(exchange);
    waiting.all.add(exchange);
    waiting.same.set(key, (waiting.same.get(key) ?? new Set()).add(exchange));
    this.#expectEcho(exchange.request);
    if (this.#exchanges.length >= this.#maxExchanges + Math.max(1, this.#maxExchanges / 10)) {
      this.#makeRoom();
    }
  }

  #makeRoom(): void {
    const surplus = this.#exchanges.length - this.#maxExchanges;
    for (const old of this.#exchanges.splice(0, surplus)) {
      this.#dropped += 1;
      this.#stopWaiting(old);
      const { correlation } = old.request;
      const key = correlation === undefined ? undefined : answeredKey(old.responseTopic, correlation);
      if (key !== undefined && this.#answered.get(key) === old) {
        this.#answered.delete(key);
      }
    }
  }

  #stopWaiting(exchange: Exchange): void {
    const waiting = this.#waiting.get(exchange.responseTopic);
    const key = keyOf(exchange);
    const same = waiting?.same.get(key);
    waiting?.all.delete(exchange);
    same?.delete(exchange);
    if (same?.size === 0) {
      waiting?.same.delete(key);
    }
    if (waiting?.all.size === 0) {
      this.#waiting.delete(exchange.responseTopic);
    }
  }

  /** Published here and subscribed to here, a message comes back: it is not a second one. */
  #expectEcho(message: Exchanged): void {
    if (message.isPublished) {
      this.#echoes.push(message);
      if (this.#echoes.length > MAX_ECHOES) {
        this.#echoes = this.#echoes.slice(-MAX_ECHOES / 2);
      }
    }
  }

  #isEcho(message: Exchanged): boolean {
    if (message.isPublished || this.#echoes.length === 0) {
      return false;
    }
    this.#echoes = this.#echoes.filter(({ at }) => message.at - at <= ECHO_TIME);
    const index = this.#echoes.findIndex(
      (sent) =>
        sent.topicId === message.topicId &&
        sent.size === message.size &&
        sent.correlation === message.correlation &&
        sent.responseTopic === message.responseTopic,
    );
    if (index >= 0) {
      this.#echoes.splice(index, 1);
    }
    return index >= 0;
  }
}

/** Correlation data that an answer is expected to bring back; empty: none. */
function keyOf({ by, request }: Exchange): string {
  return by === 'correlation' ? (request.correlation ?? '') : '';
}

function answeredKey(topic: string, correlation: string): string {
  return `${correlation} ${topic}`;
}

function first<T>(items: Iterable<T> | undefined): T | undefined {
  for (const item of items ?? []) {
    return item;
  }
  return undefined;
}
