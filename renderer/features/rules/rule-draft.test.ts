import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRule } from '#app/profile/rules.ts';
import {
  filterProblem,
  matchSentence,
  matchWords,
  movedRule,
  testedFilters,
  withRule,
} from './rule-draft.ts';

const rules = fc
  .integer({ min: 1, max: 6 })
  .map((count) => Array.from({ length: count }, (_, index) => newRule(`t/${index}`, { id: String(index) })));

describe('movedRule', () => {
  it('puts the one where it is wanted and leaves the order of the others alone', () => {
    fc.assert(
      fc.property(rules, fc.nat(5), fc.integer({ min: -1, max: 7 }), (all, from, place) => {
        const id = String(from % all.length);
        const moved = movedRule(all, id, place);
        expect(moved.filter((rule) => rule.id !== id)).toEqual(all.filter((rule) => rule.id !== id));
        expect(moved.findIndex((rule) => rule.id === id)).toBe(Math.max(0, Math.min(place, all.length - 1)));
      }),
    );
    expect(movedRule([], 'none', 0)).toEqual([]);
  });
});

describe('withRule', () => {
  it('changes the rule of this id in its place, or adds it at the end', () => {
    const [a, b] = [newRule('a'), newRule('b')];
    expect(withRule([a, b], { ...a, label: 'A' }).map(({ label }) => label)).toEqual(['A', '']);
    expect(withRule([a], b)).toEqual([a, b]);
  });
});

describe('a filter', () => {
  const north = { id: 'e', name: 'North', variables: [{ name: 'site', value: 'north' }] };

  it('is judged and tested with its variables filled in', () => {
    expect(filterProblem('{{site}}/#', north)).toBeUndefined();
    expect(filterProblem('{{site}}/#', undefined)).toContain('needs an environment');
    expect(filterProblem('a/#/b', north)).toContain('whole last level');
    expect(testedFilters([newRule('{{site}}/+'), newRule('a', { enabled: false })], north)).toEqual([
      'north/+',
      '',
    ]);
  });
});

describe('what a rule matches', () => {
  it.each([
    [0, 0, 'no topic yet', 'No topic that is known so far matches.'],
    [1, 1, '1 topic', '1 known topic matches.'],
    [1200, 1200, '1,200 topics', '1,200 known topics match.'],
    [3, 2, '2 of 3 topics', '3 known topics match. 1 of them is taken by rules before it.'],
    [3, 1, '1 of 3 topics', '3 known topics match. 2 of them are taken by rules before it.'],
    [3, 0, '0 of 3 topics', '3 known topics match. All of them are taken by rules before it.'],
    [1, 0, '0 of 1 topic', '1 known topic matches. It is taken by a rule before it.'],
  ])('is said in words: %d matched, %d applied', (matched, applied, words, sentence) => {
    expect(matchWords({ matched, applied })).toBe(words);
    expect(matchSentence({ matched, applied })).toBe(sentence);
  });
});
