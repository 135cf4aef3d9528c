import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription, newWill } from './defaults.ts';
import type { Profile } from './profile.ts';
import { newRule } from './rules.ts';
import {
  environmentSchema,
  hasVariables,
  missingVariableText,
  resolveProfile,
  substitute,
  variableNamePattern,
  variablesOf,
} from './variables.ts';

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/);
const variables = fc.dictionary(name, fc.string()).map((values) => new Map(Object.entries(values)));
/** Texts in which references, halves of references and anything else stand next to each other. */
const text = fc
  .array(fc.oneof(fc.string(), name, fc.constantFrom('{{', '}}', '{', '}', ' ', '/')), { maxLength: 20 })
  .map((parts) => parts.join(''));

describe('substitute', () => {
  it('leaves every text without braces as it is', () => {
    fc.assert(
      fc.property(fc.string(), variables, (plain, values) => {
        fc.pre(!plain.includes('{{'));
        expect(substitute(plain, values)).toEqual({ text: plain, missing: [] });
      }),
    );
  });

  it('gives what a reading from left to right gives, for any text', () => {
    fc.assert(
      fc.property(text, variables, (template, values) => {
        let rest = template;
        let expected = '';
        const missing = new Set<string>();
        while (rest !== '') {
          const found = /^\{\{\s*([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*\}\}/.exec(rest);
          if (found?.[1] === undefined) {
            expected += rest[0];
            rest = rest.slice(1);
            continue;
          }
          const value = values.get(found[1]);
          if (value === undefined) {
            missing.add(found[1]);
          }
          expected += value ?? found[0];
          rest = rest.slice(found[0].length);
        }
        expect(substitute(template, values)).toEqual({ text: expected, missing: [...missing] });
        expect(hasVariables(template)).toBe(substitute(template, new Map()).missing.length > 0);
      }),
    );
  });

  it('fills a value in as it is: braces and dollar signs of a value mean nothing', () => {
    fc.assert(
      fc.property(
        name,
        fc.oneof(fc.string(), fc.constantFrom('{{a}}', '$&', '$1', '{{', '')),
        (key, value) => {
          expect(substitute(`<{{${key}}}>`, new Map([[key, value]]))).toEqual({
            text: `<${value}>`,
            missing: [],
          });
        },
      ),
    );
  });

  it('takes no name from a prototype', () => {
    expect(substitute('{{constructor}}/{{__proto__}}', new Map())).toEqual({
      text: '{{constructor}}/{{__proto__}}',
      missing: ['constructor', '__proto__'],
    });
  });

  it('names each missing variable once, and accepts blanks inside the braces', () => {
    expect(substitute('{{ site }}/{{line}}/{{line}}', new Map([['site', 'north']]))).toEqual({
      text: 'north/{{line}}/{{line}}',
      missing: ['line'],
    });
    expect(substitute('{{}} {{1}} {{a b}} { {a} }', new Map()).missing).toEqual([]);
  });
});

describe('resolveProfile', () => {
  it('fills what names a device, a project or a key of a cloud service, and names what is missing there', () => {
    const resolved = (credentials: Profile['credentials']) => {
      const filled = resolveProfile(newProfile({ credentials }), new Map([['site', 'north']]));
      return [filled.profile.credentials, filled.missing.map(({ field }) => field)];
    };
    expect(resolved({ kind: 'awsSigV4', region: '{{site}}-1', accessKeyId: '{{key}}' })).toEqual([
      { kind: 'awsSigV4', region: 'north-1', accessKeyId: '{{key}}' },
      ['credentials.accessKeyId'],
    ]);
    expect(resolved({ kind: 'awsAuthorizer', authorizer: 'a-{{site}}', tokenKeyName: '{{site}}' })).toEqual([
      { kind: 'awsAuthorizer', authorizer: 'a-north', tokenKeyName: 'north' },
      [],
    ]);
    const azure = { deviceId: '{{site}}-7', moduleId: '{{none}}' };
    expect(resolved({ kind: 'azureX509', ...azure })).toEqual([
      { kind: 'azureX509', deviceId: 'north-7', moduleId: '{{none}}' },
      ['credentials.moduleId'],
    ]);
    expect(resolved({ kind: 'azureSas', ...azure, lifetime: 3600 })[0]).toMatchObject({
      deviceId: 'north-7',
    });
    const google = {
      kind: 'googleJwt',
      projectId: 'p-{{site}}',
      algorithm: 'RS256',
      lifetime: 3600,
    } as const;
    expect(resolved(google)).toEqual([{ ...google, projectId: 'p-north' }, []]);
  });

  it('fills host, path, client ID, user name, will topic and filters, and nothing else', () => {
    const profile = newProfile({
      name: '{{site}}',
      host: '{{site}}.example.com',
      path: '/{{site}}',
      clientId: 'c-{{site}}',
      username: '{{site}}-user',
      will: { ...newWill(), enabled: true, topic: '{{site}}/gone', payload: '{{site}}' },
      subscriptions: [newSubscription('{{site}}/#'), newSubscription('plain/{{line}}')],
    });
    const { profile: resolved, missing } = resolveProfile(profile, new Map([['site', 'north']]));
    expect(resolved).toMatchObject({
      name: '{{site}}',
      host: 'north.example.com',
      path: '/north',
      clientId: 'c-north',
      username: 'north-user',
      will: { topic: 'north/gone', payload: '{{site}}' },
    });
    expect(resolved.subscriptions.map(({ filter }) => filter)).toEqual(['north/#', 'plain/{{line}}']);
    expect(missing).toEqual([{ field: 'subscriptions.1.filter', name: 'line' }]);
  });

  it('fills the filters of rules, and lets one without its variable be', () => {
    const profile = newProfile({ rules: [newRule('{{site}}/+/temp'), newRule('{{gone}}/#')] });
    const { profile: resolved, missing } = resolveProfile(profile, new Map([['site', 'north']]));
    expect(resolved.rules.map(({ filter }) => filter)).toEqual(['north/+/temp', '{{gone}}/#']);
    expect(missing).toEqual([]);
  });

  it('misses no variable in a will that is switched off', () => {
    const will = { ...newWill(), topic: '{{gone}}' };
    expect(resolveProfile(newProfile({ will }), new Map()).missing).toEqual([]);
  });
});

describe('environmentSchema', () => {
  it('refuses names that could not be referred to, and the same name twice', () => {
    const environment = (...names: string[]) => ({
      id: 'e',
      name: 'North',
      variables: names.map((variable) => ({ name: variable, value: '' })),
    });
    expect(environmentSchema.safeParse(environment('a', 'b-c', '_d.e')).success).toBe(true);
    for (const bad of ['', '1a', 'a b', 'ä', 'a}']) {
      expect(environmentSchema.safeParse(environment(bad)).success, bad).toBe(false);
    }
    expect(environmentSchema.safeParse(environment('a', 'a')).success).toBe(false);
  });

  it('accepts exactly the names that substitution knows', () => {
    fc.assert(
      fc.property(fc.oneof(name, fc.string()), (candidate) => {
        const isReference = substitute(`{{${candidate}}}`, new Map()).missing[0] === candidate;
        expect(variableNamePattern.test(candidate)).toBe(isReference);
      }),
    );
  });

  it('says what is missing, with and without an environment', () => {
    const environment = { id: 'e', name: 'North', variables: [{ name: 'a', value: '1' }] };
    expect(variablesOf(environment).get('a')).toBe('1');
    expect(missingVariableText('b', environment)).toBe('The environment “North” has no variable {{b}}.');
    expect(missingVariableText('b', undefined)).toContain('needs an environment');
  });
});
