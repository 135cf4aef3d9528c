import { describe, expect, it } from 'vitest';
import { newSubscription } from '#app/profile/defaults.ts';
import { unresolvedRows } from './unresolved.ts';

const north = { id: 'e', name: 'North', variables: [{ name: 'site', value: 'a#b' }] };

describe('unresolvedRows', () => {
  it('gives those that the session can’t make, each with its reason', () => {
    const subscriptions = ['plain/#', '{{line}}/#', '{{site}}/x'].map((filter) => newSubscription(filter));
    const rows = unresolvedRows(subscriptions, north);
    expect(rows.map(({ subscription }) => subscription.filter)).toEqual(['{{line}}/#', '{{site}}/x']);
    expect(rows[0]?.result).toMatchObject({
      kind: 'refused',
      failure: { message: 'The environment “North” has no variable {{line}}.' },
    });
    expect(unresolvedRows([newSubscription('{{line}}/#')], undefined)[0]?.result).toMatchObject({
      failure: { message: expect.stringContaining('needs an environment') },
    });
  });
});
