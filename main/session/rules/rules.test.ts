import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFilter } from '#app/mqtt/topic.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import { newRule, type Rule } from '#app/profile/rules.ts';
import { shownValue } from '../feeds/message-rows.ts';
import { SubscriptionMatches } from '../subscription-matches.ts';
import { TopicTree } from '../tree/topic-tree.ts';
import { RuleMatches } from './rule-matches-feed.ts';
import { combinedLooks } from './topic-looks.ts';
import { TopicRules } from './topic-rules.ts';

const level = fc.constantFrom('a', 'b', 'c');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 3 }), fc.constantFrom('a', '+', '#'))
  .map(([levels, last]) => [...levels, last].join('/'));
const rules = fc
  .array(fc.tuple(filter, fc.boolean()), { maxLength: 6 })
  .map((all) => all.map(([of, muted], index) => newRule(of, { id: String(index), muted })));
const topics = fc.uniqueArray(topic, { minLength: 1, maxLength: 12 });
const bytes = (text: string) => new TextEncoder().encode(text);

/** The rule that counts, as the word “first” says it. */
const firstOf = (all: readonly Rule[], name: string) => all.find((rule) => matchesFilter(rule.filter, name));

describe('TopicRules', () => {
  it('finds the first rule that matches, also after the rules have changed', () => {
    fc.assert(
      fc.property(topics, rules, rules, (names, before, after) => {
        const found = new TopicRules((topicId) => names[topicId] ?? '');
        for (const all of [before, after]) {
          const { revision } = found;
          found.setRules(all);
          expect(found.revision).toBeGreaterThan(revision);
          for (const [topicId, name] of names.entries()) {
            // Twice: the second answer is remembered.
            expect(found.ruleOf(topicId)?.rule).toBe(firstOf(all, name));
            expect(found.ruleOf(topicId)?.rule).toBe(firstOf(all, name));
          }
        }
      }),
    );
  });

  it('counts muting anew whenever other topics may be muted', () => {
    fc.assert(
      fc.property(topics, rules, rules, (names, before, after) => {
        const found = new TopicRules((topicId) => names[topicId] ?? '');
        found.setRules(before);
        const { mutingRevision } = found;
        const muted = () => names.map((_, topicId) => found.ruleOf(topicId)?.rule.muted === true);
        const was = muted();
        found.setRules(after);
        if (found.mutingRevision === mutingRevision) {
          expect(muted()).toEqual(was);
        }
      }),
    );
  });

  it('remembers topics with large ids', () => {
    const found = new TopicRules(String);
    found.setRules([newRule('70000', { label: 'far' })]);
    expect(found.ruleOf(70_000)?.rule.label).toBe('far');
    expect(found.ruleOf(69_999)).toBeUndefined();
    expect(found.ruleOf(70_000)?.rule.label).toBe('far');
  });
});

describe('combinedLooks', () => {
  it('takes colour and muting from the rule first, then from the subscription', () => {
    const names = ['', 'a', 'b', 'c'];
    const topicOf = (topicId: number) => names[topicId] ?? '';
    const matches = new SubscriptionMatches(topicOf);
    const found = new TopicRules(topicOf);
    const looks = combinedLooks(matches, found);
    matches.setSubscriptions([newSubscription('+', { color: 'green' })]);
    const { version } = looks;
    found.setRules([newRule('a', { color: 'red' }), newRule('b', { muted: true })]);
    expect(looks.version).toBeGreaterThan(version);
    expect([1, 2, 3].map((topicId) => looks.colorOf(topicId))).toEqual(['red', 'green', 'green']);
    expect([1, 2, 3].map((topicId) => looks.isMuted(topicId))).toEqual([false, true, false]);
    expect(looks.hasMuted).toBe(true);
  });
});

describe('shownValue', () => {
  const value = (payload: Uint8Array, overrides: Partial<Rule>) => {
    const found = new TopicRules(() => 'a');
    found.setRules([newRule('a', overrides)]);
    return shownValue(payload, found, 1);
  };

  it('shows the payload by the view of the rule', () => {
    expect(value(bytes('hi'), { codec: { id: 'hex' } })).toEqual({ preview: '68 69' });
    expect(value(bytes('hi'), { codec: { id: 'auto' } })).toEqual({ preview: 'hi' });
    expect(value(bytes('hi'), { codec: { id: 'of-a-later-release' } })).toEqual({ preview: 'hi' });
    expect(value(new Uint8Array(0), { codec: { id: 'hex' } })).toEqual({ preview: '(empty)' });
  });

  it('puts the unit behind numbers only', () => {
    expect(value(bytes('21.4'), { unit: '°C' })).toEqual({ preview: '21.4', unit: '°C' });
    expect(value(bytes('-3e5'), { unit: 'm' })).toEqual({ preview: '-3e5', unit: 'm' });
    for (const text of ['offline', '{"a":1}', '21.4 °C', '1 2', '']) {
      expect(value(bytes(text), { unit: 'm' }).unit, text).toBeUndefined();
    }
  });
});

describe('RuleMatches', () => {
  it('counts what each filter matches and what is left to it, also of topics that come later', () => {
    fc.assert(
      fc.property(topics, topics, rules, (early, late, all) => {
        const tree = new TopicTree();
        const record = (name: string) => tree.record(tree.intern(name), 1, 1, false, 1);
        const matches = new RuleMatches(
          tree,
          all.map((rule) => rule.filter),
        );
        const known = new Set<string>();
        for (const names of [early, late]) {
          for (const name of names) {
            known.add(name);
            record(name);
          }
          for (let turn = 0; !matches.isDone && turn < 100; turn += 1) {
            matches.advance(0);
          }
          const { rows, looked } = matches.window();
          expect(looked).toBe(known.size);
          for (const [index, rule] of all.entries()) {
            const matched = [...known].filter((name) => matchesFilter(rule.filter, name));
            const applied = matched.filter((name) => firstOf(all, name) === rule);
            expect(rows[index]).toMatchObject({ matched: matched.length, applied: applied.length });
            const { example } = rows[index] ?? {};
            if (applied.length > 0) {
              expect(applied).toContain(example);
            } else if (matched.length > 0) {
              expect(matched).toContain(example);
            } else {
              expect(example).toBeUndefined();
            }
          }
        }
      }),
    );
  });

  it('takes an empty or a wrong filter for one that matches nothing', () => {
    const tree = new TopicTree();
    tree.record(tree.intern('a/b'), 1, 1, false, 1);
    const matches = new RuleMatches(tree, ['', 'a/#/b', 'a/+']);
    matches.advance(Number.POSITIVE_INFINITY);
    expect(matches.window()).toEqual({
      rows: [
        { matched: 0, applied: 0 },
        { matched: 0, applied: 0 },
        { matched: 1, applied: 1, example: 'a/b', newest: 1 },
      ],
      looked: 1,
      topics: 1,
    });
  });
});
