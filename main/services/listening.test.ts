import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { newProfile, newSubscription } from '#app/profile/defaults.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { ListeningChange } from '../readers/session-listening.ts';
import { ListeningWatch } from './listening.ts';

function watched() {
  const told: (ListeningChange | undefined)[] = [];
  const watch = new ListeningWatch((sessionId, change) => {
    expect(sessionId).toBe('s');
    told.push(change);
  });
  return {
    told,
    watch,
    note(state: ConnectionState, subscriptions: readonly Subscription[], now: number) {
      const profile = { ...newProfile(), subscriptions: [...subscriptions] };
      watch.note({ sessionId: 's', state, filled: { profile, missing: [], environment: undefined } }, now);
    },
  };
}

const connected = (since: number, mqttVersion: '5.0' | '3.1.1' = '5.0'): ConnectionState => ({
  kind: 'connected',
  since,
  endpoint: { protocol: 'mqtt', host: 'h', port: 1 },
  mqttVersion,
  clientId: 'c',
  connack: { sessionPresent: false, userProperties: [] },
  steps: [],
});
const connecting: ConnectionState = { kind: 'connecting', attempt: 1, since: 0, steps: [] };

describe('ListeningWatch', () => {
  it('tells each change once, with the moment from which it holds', () => {
    const { told, note, watch } = watched();
    const a = newSubscription('a/#');
    const off = { ...newSubscription('off'), enabled: false };
    note({ kind: 'offline' }, [a, off], 10);
    note(connecting, [a, off], 20);
    note(connecting, [a, off], 30);
    note(connected(35), [a, off], 40);
    note(connected(35), [{ ...a, muted: true }, off], 50);
    const b = { ...newSubscription('b'), retainAsPublished: false };
    note(connected(35), [a, b, newSubscription('bad/#/filter')], 60);
    note({ kind: 'offline' }, [a, b], 70);
    note(connected(75, '3.1.1'), [a], 80);
    watch.forget('s');
    watch.forget('s');
    const both = [
      { filter: 'a/#', keepsRetain: true },
      { filter: 'b', keepsRetain: false },
    ];
    expect(told).toEqual([
      { at: 10, isConnected: false, filters: [] },
      { at: 35, isConnected: true, filters: both.slice(0, 1) },
      { at: 60, isConnected: true, filters: both },
      { at: 70, isConnected: false, filters: [] },
      { at: 75, isConnected: true, filters: [{ filter: 'a/#', keepsRetain: false }] },
      undefined,
    ]);
  });
});
