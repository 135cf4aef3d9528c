import { describe, expect, it, vi } from 'vitest';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { MessageSink } from '../ingest.ts';
import { PublishGuard } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';
import { RequestCalls } from './request-calls.ts';

function start(own: readonly Subscription[] = [], result?: SubscriptionResult) {
  const sinks = new Set<MessageSink>();
  const kept: Request[] = [];
  const temporary: (readonly string[])[] = [];
  const outcome = {
    kind: 'acknowledged' as const,
    sequence: 1,
    sentAt: 0,
    acknowledgedAt: 0,
    reasonCode: 0,
    reasonName: 'Success',
  };
  const publish = vi.fn(() => Promise.resolve(outcome));
  const setTemporary = vi.fn((subscriptions: readonly Subscription[]): Promise<void> => {
    temporary.push(subscriptions.map(({ filter }) => filter));
    return Promise.resolve();
  });
  const guard = new PublishGuard('none');
  const calls = new RequestCalls({
    ingest: {
      addSink(sink) {
        sinks.add(sink);
        return { dispose: () => void sinks.delete(sink) };
      },
    },
    outbox: { publish },
    guard,
    subscriptions: () => own,
    setTemporary,
    resultOf: () => result,
    requestOf: (sequence) => kept[sequence - 1],
    topicOf: (topicId) => kept[topicId - 1]?.topic ?? '',
  });
  const receive = (topic: string, more: Partial<Request> = {}) => {
    kept.push({
      topic,
      payload: new TextEncoder().encode('a'),
      qos: 0,
      retain: false,
      properties: {},
      ...more,
    });
    for (const sink of sinks) {
      sink.onMessage(kept.length, kept.length, 0, 0, 0);
    }
  };
  const ask = (more: object = {}) =>
    calls.send({
      topic: 'ask',
      payload: new Uint8Array(),
      qos: 1,
      retain: false,
      properties: {},
      responseTopic: 'back/1',
      timeout: 5_000,
      ...more,
    });
  return { ask, receive, publish, sinks, temporary, outcome, calls, guard, setTemporary };
}
const correlationData = new Uint8Array([7]);

describe('a request', () => {
  it('subscribes to its response topic for as long as it waits', async () => {
    const { ask, receive, publish, temporary, sinks } = start();
    const answer = ask();
    await vi.waitFor(() => expect(publish).toHaveBeenCalled());
    receive('back/2');
    receive('back/1', { retain: true });
    receive('back/1');
    await expect(answer).resolves.toMatchObject({ kind: 'answered', sequence: 3, preview: 'a' });
    expect(temporary).toEqual([['back/1'], []]);
    expect(sinks.size).toBe(0);
  });

  it('subscribes to nothing that is covered already', async () => {
    const { ask, receive, publish, temporary } = start([newSubscription('back/#')]);
    const answer = ask();
    await vi.waitFor(() => expect(publish).toHaveBeenCalled());
    receive('back/1');
    await answer;
    expect(temporary).toEqual([]);
  });

  it('with correlation data has only the answer that has it too', async () => {
    const { ask, receive, publish } = start();
    const answer = ask({ properties: { correlationData } });
    await vi.waitFor(() => expect(publish).toHaveBeenCalled());
    receive('back/1');
    receive('back/1', { properties: { correlationData: new Uint8Array([8]) } });
    receive('back/1', { properties: { correlationData: new Uint8Array([7]) } });
    await expect(answer).resolves.toMatchObject({ kind: 'answered', sequence: 3 });
  });

  it('tells why there is no answer', async () => {
    const { ask, receive, publish, outcome, temporary } = start();
    publish.mockResolvedValueOnce({ ...outcome, reasonCode: 0x10 });
    await expect(ask()).resolves.toEqual({ kind: 'nobody' });
    const late = ask({ timeout: 100, properties: { correlationData } });
    await vi.waitFor(() => expect(publish).toHaveBeenCalledTimes(2));
    receive('back/1');
    await expect(late).resolves.toEqual({ kind: 'timeout', others: 1 });
    await expect(ask({ responseTopic: 'a/#' })).rejects.toMatchObject({ failure: { code: 'request.topic' } });
    publish.mockRejectedValueOnce(new Error('lost'));
    await expect(ask()).rejects.toThrow('lost');
    expect(temporary.at(-1)).toEqual([]);
  });

  it('has its answer before the acknowledgement, and ends with the session', async () => {
    const { ask, receive, publish, sinks, calls } = start();
    publish.mockReturnValue(new Promise(() => undefined));
    const answer = ask();
    await vi.waitFor(() => expect(publish).toHaveBeenCalled());
    receive('back/1');
    await expect(answer).resolves.toMatchObject({ kind: 'answered' });
    const ended = ask();
    await vi.waitFor(() => expect(sinks.size).toBe(1));
    calls.dispose();
    await expect(ended).rejects.toMatchObject({ failure: { code: 'request.ended' } });
    await expect(ask({ timeout: 100 })).resolves.toEqual({ kind: 'timeout', others: 0 });
    expect(sinks.size).toBe(0);
  });

  it('waits for the subscription that another one has begun', async () => {
    const { ask, publish, setTemporary } = start();
    const granted = Promise.withResolvers<void>();
    setTemporary.mockReturnValueOnce(granted.promise);
    const both = [ask({ timeout: 100 }), ask({ timeout: 100 })];
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(publish).not.toHaveBeenCalled();
    granted.resolve();
    await Promise.all(both);
    expect(publish).toHaveBeenCalledTimes(2);
  });

  it('is not sent when the connection became read-only meanwhile', async () => {
    const { ask, publish, guard, setTemporary } = start();
    const granted = Promise.withResolvers<void>();
    setTemporary.mockReturnValueOnce(granted.promise);
    const asked = ask();
    guard.set('readOnly');
    granted.resolve();
    await expect(asked).rejects.toMatchObject({ failure: { code: 'guard.readOnly' } });
    expect(publish).not.toHaveBeenCalled();
  });

  it('is not sent when its response topic cannot be subscribed to', async () => {
    const refused = { kind: 'refused' } as unknown as SubscriptionResult;
    const { ask, publish, temporary } = start([], refused);
    await expect(ask()).rejects.toMatchObject({ failure: { code: 'request.subscribe' } });
    expect(publish).not.toHaveBeenCalled();
    expect(temporary.at(-1)).toEqual([]);
  });
});
