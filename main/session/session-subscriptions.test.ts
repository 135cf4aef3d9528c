import { expect, it } from 'vitest';
import { newSubscription } from '#app/profile/defaults.ts';
import type { SentSubscription } from './connector/connector.ts';
import { SessionSubscriptions } from './session-subscriptions.ts';

function start() {
  const sent = new Map<string, string>();
  const subscriptions = new SessionSubscriptions({
    connector: () => ({
      setSubscriptions(next) {
        // As the connector does it: the last one of a filter counts.
        sent.clear();
        for (const { enabled, filter, id } of next satisfies readonly SentSubscription[]) {
          if (enabled) {
            sent.set(filter, id);
          }
        }
        return Promise.resolve();
      },
    }),
    matches: { setSubscriptions: () => undefined },
    onChange: () => undefined,
  });
  return { subscriptions, ids: () => Object.fromEntries(sent) };
}

const subscription = (id: string, filter: string, more = {}) => ({
  ...newSubscription(filter, more),
  id,
});

it('of a filter that several want, that of the user counts, else the one with the highest QoS', async () => {
  const { subscriptions, ids } = start();
  await subscriptions.set([subscription('own', 'a'), subscription('off', 'b', { enabled: false })]);
  await subscriptions.setTemporary('requests', [subscription('r1', 'a'), subscription('r2', 'c')]);
  await subscriptions.setTemporary('scripts', [subscription('s1', 'b'), subscription('s2', 'c', { qos: 2 })]);
  expect(ids()).toEqual({ a: 'own', b: 's1', c: 's2' });
  await subscriptions.setTemporary('scripts', []);
  expect(ids()).toEqual({ a: 'own', c: 'r2' });
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
