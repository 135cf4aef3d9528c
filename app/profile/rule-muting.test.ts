import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../mqtt/topic.ts';
import { isMutedByRule, type RuleMatches, withTopicMuted } from './rule-muting.ts';
import { newRule, type Rule } from './rules.ts';

const matching =
  (topic: string): RuleMatches =>
  ({ enabled, filter }) =>
    enabled && compileFilter(filter)(topic);

const topics = ['a', 'a/b', 'a/c', 'b'];
const rule = fc
  .record({
    filter: fc.constantFrom('a', 'a/b', 'a/+', 'a/#', '#', 'b', '+'),
    enabled: fc.boolean(),
    muted: fc.boolean(),
    label: fc.constantFrom('', 'x'),
    codec: fc.constantFrom({ id: 'auto' }, { id: 'hex' }),
  })
  .map(({ filter, ...overrides }) => newRule(filter, overrides));

/** What the rules say of a topic. */
function saidOf(rules: readonly Rule[], topic: string) {
  const { codec, label, unit, muted } = rules.find(matching(topic)) ?? newRule('#');
  return { codec, label, unit, muted };
}

describe('Muting one topic by rules', () => {
  it('changes nothing else of it, and nothing of other topics', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 6 }),
        fc.constantFrom(...topics),
        fc.boolean(),
        (rules, topic, muted) => {
          const changed = withTopicMuted(rules, topic, muted, matching(topic));
          expect(isMutedByRule(changed, matching(topic))).toBe(muted);
          for (const other of topics) {
            const before = saidOf(rules, other);
            expect(saidOf(changed, other)).toEqual(other === topic ? { ...before, muted } : before);
          }
        },
      ),
    );
  });

  it('leaves nothing behind when it is taken back', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), fc.constantFrom(...topics), (rules, topic) => {
        fc.pre(!isMutedByRule(rules, matching(topic)) && !rules.some(({ filter }) => filter === topic));
        const muted = withTopicMuted(rules, topic, true, matching(topic));
        expect(muted).toHaveLength(rules.length + 1);
        expect(withTopicMuted(muted, topic, false, matching(topic))).toEqual(rules);
      }),
    );
  });
});
