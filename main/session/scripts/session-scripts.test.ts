import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import { cborCodec } from '#app/payload/cbor.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { OutgoingMessage } from '../connector/connector.ts';
import type { MessageSink } from '../ingest.ts';
import { PublishGuard } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';
import { createScriptHandlers } from './scripts-feed.ts';
import { SessionScripts } from './session-scripts.ts';

const open: SessionScripts[] = [];
afterEach(() => {
  for (const scripts of open.splice(0)) {
    scripts.stop();
  }
});

function start(results: ReadonlyMap<string, SubscriptionResult['kind']> = new Map()) {
  const sinks = new Set<MessageSink>();
  const kept: Request[] = [];
  const sent: string[] = [];
  const temporary: (readonly string[])[] = [];
  let asked: readonly Subscription[] = [];
  const connection = { isFull: false };
  const guard = new PublishGuard('none');
  let decoded = 0;
  const codec: Codec = {
    ...cborCodec,
    decode(payload, limits, context) {
      decoded += 1;
      const until = performance.now() + 5;
      while (performance.now() < until) {
        // A payload that is hard to read.
      }
      return cborCodec.decode(payload, limits, context);
    },
  };
  const scripts = new SessionScripts({
    workerUrl: new URL('../../scripts/worker.ts', import.meta.url).href,
    ingest: {
      addSink(sink) {
        sinks.add(sink);
        return { dispose: () => void sinks.delete(sink) };
      },
    },
    outbox: {
      get isFull() {
        return connection.isFull;
      },
      publish: ({ topic, payload }: OutgoingMessage) => {
        sent.push(`${topic} ${new TextDecoder().decode(payload)}`);
        return Promise.resolve({ kind: 'sent', sequence: 1, sentAt: 1 });
      },
    },
    isConnected: () => true,
    setTemporary: (subscriptions: readonly Subscription[]) => {
      temporary.push(subscriptions.map(({ filter, qos }) => (qos === 0 ? filter : `${filter} ${qos}`)));
      asked = subscriptions;
      return Promise.resolve();
    },
    resultOf: (subscriptionId) => {
      const filter = asked.find(({ id }) => id === subscriptionId)?.filter ?? '';
      const failure = { code: 'subscribe.refused', message: 'Not authorized' };
      return results.get(filter) === 'refused' ? { kind: 'refused', failure } : undefined;
    },
    requestOf: (sequence) => kept[sequence - 1],
    topicOf: (topicId) => kept[topicId - 1]?.topic ?? '',
    codecFor: (topic) => (topic.startsWith('rule/') ? codec : undefined),
    onChange: () => {},
  });
  open.push(scripts);
  const receive = (topic: string, text: string) => {
    kept.push({ topic, payload: new TextEncoder().encode(text), qos: 0, retain: false, properties: {} });
    for (const sink of sinks) {
      sink.onMessage(kept.length, kept.length, 1, 0, 0);
    }
  };
  const run = (id: string, source: string) =>
    scripts.start({ id, name: id, source }, () => guard.permit(undefined));
  const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });
  const linesOf = (id: string) => scripts.runOf(id)?.lines.map(({ text }) => text) ?? [];
  return {
    scripts,
    run,
    receive,
    until,
    sent,
    temporary,
    sinks,
    linesOf,
    guard,
    connection,
    decoded: () => decoded,
  };
}

