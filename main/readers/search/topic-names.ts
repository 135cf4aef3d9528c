import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { TopicsAsked, TopicsTold } from '../../session/log/topic-names.ts';

/** Hands a port to a session that is to answer on it. */
export type AskTopics = (sessionId: string, port: MessagePort) => void;

/** The names of a session's topics, fetched as they are needed. A name never changes. */
export class TopicNames {
  readonly #port: MessagePort;
  readonly #names: (string | undefined)[] = [];
  readonly #asked = new Set<number>();
  readonly #onNews: () => void;
  /** Who waits for ids, in the order of asking. */
  readonly #finds: ((ids: readonly number[]) => void)[] = [];
  #allState: 'unasked' | 'asked' | 'known' = 'unasked';
  #isClosed = false;

  constructor(sessionId: string, ask: AskTopics, onNews: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#onNews = onNews;
    port1.on('message', (told: TopicsTold) => this.#take(told));
    port1.once('close', () => {
      this.#isClosed = true;
      for (const onFound of this.#finds.splice(0)) {
        onFound([]);
      }
      onNews();
    });
    ask(sessionId, port2);
  }

  /** The name of a topic; empty where there is none; `undefined` while it is not known. */
  get(id: number): string | undefined {
    return this.#names[id] ?? (this.#isClosed ? '' : undefined);
  }

  /** Asks for names that are not known; each once. */
  want(ids: Iterable<number>): void {
    const missing = [...ids].filter((id) => this.#names[id] === undefined && !this.#asked.has(id));
    if (missing.length > 0) {
      for (const id of missing) {
        this.#asked.add(id);
      }
      this.#port.postMessage({ ids: missing } satisfies TopicsAsked);
    }
  }

  /** Asks for the ids of names; 0 where there is no such topic (yet). */
  find(names: readonly string[], onFound: (ids: readonly number[]) => void): void {
    if (this.#isClosed) {
      onFound([]);
      return;
    }
    this.#finds.push(onFound);
    this.#port.postMessage({ find: names } satisfies TopicsAsked);
  }

  /** Are all names known that there were when this was first asked? If not, they are on their way. */
  get hasAll(): boolean {
    if (this.#allState === 'unasked') {
      this.#allState = 'asked';
      this.#port.postMessage({ from: 1 } satisfies TopicsAsked);
    }
    return this.#allState === 'known' || this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.#port.close();
  }

  #take({ ids, names, isAll, isFound, next }: TopicsTold): void {
    if (isFound === true) {
      this.#finds.shift()?.(ids);
      this.#onNews();
      return;
    }
    for (const [index, id] of ids.entries()) {
      this.#names[id] = names[index] ?? '';
    }
    if (isAll && next === undefined) {
      this.#allState = 'known';
    } else if (isAll) {
      this.#port.postMessage({ from: next ?? 1 } satisfies TopicsAsked);
    } else {
      // What was asked for and has no name is no topic.
      for (const id of this.#asked) {
        this.#names[id] ??= '';
      }
      this.#asked.clear();
    }
    this.#onNews();
  }
}

/** The names of all sessions that somebody searches, for as long as they do. */
export class TopicNamesOfSessions {
  readonly #ask: AskTopics;
  readonly #onNews: () => void;
  readonly #open = new Map<string, { names: TopicNames; users: number }>();

  constructor(ask: AskTopics, onNews: () => void) {
    this.#ask = ask;
    this.#onNews = onNews;
  }

  take(sessionId: string): TopicNames {
    const known = this.#open.get(sessionId);
    if (known !== undefined) {
      known.users += 1;
      return known.names;
    }
    const names = new TopicNames(sessionId, this.#ask, this.#onNews);
    this.#open.set(sessionId, { names, users: 1 });
    return names;
  }

  giveBack(sessionId: string, names: TopicNames): void {
    const known = this.#open.get(sessionId);
    if (known?.names === names) {
      known.users -= 1;
      if (known.users === 0) {
        this.#open.delete(sessionId);
        names.close();
      }
    }
  }

  /** A session was restarted or closed: its ids are void. */
  remove(sessionId: string): void {
    this.#open.get(sessionId)?.names.close();
    this.#open.delete(sessionId);
  }
}
