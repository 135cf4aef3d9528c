import type { LogReader } from '../../session/log/log-reader.ts';

/** Milliseconds within which the broker's copy of a message that was published here is expected. */
const ECHO_TIME = 10_000;
/** Messages published here whose copy may still come. */
const MAX_ECHOES = 1000;
/** Bytes of a payload that are compared. */
const MAX_COMPARED = 4096;

interface Published {
  readonly sequence: number;
  readonly at: number;
  readonly size: number;
}

/** Tells the copy that the broker sends of what was published here from what others send on the same topic. */
export class Echoes {
  readonly #published = new Map<number, Published[]>();
  #count = 0;

  /** A message of our own went out. */
  expect(topicId: number, message: Published): void {
    if (this.#count >= MAX_ECHOES) {
      // Nearly all of them have come, or never will.
      this.#published.clear();
      this.#count = 0;
    }
    const list = this.#published.get(topicId);
    this.#count += 1;
    if (list === undefined) {
      this.#published.set(topicId, [message]);
    } else {
      list.push(message);
    }
  }

  /** Whether a received message is such a copy; each is expected once. */
  take(topicId: number, message: Published, reader: LogReader): boolean {
    const list = this.#published.get(topicId);
    if (list === undefined) {
      return false;
    }
    const index = list.findIndex(
      (sent) =>
        sent.size === message.size &&
        message.at - sent.at <= ECHO_TIME &&
        isSamePayload(reader, sent.sequence, message.sequence),
    );
    if (index < 0) {
      return false;
    }
    // What was sent before it had its time.
    this.#count -= index + 1;
    list.splice(0, index + 1);
    if (list.length === 0) {
      this.#published.delete(topicId);
    }
    return true;
  }
}

function isSamePayload(reader: LogReader, one: number, other: number): boolean {
  const a = reader.payload(one, 0, MAX_COMPARED);
  const b = reader.payload(other, 0, MAX_COMPARED);
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