describe('scripts of a session', () => {
  it('hear, subscribe and publish; one that hangs holds up neither the session nor another one', async () => {
    const { run, receive, until, sent, temporary, linesOf, scripts, sinks } = start();
    run('bad', 'for (;;) {}');
    run(
      'good',
      "await subscribe('a/#');\nonMessage('a/+', (m) => publish('out', m.text + '!'));\nlog('ready');",
    );
    await until(() => expect(linesOf('good')).toEqual(['ready']));
    expect(temporary).toContainEqual(['a/#']);
    receive('a/b', 'hello');
    receive('b', 'unheard');
    await until(() => expect(sent).toEqual(['out hello!']));
    await until(() =>
      expect(scripts.statuses.find(({ scriptId }) => scriptId === 'bad')?.state).toBe('failed'),
    );
    scripts.stop('good');
    await until(() => expect(sinks.size).toBe(0));
    expect(temporary.at(-1)).toEqual([]);
  }, 60_000);

  it('give back what they subscribed to, each at its end', async () => {
    const { run, until, temporary, linesOf, scripts } = start();
    run('one', "await subscribe('a'); await subscribe('b'); log('ready');");
    run('two', "await subscribe('b'); log('ready');");
    await until(() => expect([...linesOf('one'), ...linesOf('two')]).toEqual(['ready', 'ready']));
    scripts.stop('one');
    expect(temporary.at(-1)).toEqual(['b']);
    scripts.stop('two');
    expect(temporary.at(-1)).toEqual([]);
  }, 60_000);

  it('are given payloads as a rule reads them, for as long as that leaves the session its time', async () => {
    const { run, receive, until, linesOf, scripts, decoded } = start();
    run('s', "onMessage('rule/#', (m) => log(m.text));\nlog('ready');");
    await until(() => expect(linesOf('s')).toEqual(['ready']));
    receive('rule/a', '\u0001');
    await until(() => expect(linesOf('s').at(-1)).toBe('1'));
    receive('other', 'two');
    expect(decoded()).toBe(1);
    const begin = performance.now();
    for (let index = 0; index < 900; index += 1) {
      receive('rule/a', '\u0002');
    }
    // Nothing of it is read on the way of the messages into the session.
    expect(decoded()).toBe(1);
    await until(() => expect((scripts.statuses[0]?.missed ?? 0) + decoded()).toBe(901));
    // At most a quarter of the time goes into reading, and what came in another second has its own quarter.
    const seconds = Math.ceil((performance.now() - begin) / 1000) + 1;
    expect(decoded()).toBeLessThanOrEqual(1 + seconds * 51);
  }, 60_000);

  it('are told that the broker refuses a filter, which is not asked for again', async () => {
    const { run, until, linesOf, temporary } = start(new Map([['secret', 'refused']]));
    run(
      's',
      "try { await subscribe('secret'); } catch (e) { log(e.message); }\nawait subscribe('a'); log('ready');",
    );
    await until(() => expect(linesOf('s')).toEqual([expect.stringContaining('Not authorized'), 'ready']));
    expect(temporary.at(-1)).toEqual(['a']);
  }, 60_000);

  it('share a filter at the highest QoS that one asked for, and give it back by themselves', async () => {
    const { run, until, linesOf, temporary, scripts } = start();
    run('one', "await subscribe('a'); log('ready'); onCommand('Leave', () => unsubscribe('a'));");
    await until(() => expect(linesOf('one')).toEqual(['ready']));
    run('two', "await subscribe('a', { qos: 1 }); log('ready');");
    await until(() => expect(linesOf('two')).toEqual(['ready']));
    expect(temporary).toEqual([['a'], ['a 1']]);
    scripts.stop('two');
    await until(() => expect(scripts.statuses[0]?.commands).toEqual(['Leave']));
    scripts.command('one', 'Leave', '');
    await until(() => expect(temporary.at(-1)).toEqual([]));
  }, 60_000);

  it('are refused a publish while the socket does not keep up', async () => {
    const { run, until, linesOf, connection, sent } = start();
    connection.isFull = true;
    run('s', "try { await publish('x', '1'); } catch (e) { log(e.message); }");
    await until(() => expect(linesOf('s').at(-1)).toContain('more slowly'));
    expect(sent).toEqual([]);
  }, 60_000);

  it('hear on a read-only connection, and publish nothing there', async () => {
    const { scripts, until, linesOf, guard, receive, sent } = start();
    guard.set('readOnly');
    const source = "onMessage('a', (m) => publish('x', m.text).catch((e) => log(e.message)));\nlog('ready');";
    const handlers = createScriptHandlers(scripts, guard);
    await handlers['script.start'](
      { script: { id: 's', name: 's', source } },
      {
        isCancelled: false,
        onCancel: () => ({ dispose: () => {} }),
      },
    );
    await until(() => expect(linesOf('s')).toEqual(['ready']));
    // What it was started as, it stays.
    guard.set('none');
    receive('a', '1');
    await until(() => expect(linesOf('s').at(-1)).toContain('read-only'));
    expect(sent).toEqual([]);
  }, 60_000);

  it('publish no more once the guard would not have let them begin', async () => {
    const { run, until, sent, guard, linesOf, receive } = start();
    run(
      's',
      "onMessage('a', async () => { try { await publish('x', '1'); } catch (e) { log(e.message); } });\nlog('ready');",
    );
    await until(() => expect(linesOf('s')).toEqual(['ready']));
    guard.set('readOnly');
    receive('a', '');
    await until(() => expect(linesOf('s').at(-1)).toContain('read-only'));
    expect(sent).toEqual([]);
    expect(() => run('t', '')).toThrow();
  }, 60_000);
});
