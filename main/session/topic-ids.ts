import type { TopicTree } from './tree/topic-tree.ts';

/** A guess that came true is worth so many that did not. */
const MAX_TRUST = 16;
/** With no trust left, every so many messages a guess is tried again (a power of two). */
const TRY_EVERY = 64;

/**
 * Finds the id of a topic, faster than the tree alone. Devices report in rounds and brokers send what they
 * retained in a fixed order: the topic that followed last time is the guess, and comparing it with a known string is
 * a third of the cost of a look-up among 100,000. Where guesses fail they are tried rarely and cost next to nothing.
 */
export class TopicIds {
  readonly #tree: TopicTree;
  /** By topic id: the topic that came after it last time. */
  #following = new Uint32Array(1024);
  #last = 0;
  #trust = MAX_TRUST;
  #count = 0;

  constructor(tree: TopicTree) {
    this.#tree = tree;
  }

  /** The id of a topic; a new one is entered into the tree, which fails at its limit of nodes. */
  intern(topic: string): number {
    this.#count = (this.#count + 1) & (TRY_EVERY - 1);
    const following = this.#following;
    if (this.#trust > 0 || this.#count === 0) {
      const guess = following[this.#last] ?? 0;
      if (guess !== 0 && this.#tree.topicOf(guess) === topic) {
        this.#trust = MAX_TRUST;
        this.#last = guess;
        return guess;
      }
      this.#trust -= this.#trust > 0 ? 1 : 0;
    }
    const topicId = this.#tree.intern(topic);
    if (this.#last < following.length) {
      following[this.#last] = topicId;
    }
    if (topicId >= following.length) {
      this.#grow(topicId);
    }
    this.#last = topicId;
    return topicId;
  }

  #grow(topicId: number): void {
    const larger = new Uint32Array(Math.max(topicId + 1, Math.ceil(this.#following.length * 1.5)));
    larger.set(this.#following);
    this.#following = larger;
  }
}
