import { performance } from 'node:perf_hooks';
import type { AliasNames } from '#app/payload/sparkplug/alias-names.ts';
import { parseSparkplugTopic, sparkplugTopic } from '#app/payload/sparkplug/topic.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import { type AskTopics, TopicNames } from '../search/topic-names.ts';
import { BirthsOfTopic } from './birth-names.ts';

/** Milliseconds after which a birth that was not there is looked for again. */
const ASK_AGAIN = 500;

interface BirthTopic {
  readonly name: string;
  askedAt: number;
  isAnswered: boolean;
  births?: BirthsOfTopic;
}

interface SessionBirths {
  readonly reader: LogReader;
  readonly names: TopicNames;
  readonly topics: Map<string, BirthTopic>;
}

/**
 * What the births of edge nodes and devices say of aliases, looked up in the log when somebody reads a message that
 * needs it. Nothing runs for sessions of which nobody reads Sparkplug B.
 */
export class Births {
  readonly #ask: AskTopics;
  readonly #onNews: () => void;
  readonly #sessions = new Map<string, SessionBirths>();

  constructor(ask: AskTopics, onNews: () => void) {
    this.#ask = ask;
    this.#onNews = onNews;
  }

  /** Is all known of a topic that its aliases need? If not, it is asked for. */
  isReady(sessionId: string, reader: LogReader, topicId: number): boolean {
    return this.#birthTopics(sessionId, reader, topicId)?.every(({ isAnswered }) => isAnswered) ?? false;
  }

  /** The names that hold for a message; `undefined` where its topic is none of Sparkplug, or not known yet. */
  namesFor(sessionId: string, reader: LogReader, topicId: number, sequence: number): AliasNames | undefined {
    const topics = this.#birthTopics(sessionId, reader, topicId);
    if (topics === undefined || topics.length === 0) {
      return undefined;
    }
    const births = topics
      .map((topic) => topic.births?.before(sequence))
      .filter((found) => found !== undefined);
    return {
      metricOf: (alias) => firstOf(births, ({ byAlias }) => byAlias.get(alias)),
      typeOf: (name) => firstOf(births, ({ types }) => types.get(name)),
      ...(births.length > 0 ? {} : { missing: 'No birth from before this message is kept.' }),
    };
  }

  removeSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.names.close();
    this.#sessions.delete(sessionId);
  }

  /** The topics of births whose names count for a topic, the nearest first; none where it is none of Sparkplug. */
  #birthTopics(sessionId: string, reader: LogReader, topicId: number): readonly BirthTopic[] | undefined {
    const session = this.#session(sessionId, reader);
    const name = session.names.get(topicId);
    if (name === undefined) {
      session.names.want([topicId]);
      return undefined;
    }
    const about = parseSparkplugTopic(name);
    if (about?.kind !== 'message') {
      return [];
    }
    const { group, node, device } = about;
    const names = [
      ...(device === undefined ? [] : [sparkplugTopic('DBIRTH', group, node, device)]),
      sparkplugTopic('NBIRTH', group, node),
    ];
    return names.map((birth) => this.#birthTopic(session, birth));
  }

  #birthTopic({ topics, names, reader }: SessionBirths, name: string): BirthTopic {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = { name, askedAt: Number.NEGATIVE_INFINITY, isAnswered: false };
      topics.set(name, topic);
    }
    const now = performance.now();
    if (topic.births === undefined && now - topic.askedAt > ASK_AGAIN) {
      topic.askedAt = now;
      const asked = topic;
      names.find([name], ([id = 0]) => {
        asked.isAnswered = true;
        if (id > 0) {
          asked.births = new BirthsOfTopic(reader, id);
        }
      });
    }
    return topic;
  }

  #session(sessionId: string, reader: LogReader): SessionBirths {
    const known = this.#sessions.get(sessionId);
    if (known?.reader === reader) {
      return known;
    }
    known?.names.close();
    const session = {
      reader,
      names: new TopicNames(sessionId, this.#ask, this.#onNews),
      topics: new Map<string, BirthTopic>(),
    };
    this.#sessions.set(sessionId, session);
    return session;
  }
}

function firstOf<Item, Value>(
  items: readonly Item[],
  find: (item: Item) => Value | undefined,
): Value | undefined {
  for (const item of items) {
    const value = find(item);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}
