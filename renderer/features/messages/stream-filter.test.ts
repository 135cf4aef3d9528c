import { expect, test } from 'vitest';
import { isFiltering, noFilter, streamFilterProblem, toFeedFilter } from './stream-filter.ts';

test('a topic filter that can’t be used yet leaves the stream whole', () => {
  const typing = { ...noFilter, topicFilter: 'a/#/b' };
  expect(streamFilterProblem(typing)).toMatch(/last level/);
  expect(toFeedFilter(typing).topicFilter).toBe('');
  expect(toFeedFilter({ ...noFilter, topicFilter: 'a/+/b' }).topicFilter).toBe('a/+/b');
  expect(streamFilterProblem(noFilter)).toBeUndefined();
});

test('QoS 0 is a filter like the others', () => {
  expect(toFeedFilter({ ...noFilter, qos: 0 }).qos).toEqual([0]);
  expect(toFeedFilter(noFilter).qos).toEqual([]);
  expect(isFiltering({ ...noFilter, qos: 0 })).toBe(true);
});

test('showing muted messages leaves nothing out', () => {
  expect(isFiltering(noFilter)).toBe(false);
  expect(isFiltering({ ...noFilter, includeMuted: true })).toBe(false);
  expect(isFiltering({ ...noFilter, retain: 'live' })).toBe(true);
});
