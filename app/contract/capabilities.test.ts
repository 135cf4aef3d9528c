import { describe, expect, it } from 'vitest';
import { statedCapabilities } from './capabilities.ts';
import { capabilityNames } from './operations/diagnosis.ts';
import type { ConnackSummary } from './session-state.ts';

const silent: ConnackSummary = { sessionPresent: false, userProperties: [] };
const byName = (...of: Parameters<typeof statedCapabilities>) =>
  Object.fromEntries(statedCapabilities(...of).map(({ name, value, source }) => [name, [value, source]]));

describe('statedCapabilities', () => {
  it('takes the defaults of the specification where CONNACK is silent (5.0 section 3.2.2.3)', () => {
    expect(byName(silent, '5.0', 60)).toEqual({
      maximumQos: [2, 'default'],
      retain: [true, 'default'],
      wildcardSubscriptions: [true, 'default'],
      sharedSubscriptions: [true, 'default'],
      subscriptionIdentifiers: [true, 'default'],
      maximumPacketSize: [268_435_460, 'default'],
      receiveMaximum: [65_535, 'default'],
      topicAliasMaximum: [0, 'default'],
      keepAlive: [60, 'default'],
    });
  });

  it('takes what CONNACK says, also where it is no, or nothing', () => {
    const connack = {
      ...silent,
      maximumQos: 0,
      retainAvailable: false,
      wildcardSubscriptionAvailable: false,
      sharedSubscriptionAvailable: false,
      subscriptionIdentifiersAvailable: false,
      maximumPacketSize: 1,
      receiveMaximum: 1,
      topicAliasMaximum: 0,
      serverKeepAlive: 0,
    };
    expect(byName(connack, '5.0', 60)).toEqual({
      maximumQos: [0, 'stated'],
      retain: [false, 'stated'],
      wildcardSubscriptions: [false, 'stated'],
      sharedSubscriptions: [false, 'stated'],
      subscriptionIdentifiers: [false, 'stated'],
      maximumPacketSize: [1, 'stated'],
      receiveMaximum: [1, 'stated'],
      topicAliasMaximum: [0, 'stated'],
      keepAlive: [0, 'stated'],
    });
  });

  it('claims nothing of a broker of 3.1.1 that can’t say', () => {
    expect(byName(silent, '3.1.1', 0)).toMatchObject({
      maximumQos: [undefined, 'unknown'],
      retain: [undefined, 'unknown'],
      receiveMaximum: [undefined, 'unknown'],
      keepAlive: [0, 'default'],
    });
  });

  it.each(['3.1', '3.1.1', '5.0'] as const)(
    'has a sentence for each, in the order of the card (%s)',
    (version) => {
      const capabilities = statedCapabilities(silent, version, 60);
      expect(capabilities.map(({ name }) => name)).toEqual(capabilityNames);
      for (const { note } of capabilities) {
        expect(note).toMatch(/^[A-Z].*\.$/);
      }
    },
  );
});
