import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GeneratorContext, generate, generatorHelp, hasGenerators } from './generators.ts';
import { expandTopics, hasExpansion, MAX_TOPICS } from './topics.ts';

const context: GeneratorContext = {
  now: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678) - 15_000,
  index: 2,
  random: () => 0.5,
  uuid: () => '11111111-2222-4333-8444-555555555555',
  variables: new Map([
    ['site', 'north'],
    ['a.b', '{{uuid}}'],
  ]),
};
const filled = (text: string, some: Partial<GeneratorContext> = {}) =>
  generate(text, { ...context, ...some });

describe('Generators', () => {
  it.each([
    ['{{now}}', '2026-01-02T03:04:05.678Z'],
    ['{{ now  unix }}', '1767323045'],
    ['{{now ms}}', '1767323045678'],
    ['{{uuid}}', '11111111-2222-4333-8444-555555555555'],
    ['{{seq}}', '3'],
    ['{{seq 100 5}}', '110'],
    ['{{seq 10 -1}}', '8'],
    ['{{random 0 100}}', '50'],
    ['{{random 0 1 2}}', '0.50'],
    ['{{pick a "b c" d}}', 'b c'],
    ['{{sine 60s 20 5}}', '25.00'],
    ['{{sine 1m 20 5 0}}', '25'],
    ['{{env.site}}/{{site}}', 'north/north'],
    ['{"t":{{random 5 5}},"at":"{{now}}"}', '{"t":5,"at":"2026-01-02T03:04:05.678Z"}'],
    // What is made is not filled in again, and other braces stay.
    ['{{a.b}}', '{{uuid}}'],
    ['{{}} {{1}} {a} {{ {"a":{"b":1}}', '{{}} {{1}} {a} {{ {"a":{"b":1}}'],
  ])('%s is %s', (text, expected) => {
    expect(filled(text)).toEqual({ text: expected });
  });

  it.each([
    ['x {{nope}}', 'There is no generator and no variable “nope”', 2],
    ['{{env.nope}}', 'The environment has no variable “nope”', 0],
    ['{{random 5}}', 'Write {{random 0 100}}', 0],
    ['{{random 5 1}}', 'the smaller number first', 0],
    ['{{random 0.2 0.4}}', 'no whole number lies between', 0],
    ['{{sine 5}}', 'Write {{sine 60s 20 5}}', 0],
    ['{{sine 0s 1 1}}', 'Write {{sine 60s 20 5}}', 0],
    ['{{now later}}', 'Write {{now}}', 0],
    ['{{seq 1.5}}', 'with whole numbers', 0],
    ['{{pick}}', 'with what to pick from', 0],
  ])('%s is refused with its place', (text, problem, offset) => {
    expect(filled(text)).toMatchObject({ problem: expect.stringContaining(problem), offset });
  });

  it('makes numbers within their limits', () => {
    const number = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(6), number, (low, span, decimals, random) => {
        const text = `{{random ${low} ${low + span} ${decimals}}}`;
        const value = Number(filled(text, { random: () => random }).text);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(low + span);
      }),
    );
  });

  it('has help whose every line can be used', () => {
    for (const { usage } of generatorHelp) {
      expect(hasGenerators(usage)).toBe(true);
      expect(filled(usage)).not.toHaveProperty('problem');
    }
  });

  it('leaves any other text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!hasGenerators(text));
        expect(filled(text)).toEqual({ text });
      }),
    );
  });
});

describe('Topics that stand for several', () => {
  it.each([
    ['a/b', ['a/b']],
    ['line{1..3}/set', ['line1/set', 'line2/set', 'line3/set']],
    ['{3..1}', ['3', '2', '1']],
    ['{08..10}', ['08', '09', '10']],
    ['{-1..1}', ['-1', '0', '1']],
    ['{a,b}/{1..2}', ['a/1', 'a/2', 'b/1', 'b/2']],
    ['{a,}', ['a', '']],
    ['{a,a}', ['a']],
    ['{a}/{}/{{b}}/{1...2}', ['{a}/{}/{{b}}/{1...2}']],
  ])('%s', (pattern, topics) => {
    expect(expandTopics(pattern)).toEqual({ topics });
    expect(hasExpansion(pattern)).toBe(topics.length > 1 || topics[0] !== pattern);
  });

  it('are as many as the choices, and never more than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }), (counts) => {
        const product = counts.reduce((whole, count) => whole * count, 1);
        const { topics, problem } = expandTopics(counts.map((count) => `x{1..${count}}`).join('/'));
        expect(problem === undefined).toBe(product <= MAX_TOPICS);
        expect(topics).toHaveLength(product <= MAX_TOPICS ? product : 0);
      }),
    );
    // Many ways to one topic: gone through one by one, they would take hours.
    expect(expandTopics('{a,a}'.repeat(40)).problem).toContain('more than 1,000 topics');
    expect(expandTopics('{1..999999999}').problem).toContain('more than 1,000 topics');
  });
});
