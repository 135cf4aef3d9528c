import { describe, expect, it, vi } from 'vitest';
import { FailureError, fail } from '#app/contract/failure.ts';
import type { LoadTest } from '#app/load/load-test.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import type { Connector, OutgoingMessage } from '../connector/connector.ts';
import type { Ingest } from '../ingest.ts';
import { Outbox } from '../outbox.ts';
import { PublishGuard } from '../publish-guard.ts';
import type { LoadConnection } from './load-run.ts';
import { Loads } from './loads.ts';

const testOf = (more: Partial<LoadTest> = {}): LoadTest => ({
  message: { ...emptyTemplate, topic: 'load/{1..4}', text: '{{seq}}', qos: 1 },
  count: 200,
  rate: 50_000,
  inFlight: 10,
  ...more,
});

function setUp(guard = new PublishGuard('none'), answer: () => Promise<unknown> = async () => undefined) {
  const sent: string[] = [];
  const payloads = new Set<Uint8Array>();
  const connection = {
    isUp: true,
    waiting: 0,
    mostWaiting: 0,
    backlog: 0,
    receiveMaximum: 65_535,
    maximumPacketSize: 65_536,
  };
  const connector = {
    get backlog() {
      return connection.backlog;
    },
    async publish({ topic, payload }: OutgoingMessage, onSent: (at: number) => void) {
      sent.push(topic);
      payloads.add(payload);
      onSent(0);
      connection.waiting += 1;
      connection.mostWaiting = Math.max(connection.mostWaiting, connection.waiting);
      try {
        await answer();
      } finally {
        connection.waiting -= 1;
      }
      return { sentAt: 0, acknowledged: { at: 1, reasonCode: 0, reasonName: 'Success' } };
    },
  } as unknown as Connector;
  const outbox = new Outbox({
    connector: () => connector,
    ingest: { onPublished: () => 1 } as unknown as Ingest,
    codecFor: () => undefined,
    version: () => '5.0',
    onNotKept: () => undefined,
  });
  const loads = new Loads({
    outbox,
    guard,
    connection: () => (connection.isUp ? connected(connection) : undefined),
    onChange: () => undefined,
  });
  return { loads, sent, payloads, connection };
}

const connected = (connack: { receiveMaximum: number; maximumPacketSize?: number }): LoadConnection => ({
  kind: 'connected',
  since: 0,
  endpoint: { protocol: 'mqtt', host: 'broker.example', port: 1883 },
  mqttVersion: '5.0',
  clientId: 'a',
  steps: [],
  connack: { sessionPresent: false, userProperties: [], ...connack },
});

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof FailureError ? error.failure.code : String(error);
  }
}
const ended = (loads: Loads) =>
  vi.waitFor(() => expect(loads.shown?.state).not.toBe('running'), { timeout: 20_000 });

