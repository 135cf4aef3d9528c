import { setTimeout as delay } from 'node:timers/promises';
import type { LogReader } from '../session/log/log-reader.ts';
import type { MessageContext } from './message-context.ts';
import { RuledTopics } from './ruled-topics.ts';
import type { AskTopics } from './search/topic-names.ts';
import type { SessionRules } from './session-rules.ts';
import { Births } from './sparkplug/births.ts';

/** How long an answer of the session is waited for, in milliseconds and steps. */
const WAIT_STEP = 10;
const WAIT_STEPS = 50;

/** What has to be known of topics before their messages are read: births of Sparkplug, and rules. */
export class TopicKnowledge {
  readonly #births: Births;
  readonly #ruled: RuledTopics;

  constructor(rules: SessionRules, ask: AskTopics, onNews: () => void) {
    this.#births = new Births(ask, onNews);
    this.#ruled = new RuledTopics(rules, ask, onNews);
  }

  /** What is known of the messages of one log. */
  contextFor(sessionId: string, reader: LogReader): MessageContext {
    return {
      isReady: (topicId) => this.isReady(sessionId, reader, topicId),
      aliasesOf: (topicId, sequence) => this.#births.namesFor(sessionId, reader, topicId, sequence),
      ruledCodec: (topicId) => this.#ruled.codecOf(sessionId, reader, topicId),
    };
  }

  /** Is all known of a topic? If not, it is asked for. */
  isReady(sessionId: string, reader: LogReader, topicId: number): boolean {
    const isRuled = this.#ruled.isReady(sessionId, reader, topicId);
    return this.#births.isReady(sessionId, reader, topicId) && isRuled;
  }

  /** Waits until it is, for a short time. */
  async untilReady(sessionId: string, reader: LogReader, topicId: number): Promise<void> {
    for (let step = 0; step < WAIT_STEPS && !this.isReady(sessionId, reader, topicId); step++) {
      await delay(WAIT_STEP);
    }
  }

  removeSession(sessionId: string): void {
    this.#births.removeSession(sessionId);
    this.#ruled.removeSession(sessionId);
  }
}
