import { compileFilter } from '#app/mqtt/topic.ts';
import type { Codec } from '#app/payload/codec.ts';
import { type ChosenView, ruleCodec, ruleViewProblem } from '#app/payload/rule-codec.ts';
import { type NamingCodec, namingCodec } from '#app/payload/schema/naming-codec.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';

/** A rule with its codec and filter made ready. */
interface CompiledRule {
  readonly rule: Rule;
  readonly codec: Codec | undefined;
  readonly matches: (topic: string) => boolean;
}

/** The rules of a session; another list after each change. */
export type RuleList = readonly CompiledRule[];

/** The rules of all sessions, for messages whose view nobody chose by hand. */
export class SessionRules {
  readonly #rules = new Map<string, RuleList>();
  readonly #schemas = new Map<string, readonly PayloadSchema[]>();
  /** For messages that no rule chooses a view for, in sessions whose schemas payloads may name. */
  readonly #naming = new Map<string, NamingCodec>();

  set(sessionId: string, rules: readonly Rule[], schemas: readonly PayloadSchema[] = []): void {
    if (schemas.length === 0) {
      this.#schemas.delete(sessionId);
    } else {
      this.#schemas.set(sessionId, schemas);
    }
    const naming = namingCodec(schemas);
    if (naming === undefined) {
      this.#naming.delete(sessionId);
    } else {
      this.#naming.set(sessionId, naming);
    }
    if (rules.length === 0 && naming === undefined) {
      this.#rules.delete(sessionId);
      return;
    }
    this.#rules.set(
      sessionId,
      rules.map((rule) => ({
        rule,
        codec: ruleCodec(rule.codec, schemas),
        matches: compileFilter(rule.filter),
      })),
    );
  }

  /** The rules of a session, to tell whether they changed; `undefined` where views depend on none. */
  listOf(sessionId: string): RuleList | undefined {
    return this.#rules.get(sessionId);
  }

  /** The codec of a view that is being tried; `auto` where it leaves the choice. Throws what is wrong with it. */
  tried(sessionId: string, view: ChosenView): Codec | 'auto' {
    const schemas = this.#schemas.get(sessionId) ?? [];
    const problem = ruleViewProblem(view, schemas);
    if (problem !== undefined) {
      throw problem;
    }
    return ruleCodec(view, schemas) ?? 'auto';
  }

  /** A codec that is bound to a schema, by its id; also what `avro` means with the schemas of the session. */
  find(sessionId: string, codecId: string): Codec | undefined {
    return codecId === 'avro'
      ? ruleCodec({ id: codecId }, this.#schemas.get(sessionId))
      : (this.#rules.get(sessionId)?.find(({ codec }) => codec?.id === codecId)?.codec ??
          this.#naming.get(sessionId)?.find(codecId));
  }

  /** The first rule that matches. */
  ruleOf(sessionId: string, topic: string): Rule | undefined {
    return this.#rules.get(sessionId)?.find(({ matches }) => matches(topic))?.rule;
  }

  /**
   * The codec of the first rule that matches; where that names none, or no rule matches, the one that finds the schemas
   * which payloads name, if the session has such.
   */
  codecOf(sessionId: string, topic: string): Codec | undefined {
    const ruled = this.#rules.get(sessionId)?.find(({ matches }) => matches(topic))?.codec;
    return ruled ?? this.#naming.get(sessionId);
  }
}
