import { expect, it } from 'vitest';
import { newSubscription } from '#app/profile/defaults.ts';
import { SubscriptionMatches } from './subscription-matches.ts';

it('counts by filter, keeps counts through changes, and knows colour and muting', () => {
  const topics = ['', 'a/b', 'a/c', 'z', '$SYS/x'];
  const matches = new SubscriptionMatches((id) => topics[id] ?? 'many');
  const wide = newSubscription('#', { color: 'red', muted: true });
  const narrow = newSubscription('a/+', { color: 'green' });
  const off = newSubscription('z', { enabled: false });
  matches.count(1);
  matches.setSubscriptions([wide, narrow, off]);
  for (const topicId of [1, 1, 2, 3, 4]) {
    matches.count(topicId);
  }
  const counts = () => matches.subscriptions.map(({ id }) => matches.messages(id));
  expect(counts()).toEqual([4, 3, 0]);
  expect([1, 3, 4].map((id) => matches.colorOf(id))).toEqual(['green', 'red', undefined]);
  expect([1, 3, 4].map((id) => matches.isMuted(id))).toEqual([false, true, false]);
  expect(matches.filtersOf(1)).toEqual(['#', 'a/+']);
  const { mutingVersion, version } = matches;
  matches.setSubscriptions([narrow, { ...wide, color: 'blue' }, { ...off, enabled: true }]);
  expect(matches.version).toBeGreaterThan(version);
  matches.count(3);
  matches.count(100_000);
  expect(counts()).toEqual([3, 6, 1]);
  expect(matches.colorOf(3)).toBe('blue');
  const muting = matches.mutingVersion;
  expect(muting).toBeGreaterThanOrEqual(mutingVersion);
  matches.setSubscriptions([narrow, { ...wide, muted: false }, { ...off, filter: 'y' }]);
  expect(matches.mutingVersion).toBeGreaterThan(muting);
  expect(matches.hasMuted).toBe(false);
  // A subscription to another filter begins anew.
  expect(counts()).toEqual([3, 6, 0]);
});

it('tells many subscriptions apart', () => {
  const topics = ['', ...Array.from({ length: 70 }, (_, index) => `t/${index}`)];
  const matches = new SubscriptionMatches((id) => topics[id] ?? '');
  const subscriptions = topics.slice(1).map((topic) => newSubscription(topic));
  matches.setSubscriptions([...subscriptions, newSubscription('t/+')]);
  for (let topicId = 1; topicId <= 70; topicId++) {
    for (let count = 0; count < topicId; count++) {
      matches.count(topicId);
    }
    expect(matches.filtersOf(topicId)).toEqual([topics[topicId], 't/+']);
  }
  expect(subscriptions.map(({ id }) => matches.messages(id))).toEqual(
    subscriptions.map((_, index) => index + 1),
  );
  expect(matches.messages(matches.subscriptions.at(-1)?.id ?? '')).toBe((70 * 71) / 2);
});
