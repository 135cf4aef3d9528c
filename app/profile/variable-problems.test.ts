import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription } from './defaults.ts';
import { profileProblemsIn } from './variable-problems.ts';

const north = { id: 'e', name: 'North', variables: [{ name: 'site', value: 'north' }] };
const problems = (profile: Parameters<typeof newProfile>[0], environment?: typeof north) =>
  profileProblemsIn(newProfile(profile), environment, { password: false }).map(({ field, tab }) => [
    field,
    tab,
  ]);

describe('profileProblemsIn', () => {
  it('finds nothing wrong where all variables are there', () => {
    expect(
      problems({ host: '{{ site }}.example.com', subscriptions: [newSubscription('{{site}}/#')] }, north),
    ).toEqual([]);
  });

  it('names each field with a missing variable once, with its tab', () => {
    expect(problems({ host: '{{ site }} {{x}}', subscriptions: [newSubscription('{{x}}/#/bad')] })).toEqual([
      ['host', 'General'],
      ['host', 'General'],
      ['subscriptions.0.filter', 'Subscriptions'],
    ]);
  });

  it('judges what comes out, not what was written', () => {
    const spaced = { ...north, variables: [{ name: 'site', value: 'no host' }] };
    expect(problems({ host: '{{site}}' }, spaced)).toEqual([['host', 'General']]);
  });
});
