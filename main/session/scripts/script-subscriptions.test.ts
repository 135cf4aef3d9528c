import { expect, it } from 'vitest';
import type { Subscription } from '#app/profile/profile.ts';
import { ScriptSubscriptions } from './script-subscriptions.ts';

/** A broker that answers when it is told to, and then refuses what is asked for at QoS 1. */
function start() {
  let asked: readonly Subscription[] = [];
  let answer = Promise.withResolvers<void>();
  const subscriptions = new ScriptSubscriptions({
    setTemporary(wanted) {
      asked = wanted;
      return answer.promise;
    },
    resultOf(subscriptionId) {
      const failure = { code: 'subscribe.refused', message: 'Not authorized' };
      return asked.some(({ id, qos }) => id === subscriptionId && qos === 1)
        ? { kind: 'refused', failure }
        : undefined;
    },
  });
  return {
    subscriptions,
    filters: () => asked.map(({ filter, qos }) => `${filter} ${qos}`),
    answer() {
      answer.resolve();
      answer = Promise.withResolvers<void>();
    },
  };
}

it('a script that ends while another one asks for more has left, whatever the broker says', async () => {
  const { subscriptions, filters, answer } = start();
  const [first, second] = [{}, {}];
  const added = subscriptions.add(first, 'a/#', 0);
  answer();
  await added;
  const more = subscriptions.add(second, 'a/#', 1);
  subscriptions.drop(first);
  answer();
  await expect(more).rejects.toMatchObject({ failure: { code: 'script.subscribe' } });
  expect(filters()).toEqual([]);
});

it('what the broker refuses leaves others what they had', async () => {
  const { subscriptions, filters, answer } = start();
  const [first, second] = [{}, {}];
  const added = subscriptions.add(first, 'a/#', 0);
  answer();
  await added;
  const more = subscriptions.add(second, 'a/#', 1);
  answer();
  await expect(more).rejects.toMatchObject({ failure: { code: 'script.subscribe' } });
  expect(filters()).toEqual(['a/# 0']);
  subscriptions.drop(first);
  expect(filters()).toEqual([]);
});

it('who waits for the first answer gets that of what took its place', async () => {
  const { subscriptions, filters, answer } = start();
  const [first, second] = [{}, {}];
  const added = subscriptions.add(first, 'a/#', 0);
  const more = subscriptions.add(second, 'a/#', 1);
  const refused = { failure: { code: 'script.subscribe' } };
  const both = [expect(added).rejects.toMatchObject(refused), expect(more).rejects.toMatchObject(refused)];
  answer();
  await Promise.all(both);
  expect(filters()).toEqual([]);
});
