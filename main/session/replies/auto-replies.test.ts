import { describe, expect, it, vi } from 'vitest';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { newReplyRule, type ReplyRule } from '#app/reply/reply-rule.ts';
import type { Connector, OutgoingMessage } from '../connector/connector.ts';
import type { Ingest, MessageSink } from '../ingest.ts';
import { Outbox } from '../outbox.ts';
import { PublishGuard } from '../publish-guard.ts';
import { AutoReplies, type Request } from './auto-replies.ts';
import { RunningRule } from './running-rule.ts';

const rule = (more: Partial<ReplyRule>): ReplyRule => ({
  ...newReplyRule('Rule'),
  filter: 'ask/+',
  message: { ...emptyTemplate, topic: 'answer/{{topic.2}}', text: 'got {{payload}} n={{seq}}' },
  ...more,
});

interface Started {
  readonly guard?: PublishGuard;
  readonly backlog?: number;
  /** Asked before each message is sent; while it is waited for, so is the broker. */
  readonly admit?: () => Promise<void>;
}

function start(
  rules: readonly ReplyRule[],
  { guard = new PublishGuard('none'), backlog, admit }: Started = {},
) {
  const sent: { readonly topic: string; readonly text: string; readonly message: OutgoingMessage }[] = [];
  const sinks: MessageSink[] = [];
  const kept: Request[] = [];
  const outbox = new Outbox({
    connector: () =>
      ({
        backlog: backlog ?? 0,
        async publish(message: OutgoingMessage, onSent: (at: number) => void, stillWanted?: () => void) {
          if (admit !== undefined) {
            await admit();
            stillWanted?.();
          }
          onSent(0);
          sent.push({ topic: message.topic, text: new TextDecoder().decode(message.payload), message });
          return { sentAt: 0 };
        },
      }) as unknown as Connector,
    ingest: { onPublished: () => 1 } as unknown as Ingest,
    codecFor: () => undefined,
    version: () => '5.0',
    onNotKept: () => {},
  });
  const replies = new AutoReplies({
    ingest: {
      addSink(sink) {
        sinks.push(sink);
        return { dispose: () => void sinks.splice(sinks.indexOf(sink), 1) };
      },
    },
    outbox,
    requestOf: (sequence) => kept[sequence - 1],
    topicOf: (topicId) => kept[topicId - 1]?.topic ?? '',
    codecFor: () => undefined,
    onChange: () => {},
  });
  const receive = (topic: string, text: string, more: Partial<Request> = {}) => {
    kept.push({
      topic,
      payload: new TextEncoder().encode(text),
      qos: 0,
      retain: false,
      properties: {},
      ...more,
    });
    for (const sink of sinks) {
      sink.onMessage(kept.length, kept.length, 0, 0, 0);
    }
  };
  replies.start(rules, () => guard.permit(undefined));
  const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
  const texts = () => sent.map(({ topic, text }) => `${topic}: ${text}`);
  return { replies, receive, sent, sinks, until, texts, guard };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 40));

