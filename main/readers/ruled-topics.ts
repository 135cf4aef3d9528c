import type { Codec } from '#app/payload/codec.ts';
import type { LogReader } from '../session/log/log-reader.ts';
import { type AskTopics, TopicNames } from './search/topic-names.ts';
import type { RuleList, SessionRules } from './session-rules.ts';

interface RuledSession {
  readonly reader: LogReader;
  readonly names: TopicNames;
  rules: RuleList | undefined;
  /** By topic id, until the rules change; `null`: no rule names a codec. */
  codecs: Map<number, Codec | null>;
}

/** The codecs that rules name for topics, by the ids in the log. Names are asked for where a session has rules. */
export class RuledTopics {
  readonly #rules: SessionRules;
  readonly #ask: AskTopics;
  readonly #onNews: () => void;
  readonly #sessions = new Map<string, RuledSession>();

  constructor(rules: SessionRules, ask: AskTopics, onNews: () => void) {
    this.#rules = rules;
    this.#ask = ask;
    this.#onNews = onNews;
  }

  /** Is the name of a topic known that rules are held against? If not, it is asked for. */
  isReady(sessionId: string, reader: LogReader, topicId: number): boolean {
    return this.#find(sessionId, reader, topicId) !== undefined;
  }

  /** The codec of the first rule that matches; `undefined` where it names none, none matches, or it is not known yet. */
  codecOf(sessionId: string, reader: LogReader, topicId: number): Codec | undefined {
    return this.#find(sessionId, reader, topicId) ?? undefined;
  }

  removeSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.names.close();
    this.#sessions.delete(sessionId);
  }

  #find(sessionId: string, reader: LogReader, topicId: number): Codec | null | undefined {
    const rules = this.#rules.listOf(sessionId);
    if (rules === undefined) {
      return null;
    }
    if (rules.length === 0) {
      return this.#rules.codecOf(sessionId, '') ?? null;
    }
    const session = this.#session(sessionId, reader);
    if (session.rules !== rules) {
      session.rules = rules;
      session.codecs = new Map();
    }
    const known = session.codecs.get(topicId);
    if (known !== undefined) {
      return known;
    }
    const name = session.names.get(topicId);
    if (name === undefined) {
      session.names.want([topicId]);
      return undefined;
    }
    const codec = this.#rules.codecOf(sessionId, name) ?? null;
    session.codecs.set(topicId, codec);
    return codec;
  }

  #session(sessionId: string, reader: LogReader): RuledSession {
    const known = this.#sessions.get(sessionId);
    if (known?.reader === reader) {
      return known;
    }
    known?.names.close();
    const session = {
      reader,
      names: new TopicNames(sessionId, this.#ask, this.#onNews),
      rules: undefined,
      codecs: new Map(),
    };
    this.#sessions.set(sessionId, session);
    return session;
  }
}