describe('a load test', () => {
  it('sends exactly its count, to its topics in turn, and measures each acknowledgement', async () => {
    const { loads, sent, connection } = setUp(undefined, () => new Promise((done) => setTimeout(done, 2)));
    loads.start(testOf(), undefined);
    await ended(loads);
    expect(loads.shown).toMatchObject({ state: 'done', begun: 200, sent: 200, refused: 0, pending: 0 });
    expect(loads.shown?.latency?.count).toBe(200);
    expect(sent.slice(0, 5)).toEqual(['load/1', 'load/2', 'load/3', 'load/4', 'load/1']);
    expect(sent).toHaveLength(200);
    expect(connection.mostWaiting).toBe(10);
  });

  it('never runs ahead of its rate', async () => {
    const { loads } = setUp();
    const since = performance.now();
    loads.start(testOf({ count: 21, rate: 100 }), undefined);
    await ended(loads);
    expect(performance.now() - since).toBeGreaterThanOrEqual(199);
  });

  it('tells the rate between its messages, and how the times are spread', async () => {
    const { loads } = setUp();
    loads.start(testOf({ count: 6, rate: 20 }), undefined);
    await ended(loads);
    // Six messages have five intervals between them.
    expect(loads.shown?.reachedRate).toBeLessThanOrEqual(21);
    expect(loads.shown?.distribution.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });

  it('waits for the socket at QoS 0', async () => {
    const { loads, sent, connection } = setUp();
    connection.backlog = 64 * 1024 * 1024;
    loads.start(testOf({ count: 50, message: { ...testOf().message, qos: 0 } }), undefined);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(sent).toEqual([]);
    connection.backlog = 0;
    await ended(loads);
    expect(sent).toHaveLength(50);
  });

  it('hands over no more than the broker takes at once, so that a stop reaches all others', async () => {
    const { loads, sent, connection } = setUp(undefined, () => new Promise(() => undefined));
    connection.receiveMaximum = 3;
    loads.start(testOf({ count: 1000 }), undefined);
    await vi.waitFor(() => expect(loads.shown?.pending).toBe(3));
    loads.stop();
    await ended(loads);
    expect(sent).toHaveLength(3);
  });

  it('does not flood a broker that was silent with what it missed', async () => {
    const held: (() => void)[] = [];
    let isSilent = true;
    const { loads, sent } = setUp(undefined, () =>
      isSilent ? new Promise<void>((done) => held.push(done)) : Promise.resolve(),
    );
    loads.start(testOf({ count: 100_000, rate: 100, inFlight: 5 }), undefined);
    await vi.waitFor(() => expect(held).toHaveLength(5));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    isSilent = false;
    const since = performance.now();
    for (const done of held) {
      done();
    }
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(40), { timeout: 20_000 });
    // A quarter of a second is caught up: 25 messages, and the one that is due.
    expect(sent.length - 5).toBeLessThanOrEqual(26 + (performance.now() - since) / 10);
    loads.stop();
    await ended(loads);
  });

  it('shows a rate that falls while the broker is silent', async () => {
    let answered = 0;
    const { loads } = setUp(undefined, () => {
      answered += 1;
      return answered <= 20 ? Promise.resolve() : new Promise(() => undefined);
    });
    loads.start(testOf({ count: 1000, rate: 1000 }), undefined);
    await vi.waitFor(() => expect(loads.shown?.sent).toBe(20));
    const before = loads.shown?.reachedRate ?? 0;
    await vi.waitFor(() => expect(loads.shown?.reachedRate).toBeLessThan(before / 4), { timeout: 20_000 });
    loads.stop();
    await ended(loads);
  });

  it('counts what is refused, and says why', async () => {
    const { loads } = setUp(undefined, () => Promise.reject(new Error('no')));
    loads.start(testOf({ count: 5 }), undefined);
    await ended(loads);
    expect(loads.shown).toMatchObject({ state: 'done', sent: 0, refused: 5 });
    expect(loads.shown?.refusals.map(({ count }) => count)).toEqual([5]);
  });

  it('tells what the connection took with it from what was refused, and measures one connection only', async () => {
    const answers: { resolve: () => void; reject: (error: unknown) => void }[] = [];
    const { loads, connection } = setUp(
      undefined,
      () => new Promise<void>((resolve, reject) => answers.push({ resolve, reject })),
    );
    loads.start(testOf(), undefined);
    await vi.waitFor(() => expect(answers).toHaveLength(10));
    answers[0]?.resolve();
    await vi.waitFor(() => expect(loads.shown?.sent).toBe(1));
    // Down and up again before the test has looked.
    connection.isUp = false;
    loads.look();
    connection.isUp = true;
    loads.look();
    await ended(loads);
    const rate = loads.shown?.reachedRate;
    answers[1]?.resolve();
    for (const { reject } of answers.slice(2)) {
      reject(fail('publish.unacknowledged', 'The connection ended.', ''));
    }
    await vi.waitFor(() => expect(loads.shown?.pending).toBe(0));
    expect(loads.shown).toMatchObject({
      state: 'failed',
      sent: 2,
      refused: 0,
      refusals: [],
      reachedRate: rate,
    });
    expect(loads.shown?.lost).toBe((loads.shown?.begun ?? 0) - 2);
    expect(loads.shown?.latency?.count).toBe(1);
  });

  it('sends a payload of a fixed size, made once, whatever is written', async () => {
    const { loads, payloads } = setUp();
    const message = { ...testOf().message, format: 'json' as const, text: 'not JSON' };
    loads.start(testOf({ count: 20, message, payloadSize: 1000 }), undefined);
    await ended(loads);
    expect([...payloads].map(({ length }) => length)).toEqual([1000]);
    expect(loads.shown).toMatchObject({
      sent: 20,
      asked: { payloadSize: 1000 },
      sizes: { least: 1000, most: 1000 },
    });
  });

  it('sends nothing that is larger than the broker takes', () => {
    const { loads, sent, connection } = setUp();
    connection.maximumPacketSize = 1000;
    expect(codeOf(() => loads.start(testOf({ payloadSize: 990 }), undefined))).toBe('load.tooLarge');
    const text = 'x'.repeat(990);
    expect(codeOf(() => loads.start(testOf({ message: { ...testOf().message, text } }), undefined))).toBe(
      'load.tooLarge',
    );
    expect([sent, loads.shown]).toEqual([[], undefined]);
  });

  it('holds few large payloads at once', async () => {
    const { loads, sent, connection } = setUp(undefined, () => new Promise(() => undefined));
    connection.maximumPacketSize = 100_000_000;
    loads.start(testOf({ inFlight: 1000, payloadSize: 16_000_000 }), undefined);
    await vi.waitFor(() => expect(loads.shown?.pending).toBe(5));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(sent).toHaveLength(5);
    loads.stop();
    await ended(loads);
  });

  it('stops at once, though nothing is acknowledged', async () => {
    const { loads, sent } = setUp(undefined, () => new Promise(() => undefined));
    loads.start(testOf({ count: 1000 }), undefined);
    await vi.waitFor(() => expect(loads.shown?.pending).toBe(10));
    expect(codeOf(() => loads.start(testOf(), undefined))).toBe('load.running');
    loads.stop();
    await ended(loads);
    expect(loads.shown?.state).toBe('stopped');
    expect(sent).toHaveLength(10);
  });

  it('ends with the connection, and when the connection becomes a guarded one', async () => {
    const { loads, connection } = setUp();
    loads.start(testOf({ count: 1000, rate: 1 }), undefined);
    connection.isUp = false;
    loads.look();
    await ended(loads);
    expect(loads.shown?.failure).toMatchObject({
      code: 'load.offline',
      message: expect.stringContaining('after 1 of 1,000 messages'),
    });
    expect(codeOf(() => loads.start(testOf(), undefined))).toBe('publish.offline');

    const guard = new PublishGuard('none');
    const other = setUp(guard).loads;
    other.start(testOf({ count: 1000, rate: 1 }), undefined);
    guard.set('confirm');
    other.look();
    await ended(other);
    expect(other.shown?.failure?.code).toBe('guard.changed');
  });

  it('is capped and confirmed on a production connection, refused on a read-only one', () => {
    const { loads, sent } = setUp(new PublishGuard('confirm'));
    expect(codeOf(() => loads.start(testOf(), undefined))).toBe('load.cap');
    expect(codeOf(() => loads.start(testOf({ rate: 50 }), undefined))).toBe('guard.confirm');
    const readOnly = setUp(new PublishGuard('readOnly')).loads;
    expect(codeOf(() => readOnly.start(testOf({ rate: 50 }), undefined))).toBe('guard.readOnly');
    expect(sent).toEqual([]);
  });
});