describe('rules that answer', () => {
  it('fill the reply with what was asked, and number their replies', async () => {
    const { receive, until, texts, replies } = start([rule({})]);
    receive('ask/pump', '{{seq}}');
    receive('other', 'x');
    receive('ask/fan', 'b');
    await until(() => expect(texts()).toEqual(['answer/pump: got {{seq}} n=1', 'answer/fan: got b n=2']));
    await until(() => expect(replies.shown.rules[0]).toMatchObject({ matched: 2, replied: 2, failed: 0 }));
  });

  it('ask their condition of the fields, and stop where they are told to', async () => {
    const hot = rule({
      condition: 'temp > 30',
      stops: true,
      message: { ...emptyTemplate, topic: 'fan', text: '{{payload.temp}}' },
    });
    const all = rule({ message: { ...emptyTemplate, topic: 'seen', text: '1' } });
    const { receive, until, texts } = start([hot, all]);
    receive('ask/a', '{"temp": 31.50}');
    receive('ask/a', '{"temp": 12}');
    receive('ask/a', 'no json');
    await until(() => expect(texts()).toEqual(['fan: 31.50', 'seen: 1', 'seen: 1']));
  });

  it('answer on the response topic with the correlation data, and count what names none', async () => {
    const { receive, until, sent, replies } = start([
      rule({ to: 'responseTopic', message: { ...emptyTemplate, text: 'ok' } }),
    ]);
    const correlationData = new Uint8Array([1, 2]);
    receive('ask/a', '?', { properties: { responseTopic: 'back/{1..3}', correlationData } });
    receive('ask/a', '?');
    await until(() => expect(replies.shown.rules[0]).toMatchObject({ replied: 1, failed: 1 }));
    expect(sent[0]).toMatchObject({ topic: 'back/{1..3}', message: { properties: { correlationData } } });
    expect(replies.shown.rules[0]?.failure?.code).toBe('reply.noResponseTopic');
  });

  it('leave retained messages and replies of their own alone', async () => {
    const echo = rule({ message: { ...emptyTemplate, topic: 'ask/echo', text: 'same' } });
    const { receive, until, sent } = start([echo]);
    receive('ask/a', 'old', { retain: true });
    receive('ask/a', 'new');
    await until(() => expect(sent).toHaveLength(1));
    receive('ask/echo', 'same');
    await settled();
    expect(sent).toHaveLength(1);
    receive('ask/echo', 'another');
    await until(() => expect(sent).toHaveLength(2));
  });

  it('answer no more than so often, and wait for their delay', async () => {
    const { receive, until, sent, replies } = start([rule({ perSecond: 2, delay: 20 })]);
    for (let index = 0; index < 10; index += 1) {
      receive('ask/a', String(index));
    }
    await until(() => expect(sent).toHaveLength(2));
    expect(replies.shown.rules[0]).toMatchObject({ matched: 10, limited: 8 });
    receive('ask/a', 'late');
    replies.stop();
    await settled();
    expect(sent).toHaveLength(2);
  });

  it('cost nothing when they are off, and stop with the guard', async () => {
    const { receive, until, replies, sinks, guard, sent } = start([rule({})]);
    expect(sinks).toHaveLength(1);
    guard.set('readOnly');
    receive('ask/a', '1');
    await until(() => expect(replies.isOn).toBe(false));
    expect([sinks.length, sent.length]).toEqual([0, 0]);
    expect(() => start([rule({})], { guard })).toThrow();
  });

  it('leave out and count what the socket does not take', async () => {
    const { receive, until, replies, sent } = start([rule({})], { backlog: 64 * 1024 * 1024 });
    receive('ask/a', '1');
    await until(() =>
      expect(replies.shown.rules[0]).toMatchObject({ failed: 1, failure: { code: 'reply.slow' } }),
    );
    expect(sent).toEqual([]);
  });

  it('take back what waited for the broker while they were switched off', async () => {
    const broker = Promise.withResolvers<void>();
    const { receive, until, replies, sent } = start([rule({})], { admit: () => broker.promise });
    receive('ask/a', '1');
    await until(() => expect(replies.shown.rules[0]).toMatchObject({ matched: 1 }));
    replies.stop();
    broker.resolve();
    await settled();
    expect(sent).toEqual([]);
  });

  it('are compared with a topic anew when they change', async () => {
    const { receive, until, replies, sent, guard } = start([rule({ filter: 'other' })]);
    receive('ask/a', '1');
    replies.start([rule({})], () => guard.permit(undefined));
    receive('ask/a', '2');
    await until(() => expect(sent).toHaveLength(1));
  });

  it('take changes over only while they are on', async () => {
    const { receive, until, replies, sinks, sent } = start([rule({ filter: 'other' })]);
    replies.change([rule({})]);
    receive('ask/a', '1');
    await until(() => expect(sent).toHaveLength(1));
    replies.stop();
    // Somebody who still believes that they are on does not start them again.
    replies.change([rule({})]);
    expect([replies.isOn, sinks.length]).toEqual([false, 0]);
  });

  it('name no topic that is only half filled in', async () => {
    const { receive, until, replies, sent } = start([
      rule({ message: { ...emptyTemplate, topic: 'answer/{{topic.7}}', text: 'x' } }),
    ]);
    receive('ask/a', '1');
    await until(() => expect(replies.shown.rules[0]).toMatchObject({ failed: 1 }));
    expect(sent).toEqual([]);
  });

  it('are tried on a message without sending anything', () => {
    const { receive, replies, sent } = start([]);
    receive('ask/pump', '{"on": true}');
    expect(replies.try(rule({}), 1)).toEqual({
      kind: 'reply',
      messages: [{ topic: 'answer/pump', preview: 'got {"on": true} n=1', size: 20 }],
    });
    expect(replies.try(rule({ condition: 'on = false' }), 1)).toEqual({ kind: 'noMatch' });
    const gone = rule({ message: { ...emptyTemplate, topic: 'a', text: '{{payload.gone}}' } });
    expect(replies.try(gone, 1)).toMatchObject({ kind: 'failure' });
    expect(sent).toEqual([]);
  });
});

describe('a rule at its limit', () => {
  it('is part of a loop when that goes on for long', () => {
    const running = new RunningRule(rule({ perSecond: 10 }), {} as never, 0);
    let taken = 0;
    for (let now = 0; now < 20_000 && !running.isStorm; now += 10) {
      taken += running.take(now) ? 1 : 0;
    }
    expect(running.isStorm).toBe(true);
    expect(taken).toBeGreaterThan(90);
    expect(taken).toBeLessThan(130);
    const calm = new RunningRule(rule({ perSecond: 10 }), {} as never, 0);
    for (let now = 0; now < 60_000; now += 10) {
      if (now % 3000 < 500) {
        calm.take(now);
      }
    }
    expect(calm.isStorm).toBe(false);
  });
});
