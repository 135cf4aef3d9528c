import { describe, expect, it, vi } from 'vitest';
import { fail } from '#app/contract/failure.ts';
import type { PublishOutcome } from '#app/contract/operations/session.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { OutgoingMessage } from '../connector/connector.ts';
import { Announcements } from './announcements.ts';

const connected = { kind: 'connected' } as ConnectionState;
const birth = { topic: 's', payload: new Uint8Array([1]), qos: 1, retain: true } as const;
const will = { ...birth, payload: new Uint8Array([0]), properties: {}, onDisconnect: true };

function start(settings: object) {
  const state = { isReadOnly: false };
  const publish = vi.fn((_message: OutgoingMessage) =>
    Promise.resolve<PublishOutcome>({ kind: 'sent', sequence: 1, sentAt: 1 }),
  );
  const warn = vi.fn();
  const announcements = new Announcements({
    outbox: { publish },
    settings: () => settings,
    isReadOnly: () => state.isReadOnly,
    warn,
  });
  return { announcements, publish, warn, state };
}
const microtasks = () => new Promise((resolve) => setImmediate(resolve));

describe('Announcements', () => {
  it('publishes the birth message after each connect, once', async () => {
    const { announcements, publish } = start({ birth });
    announcements.onState({ kind: 'offline' });
    announcements.onState(connected);
    announcements.onState(connected);
    await microtasks();
    expect(publish.mock.calls.map(([{ topic, payload, retain }]) => [topic, payload, retain])).toEqual([
      ['s', birth.payload, true],
    ]);
    announcements.onState({ kind: 'offline' });
    announcements.onState(connected);
    await microtasks();
    expect(publish).toHaveBeenCalledTimes(2);
  });

  it('publishes the will’s message before DISCONNECT where that is wanted', async () => {
    const wanted = start({ will });
    wanted.announcements.onState(connected);
    await wanted.announcements.leave();
    const { topic, payload, qos, retain, properties } = will;
    expect(wanted.publish.mock.calls.map(([message]) => message)).toEqual([
      { topic, payload, qos, retain, properties },
    ]);
    // Who disconnects and who ends the session may both come.
    await Promise.all([wanted.announcements.leave(), wanted.announcements.leave()]);
    expect(wanted.publish).toHaveBeenCalledTimes(2);
    const { onDisconnect: _, ...silent } = will;
    const unwanted = start({ will: silent });
    unwanted.announcements.onState(connected);
    await unwanted.announcements.leave();
    expect(unwanted.publish).not.toHaveBeenCalled();
    const offline = start({ will });
    await offline.announcements.leave();
    expect(offline.publish).not.toHaveBeenCalled();
  });

  it('says nothing on a read-only connection', async () => {
    const { announcements, publish, state } = start({ birth, will });
    state.isReadOnly = true;
    announcements.onState(connected);
    await microtasks();
    await announcements.leave();
    expect(publish).not.toHaveBeenCalled();
  });

  it('tells what the broker refused, and lets go of one that does not answer', async () => {
    const { announcements, publish, warn } = start({ birth, will });
    publish.mockRejectedValueOnce(fail('publish.refused', 'Not authorized'));
    announcements.onState(connected);
    await microtasks();
    expect(warn.mock.calls[0]?.[1]).toMatchObject({ code: 'publish.refused' });
    publish.mockReturnValueOnce(new Promise(() => {}));
    vi.useFakeTimers();
    const left = announcements.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    await left;
  });
});
