import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import type { Codec } from '#app/payload/codec.ts';
import { ruleCodec } from '#app/payload/rule-codec.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { Rule } from '#app/profile/rules.ts';
import { type Environment, substitute, variablesOf } from '#app/profile/variables.ts';

/** Whether a rule counts for a topic, were no other before it. */
export function ruleMatcher(topic: string, environment: Environment | undefined): (rule: Rule) => boolean {
  const variables = variablesOf(environment);
  return ({ enabled, filter }) => {
    const { text, missing } = substitute(filter, variables);
    return (
      enabled && missing.length === 0 && topicFilterProblem(text) === undefined && compileFilter(text)(topic)
    );
  };
}

/** Codecs by rules: rules and schemas are never changed in place, and compiling a schema takes its time. */
const compiled = new WeakMap<
  Rule,
  { readonly schemas: Profile['schemas']; readonly codec: Codec | undefined }
>();

/** The codec that the rules name for a topic; `undefined` where they name none. */
export function ruledCodec(
  { rules, schemas }: Pick<Profile, 'rules' | 'schemas'>,
  topic: string,
  environment: Environment | undefined,
): Codec | undefined {
  const rule = topic === '' ? undefined : rules.find(ruleMatcher(topic, environment));
  if (rule === undefined) {
    return undefined;
  }
  const known = compiled.get(rule);
  if (known !== undefined && known.schemas === schemas) {
    return known.codec;
  }
  const codec = ruleCodec(rule.codec, schemas);
  compiled.set(rule, { schemas, codec });
  return codec;
}
