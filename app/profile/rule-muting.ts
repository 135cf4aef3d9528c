import { newRule, type Rule } from './rules.ts';

/** Holds a rule, its variables filled in, against a topic; false for one that is switched off or not valid. */
export type RuleMatches = (rule: Rule) => boolean;

/** Whether the rule that counts for a topic mutes it. */
export function isMutedByRule(rules: readonly Rule[], matches: RuleMatches): boolean {
  return rules.find(matches)?.muted === true;
}

/**
 * The rules with one topic muted, or not muted any more, and no other. A rule for just this topic is changed; else one
 * comes before the rule that counted, and says the same of everything else. Gone is one that no longer says anything.
 */
export function withTopicMuted(
  rules: readonly Rule[],
  topic: string,
  muted: boolean,
  matches: RuleMatches,
): readonly Rule[] {
  const place = rules.findIndex(matches);
  const counted = rules[place];
  if ((counted?.muted ?? false) === muted) {
    return rules;
  }
  if (counted === undefined) {
    return [...rules, newRule(topic, { muted })];
  }
  if (counted.filter !== topic) {
    return rules.toSpliced(place, 0, { ...counted, id: crypto.randomUUID(), filter: topic, muted });
  }
  const changed = { ...counted, muted };
  const next = rules.find((rule, at) => at > place && matches(rule));
  const saysNothing = next === undefined ? isPlain(changed) : saysSame(changed, next);
  return rules.toSpliced(place, 1, ...(saysNothing ? [] : [changed]));
}

function isPlain({ codec, label, color, unit, muted }: Rule): boolean {
  return codec.id === 'auto' && label === '' && color === undefined && unit === '' && !muted;
}

function saysSame(one: Rule, other: Rule): boolean {
  const { id: _, filter: __, ...says } = one;
  const { id: ___, filter: ____, ...others } = other;
  const keys = new Set([...Object.keys(says), ...Object.keys(others)]) as Set<keyof typeof says>;
  return [...keys].every((key) => JSON.stringify(says[key]) === JSON.stringify(others[key]));
}
