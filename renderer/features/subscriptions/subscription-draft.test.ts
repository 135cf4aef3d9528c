import { describe, expect, test } from 'vitest';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import {
  type DraftContext,
  draftOf,
  draftProblem,
  emptyDraft,
  offeredFilters,
} from './subscription-draft.ts';

const offline: DraftContext = { version: '5.0', state: { kind: 'offline' }, others: [] };

function connected(connack: { wildcard?: boolean; shared?: boolean }): ConnectionState {
  return {
    kind: 'connected',
    since: 0,
    endpoint: { protocol: 'mqtt', host: 'broker', port: 1883 },
    mqttVersion: '5.0',
    clientId: 'c',
    steps: [],
    connack: {
      sessionPresent: false,
      userProperties: [],
      ...(connack.wildcard === undefined ? {} : { wildcardSubscriptionAvailable: connack.wildcard }),
      ...(connack.shared === undefined ? {} : { sharedSubscriptionAvailable: connack.shared }),
    },
  };
}

function problemOf(filter: string, context: Partial<DraftContext> = {}, noLocal = false) {
  return draftProblem({ ...emptyDraft(), filter, noLocal }, { ...offline, ...context });
}

describe('draftProblem', () => {
  test('takes filters that MQTT allows', () => {
    for (const filter of ['#', '$SYS/#', 'a/+/b', '/a//b', '$share/group/a/#', '日本/#']) {
      expect(problemOf(filter), filter).toBeUndefined();
    }
  });

  test('says what is wrong before anything is sent', () => {
    expect(problemOf('')).toMatch(/enter a topic filter/i);
    expect(problemOf('a/#/b')).toMatch(/last level/);
    expect(problemOf('a+/b')).toMatch(/whole level/);
    expect(problemOf('a', { others: [newSubscription('a')] })).toMatch(/already/);
  });

  test('keeps a shared subscription from what closes the connection', () => {
    expect(problemOf('$share/g/a', {}, true)).toMatch(/No local/);
    expect(problemOf('$share/g/a', { version: '3.1.1' }, true)).toBeUndefined();
    expect(problemOf('a', {}, true)).toBeUndefined();
  });

  test('believes what the broker said it does not do', () => {
    expect(problemOf('a/#', { state: connected({ wildcard: false }) })).toMatch(/wildcards/);
    expect(problemOf('a/b', { state: connected({ wildcard: false }) })).toBeUndefined();
    expect(problemOf('$share/g/a', { state: connected({ shared: false }) })).toMatch(/shared/);
    expect(problemOf('a/#', { state: connected({}) })).toBeUndefined();
  });
});

test('an edited subscription comes back as it was', () => {
  const subscription = newSubscription('a/#', { qos: 2, noLocal: true, retainHandling: 1, color: 'teal' });
  expect({ ...subscription, ...draftOf(subscription) }).toEqual(subscription);
});

test('what is in the list is not offered again', () => {
  expect(offeredFilters([])).toEqual(['#', '$SYS/#']);
  expect(offeredFilters([newSubscription('#')])).toEqual(['$SYS/#']);
});
