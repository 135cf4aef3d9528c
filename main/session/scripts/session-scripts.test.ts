import { afterEach, describe, expect, it, vi } from 'vitest';
import { cborCodec } from '#app/payload/cbor.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { OutgoingMessage } from '../connector/connector.ts';
import type { MessageSink } from '../ingest.ts';
import { PublishGuard } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';
import { SessionScripts } from './session-scripts.ts';

const open: SessionScripts[] = [];
afterEach(() => {
  for (const scripts of open.splice(0)) {
    scripts.stop();
  }
});

function start() {
  const sinks = new Set<MessageSink>();
  const kept: Request[] = [];
  const sent: string[] = [];
  const temporary: (readonly string[])[] = [];
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
      publish: ({ topic, payload }: OutgoingMessage) => {
        sent.push(`${topic} ${new TextDecoder().decode(payload)}`);
        return Promise.resolve({ kind: 'sent', sequence: 1, sentAt: 1 });
      },
    },
    isConnected: () => true,
    setTemporary: (subscriptions: readonly Subscription[]) => {
      temporary.push(subscriptions.map(({ filter }) => filter));
      return Promise.resolve();
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
  return { scripts, run, receive, until, sent, temporary, sinks, linesOf, guard, decoded: () => decoded };
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
    // At most a quarter of the time goes into reading, and what came in another second has its own quarter.
    const seconds = Math.ceil((performance.now() - begin) / 1000) + 1;
    expect(decoded()).toBeLessThanOrEqual(1 + seconds * 51);
    const [status] = scripts.statuses;
    expect(status?.missed).toBe(901 - decoded());
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
