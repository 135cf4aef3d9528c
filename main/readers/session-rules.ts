import { compileFilter } from '#app/mqtt/topic.ts';
import type { Codec } from '#app/payload/codec.ts';
import { type ChosenView, ruleCodec, ruleViewProblem } from '#app/payload/rule-codec.ts';
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

  set(sessionId: string, rules: readonly Rule[], schemas: readonly PayloadSchema[] = []): void {
    if (schemas.length === 0) {
      this.#schemas.delete(sessionId);
    } else {
      this.#schemas.set(sessionId, schemas);
    }
    if (rules.length === 0) {
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

  /** The rules of a session, to tell whether they changed; `undefined` where it has none. */
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

  /** A codec that is bound to the schema of a rule, by its id. */
  find(sessionId: string, codecId: string): Codec | undefined {
    return this.#rules.get(sessionId)?.find(({ codec }) => codec?.id === codecId)?.codec;
  }

  /** The first rule that matches. */
  ruleOf(sessionId: string, topic: string): Rule | undefined {
    return this.#rules.get(sessionId)?.find(({ matches }) => matches(topic))?.rule;
  }

  /** The codec of the first rule that matches; `undefined` where that names none, or no rule matches. */
  codecOf(sessionId: string, topic: string): Codec | undefined {
    return this.#rules.get(sessionId)?.find(({ matches }) => matches(topic))?.codec;
  }
}
