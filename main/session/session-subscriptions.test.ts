import { expect, it } from 'vitest';
import { newSubscription } from '#app/profile/defaults.ts';
import type { SentSubscription } from './connector/connector.ts';
import { SessionSubscriptions } from './session-subscriptions.ts';

function start() {
  let sent: readonly SentSubscription[] = [];
  const subscriptions = new SessionSubscriptions({
    connector: () => ({
      setSubscriptions(next) {
        sent = next;
        return Promise.resolve();
      },
    }),
    matches: { setSubscriptions: () => undefined },
    onChange: () => undefined,
  });
  return { subscriptions, ids: () => sent.map(({ id }) => id) };
}

const subscription = (id: string, filter: string, more = {}) => ({
  ...newSubscription(filter, more),
  id,
});

it('a filter is asked for once, that of the user first', async () => {
  const { subscriptions, ids } = start();
  await subscriptions.set([subscription('own', 'a'), subscription('off', 'b', { enabled: false })]);
  await subscriptions.setTemporary('requests', [subscription('r1', 'a'), subscription('r2', 'c')]);
  await subscriptions.setTemporary('scripts', [subscription('s1', 'b'), subscription('s2', 'c')]);
  expect(ids()).toEqual(['own', 'off', 's2', 's1']);
  await subscriptions.setTemporary('scripts', []);
  expect(ids()).toEqual(['own', 'off', 'r2']);
  expect(subscriptions.own.map(({ id }) => id)).toEqual(['own', 'off']);
});

it('an answer of the broker is forgotten with its subscription', async () => {
  const { subscriptions } = start();
  await subscriptions.set([subscription('one', 'a')]);
  subscriptions.noteResult('one', { kind: 'idle' });
  expect(subscriptions.resultOf('one')).toEqual({ kind: 'idle' });
  await subscriptions.set([]);
  expect(subscriptions.resultOf('one')).toBeUndefined();
});
