import { formatCount, formatQuantity } from '#app/base/format.ts';
import type { RuleMatch } from '#app/contract/feeds/rules.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { ruleViews } from '#app/payload/rule-codec.ts';
import { schemaFormat } from '#app/payload/schema/schema-formats.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import { type Environment, missingVariableText, substitute, variablesOf } from '#app/profile/variables.ts';
import { typesOf } from './schema-facts.ts';

/** What is wrong with a rule's filter once its variables are filled in; `undefined` where nothing is. */
export function filterProblem(filter: string, environment: Environment | undefined): string | undefined {
  const { text, missing } = substitute(filter, variablesOf(environment));
  const [name] = missing;
  return name === undefined ? topicFilterProblem(text) : missingVariableText(name, environment);
}

/** The filters to test, in the order of the rules: empty for one that is switched off. */
export function testedFilters(
  rules: readonly Rule[],
  environment: Environment | undefined,
): readonly string[] {
  const variables = variablesOf(environment);
  return rules.map(({ enabled, filter }) => (enabled ? substitute(filter, variables).text : ''));
}

/** The rules with one of them changed, or added at the end. */
export function withRule(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  return rules.some(({ id }) => id === rule.id)
    ? rules.map((other) => (other.id === rule.id ? rule : other))
    : [...rules, rule];
}

/** The rules with one of them at another place: before the one that stands there now, counted without it. */
export function movedRule(rules: readonly Rule[], id: string, place: number): readonly Rule[] {
  const rule = rules.find((other) => other.id === id);
  const others = rules.filter((other) => other !== rule);
  return rule === undefined ? rules : others.toSpliced(Math.max(0, Math.min(place, others.length)), 0, rule);
}

/** The name of the view that a rule chooses, with the message type where it has one: `Protobuf: Reading`. */
export function ruleViewLabel({ id, type }: Rule['codec']): string {
  const label = ruleViews.find((view) => view.id === id)?.label ?? id;
  return type === undefined ? label : `${label}: ${type.slice(type.lastIndexOf('.') + 1)}`;
}

/** Another view for a rule. One that has a schema begins with the first that there is, and its first type. */
export function codecOfView(
  codec: Rule['codec'],
  id: string,
  schemas: readonly PayloadSchema[],
): Rule['codec'] {
  const schema = schemaFormat(id) === undefined ? undefined : schemas.find(({ kind }) => kind === id);
  const type = schema === undefined ? undefined : typesOf(schema).types?.[0];
  return {
    id,
    ...(codec.template === undefined ? {} : { template: codec.template }),
    ...(schema === undefined ? {} : { schema: schema.id }),
    ...(type === undefined ? {} : { type }),
  };
}

/** `12 topics`; `3 of 12 topics` where rules before it take the others. */
export function matchWords({ matched, applied }: RuleMatch): string {
  if (matched === 0) {
    return 'no topic yet';
  }
  return applied === matched
    ? formatQuantity(matched, 'topic')
    : `${formatCount(applied)} of ${formatQuantity(matched, 'topic')}`;
}

/** The same in a sentence. */
export function matchSentence(match: RuleMatch): string {
  const { matched, applied } = match;
  if (matched === 0) {
    return 'No topic that is known so far matches.';
  }
  const taken = matched - applied;
  const whole = `${formatQuantity(matched, 'known topic')} ${matched === 1 ? 'matches' : 'match'}.`;
  if (taken === 0) {
    return whole;
  }
  if (matched === 1) {
    return `${whole} It is taken by a rule before it.`;
  }
  const count = taken === matched ? 'All' : formatCount(taken);
  return `${whole} ${count} of them ${taken === 1 ? 'is' : 'are'} taken by rules before it.`;
}
