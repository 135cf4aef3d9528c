import { compileFilter } from '#app/mqtt/topic.ts';
import type { Codec } from '#app/payload/codec.ts';
import { ruleCodec } from '#app/payload/rule-codec.ts';
import { namingCodec } from '#app/payload/schema/naming-codec.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';

/** A rule as windows are built with it. */
export interface TopicRule {
  readonly rule: Rule;
  /** What previews are made with; absent: as without the rule. */
  readonly codec: Codec | undefined;
}

/**
 * The rule of each topic: the first whose filter matches, worked out when a window first asks and remembered by the
 * topic's id until the rules change. Nothing of it runs when messages come in.
 */
export class TopicRules {
  readonly #topicOf: (topicId: number) => string;
  #rules: readonly (TopicRule & { readonly matches: (topic: string) => boolean })[] = [];
  /** By topic id: 0 not worked out yet, 1 none, else the rule's place + 2. */
  #placeOf = new Uint16Array(0);
  /** For payloads that no rule chooses a view for, where they may name a schema. */
  #otherwise: Codec | undefined;
  #revision = 0;
  #mutingRevision = 0;
  #mutingKey = '[]';

  constructor(topicOf: (topicId: number) => string) {
    this.#topicOf = topicOf;
  }

  /** Grows with each change. */
  get revision(): number {
    return this.#revision;
  }

  /** Grows when other topics than before may be muted. */
  get mutingRevision(): number {
    return this.#mutingRevision;
  }

  get hasMuted(): boolean {
    return this.#rules.some(({ rule }) => rule.muted);
  }

  /** The rules that can be used, in their order: enabled ones, with valid filters; and the schemas that they may refer to. */
  setRules(rules: readonly Rule[], schemas: readonly PayloadSchema[] = []): void {
    this.#otherwise = namingCodec(schemas);
    this.#rules = rules.map((rule) => ({
      rule,
      codec: ruleCodec(rule.codec, schemas),
      matches: compileFilter(rule.filter),
    }));
    this.#placeOf = new Uint16Array(0);
    this.#revision += 1;
    // An unmuted rule before a muted one takes topics from it.
    const key = this.hasMuted ? JSON.stringify(rules.map(({ filter, muted }) => [filter, muted])) : '[]';
    if (key !== this.#mutingKey) {
      this.#mutingKey = key;
      this.#mutingRevision += 1;
    }
  }

  ruleOf(topicId: number): TopicRule | undefined {
    if (this.#rules.length === 0) {
      return undefined;
    }
    const place = topicId < this.#placeOf.length ? (this.#placeOf[topicId] ?? 0) : 0;
    return this.#rules[(place === 0 ? this.#workOut(topicId) : place) - 2];
  }

  /** What previews of a topic are made with; `undefined`: what the bytes look like. */
  codecOf(topicId: number): Codec | undefined {
    return this.ruleOf(topicId)?.codec ?? this.#otherwise;
  }

  /** The same for a topic that need not be in the tree; not remembered. */
  codecFor(topic: string): Codec | undefined {
    return this.#rules.find(({ matches }) => matches(topic))?.codec ?? this.#otherwise;
  }

  #workOut(topicId: number): number {
    const topic = this.#topicOf(topicId);
    const place = this.#rules.findIndex(({ matches }) => matches(topic)) + 2;
    if (topicId >= this.#placeOf.length) {
      const larger = new Uint16Array(Math.max(1024, topicId + 1, Math.ceil(this.#placeOf.length * 1.5)));
      larger.set(this.#placeOf);
      this.#placeOf = larger;
    }
    this.#placeOf[topicId] = place;
    return place;
  }
}
