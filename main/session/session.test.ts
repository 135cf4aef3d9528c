import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ContractClient, type FeedListener } from '#app/contract/client.ts';
import { FailureError, fail } from '#app/contract/failure.ts';
import type { RuleMatchesWindow } from '#app/contract/feeds/rules.ts';
import type {
  MessageRow,
  MessagesWindow,
  StatusWindow,
  SubscriptionRow,
  TreeWindow,
} from '#app/contract/feeds/session.ts';
import { MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import type { Transport } from '#app/contract/transport.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import { newRule } from '#app/profile/rules.ts';
import type { Connector, ConnectorEvents, OutgoingMessage } from './connector/connector.ts';
import type { FromSession } from './control.ts';
import { FilteredLog } from './feeds/row-list.ts';
import { LogReader } from './log/log-reader.ts';
import { Session } from './session.ts';

/** A connector without a broker: the test says what happens. */
class FakeConnector implements Connector {
  readonly events: ConnectorEvents;
  readonly published: OutgoingMessage[] = [];
  readonly backlog = 0;
  isDisposed = false;

  constructor(events: ConnectorEvents) {
    this.events = events;
  }

  connect(): void {
    this.events.onState({ kind: 'disconnecting' }, 'will/topic');
  }
  async disconnect(): Promise<void> {
    this.events.onState({ kind: 'offline' }, undefined);
  }
  disarmWill(): void {}
  tap(): void {}
  async drop(): Promise<void> {
    throw fail('connector.offline', 'There is no connection to drop.');
  }
  async setSubscriptions(): Promise<void> {}
  async publish(message: OutgoingMessage, onSent: (at: number) => void) {
    this.published.push(message);
    onSent(1234.5);
    return message.qos === 0
      ? { sentAt: 1234.5 }
      : { sentAt: 1234.5, acknowledged: { at: 1240, reasonCode: 16, reasonName: 'No matching subscribers' } };
  }
  async dispose(): Promise<void> {
    this.isDisposed = true;
  }
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) {
    close();
  }
});

function start(subscriptions = [newSubscription('#')], logBudget = 8 * 1024 * 1024) {
  const posted: FromSession[] = [];
  const reader = new LogReader();
  let connector: FakeConnector | undefined;
  const session = new Session(
    { sessionId: 's1', logBudget, subscriptions },
    (events) => {
      connector = new FakeConnector(events);
      return connector;
    },
    (message) => {
      posted.push(message);
      if (message.type === 'log') {
        reader.apply(message.update);
      }
    },
  );
  if (connector === undefined) {
    throw new Error('no connector was made');
  }
  const { port1, port2 } = new MessageChannel();
  const transport: Transport = {
    send: (frame) => port2.postMessage(frame),
    onFrame: (listener) => {
      port2.on('message', listener);
      return { dispose: () => port2.off('message', listener) };
    },
    onClose: (listener) => {
      port2.on('close', listener);
      return { dispose: () => port2.off('close', listener) };
    },
    close: () => port2.close(),
  };
  void session.handle({ type: 'attach', port: port1 });
  const client = new ContractClient(transport);
  open.push(
    () => client.dispose(),
    () => void session.handle({ type: 'shutdown' }),
  );
  const { events } = connector;
  const receive = (topic: string, payload: string, packet = {}) =>
    events.onMessage(topic, Buffer.from(payload), { qos: 0, retain: false, dup: false, ...packet });
  return { session, connector, posted, reader, client, port2, receive };
}

/** A listener that remembers the newest window and waits for one that is as wanted. */
function watch<Window>() {
  let latest: Window | undefined;
  const waiting = new Set<() => void>();
  const listener: FeedListener<Window> = {
    onWindow(window) {
      latest = window;
      for (const check of [...waiting]) {
        check();
      }
    },
  };
  const until = (isWanted: (window: Window) => boolean) =>
    new Promise<Window>((resolve) => {
      const check = () => {
        if (latest !== undefined && isWanted(latest)) {
          waiting.delete(check);
          resolve(latest);
        }
      };
      waiting.add(check);
      check();
    });
  return { listener, until };
}

const texts = (window: MessagesWindow) =>
  window.rows.map((row) => (row.kind === 'gap' ? row.text : row.preview));

describe('Session', () => {
  it('shows what was received in stream, tree, status and subscriptions', async () => {
    const { client, receive } = start([
      newSubscription('plant/#', { color: 'red' }),
      newSubscription('other'),
    ]);
    const stream = watch<MessagesWindow>();
    const status = watch<StatusWindow>();
    const subscriptions = watch<{ readonly rows: readonly SubscriptionRow[] }>();
    const tree = watch<{ readonly rows: readonly { segment: string; preview: string }[] }>();
    client.sessionFeed('s1', 'messages', { count: 10, at: { kind: 'live' } }, stream.listener);
    client.sessionFeed('s1', 'status', {}, status.listener);
    client.sessionFeed('s1', 'subscriptions', {}, subscriptions.listener);
    client.sessionFeed(
      's1',
      'tree',
      { offset: 0, count: 50, sort: { by: 'name', descending: false } },
      tree.listener,
    );
    await status.until(({ ledger }) => ledger.received === 0);
    for (let index = 0; index < 25; index++) {
      receive(`plant/t${index % 5}`, `value ${index}`, { qos: 1, retain: index === 24 });
    }
    receive('elsewhere', 'x');
    const window = await stream.until(({ total }) => total === 26);
    expect(window.offset).toBe(16);
    expect(texts(window).at(-1)).toBe('x');
    const row = window.rows[8] as MessageRow;
    expect(row).toMatchObject({
      topic: 'plant/t4',
      qos: 1,
      retain: true,
      color: 'red',
      direction: 'received',
      size: 8,
    });
    expect((window.rows[9] as MessageRow).color).toBeUndefined();
    const { ledger, topics, receivedPerSecond } = await status.until((shown) => shown.ledger.received === 26);
    expect(ledger).toMatchObject({ kept: 26, evicted: 0, cleared: 0, failed: 0, published: 0 });
    expect(topics).toBe(6);
    expect(receivedPerSecond).toBeGreaterThan(0);
    const { rows } = await subscriptions.until((shown) => shown.rows[0]?.messages === 25);
    expect(rows[1]).toMatchObject({ messages: 0, result: { kind: 'idle' } });
    expect((await tree.until((shown) => shown.rows.length === 2)).rows[0]?.segment).toBe('elsewhere');
    await status.until((shown) => shown.receivedPerSecond === 0);
  });

  it('filters by topic, text, flags and direction, pauses, and anchors', async () => {
    const { client, receive } = start();
    for (let index = 0; index < 3000; index++) {
      receive(`a/${index % 3}`, `Wert ${index} ${index % 100 === 0 ? 'FEHLER Größe' : 'ok'}`, {
        qos: index % 2,
      });
    }
    const stream = watch<MessagesWindow>();
    const handle = client.sessionFeed(
      's1',
      'messages',
      { filter: { topicFilter: '+/1' }, count: 5, at: { kind: 'live' } },
      stream.listener,
    );
    const byTopic = await stream.until(({ scanning, total }) => !scanning && total === 1000);
    expect((byTopic.rows.at(-1) as MessageRow).sequence).toBe(2999);
    handle.update({ filter: { text: 'fehler' }, count: 100, at: { kind: 'live' } });
    const byText = await stream.until(({ scanning, total }) => !scanning && total === 30);
    expect((byText.rows[0] as MessageRow).sequence).toBe(1);
    handle.update({ filter: { text: 'GRÖSSE' }, count: 100, at: { kind: 'live' } });
    await stream.until(({ scanning, total }) => !scanning && total === 0);
    handle.update({ filter: { text: 'größe', qos: [0] }, count: 100, at: { kind: 'live' } });
    await stream.until(({ scanning, total }) => !scanning && total === 30);
    handle.update({ filter: { text: 'fehler', qos: [1] }, count: 100, at: { kind: 'live' } });
    await stream.until(({ scanning, total }) => !scanning && total === 0);
    handle.update({ filter: { direction: 'published' }, count: 100, at: { kind: 'live' } });
    await stream.until(({ scanning, total }) => !scanning && total === 0);
    const published = await client.session('s1', 'publish', {
      topic: 'a/1',
      payload: new Uint8Array([65]),
      qos: 1,
      retain: false,
    });
    expect(published).toMatchObject({ kind: 'acknowledged', sequence: 3001, reasonCode: 16 });
    await stream.until(({ total }) => total === 1);
    handle.update({ count: 10, at: { kind: 'sequence', sequence: 1500, rowsBefore: 4 }, until: 2000 });
    const paused = await stream.until(({ waiting }) => waiting === 1001);
    expect(paused.total).toBe(2000);
    expect(paused.rows.map(({ sequence }) => sequence)).toEqual([
      1496, 1497, 1498, 1499, 1500, 1501, 1502, 1503, 1504, 1505,
    ]);
    handle.update({ filter: { topicFilter: 'a/#/b' }, count: 1, at: { kind: 'row', row: 7 } });
    const unusable = await stream.until(({ filterProblem }) => filterProblem !== undefined);
    expect(unusable).toMatchObject({ total: 3001, offset: 7 });
  });

  it('follows a topic and walks its history', async () => {
    const { client, receive, connector } = start();
    const topic = watch<{ topicId?: number; lastSequence?: number; messages: number }>();
    client.sessionFeed('s1', 'topic', { topic: 'x/y' }, topic.listener);
    await topic.until(({ messages }) => messages === 0);
    receive('x/y', '1');
    receive('x/y/below', 'below');
    receive('x/y', '2');
    const { topicId, lastSequence } = await topic.until(({ messages }) => messages === 2);
    expect(lastSequence).toBe(3);
    const history = watch<MessagesWindow>();
    client.sessionFeed(
      's1',
      'messages',
      { filter: { topicId: topicId ?? 0 }, count: 10, at: { kind: 'live' } },
      history.listener,
    );
    expect(texts(await history.until(({ total }) => total === 2))).toEqual(['1', '2']);
    connector.events.onGap(1000, 4000, 'the broker was restarted');
    receive('x/y', '3');
    expect(texts(await history.until(({ total }) => total === 3))).toEqual(['1', '2', '3']);
    const details = await client.session('s1', 'message.get', { sequence: 5 });
    expect(details).toMatchObject({ topic: 'x/y', previous: 3, matching: ['#'], size: 1 });
    const gap = client.session('s1', 'message.get', { sequence: 4 });
    await expect(gap).rejects.toMatchObject({ failure: { code: 'message.gap' } });
    const stream = watch<MessagesWindow>();
    client.sessionFeed('s1', 'messages', { count: 10, at: { kind: 'live' } }, stream.listener);
    const { rows } = await stream.until(({ total }) => total === 5);
    expect(rows[3]).toMatchObject({ kind: 'gap', text: 'No connection for 3.0 s: the broker was restarted' });
  });

  it('marks a loss in the stream at once, and its length when it is over', async () => {
    const { client, receive, connector } = start();
    const stream = watch<MessagesWindow>();
    client.sessionFeed('s1', 'messages', { count: 10, at: { kind: 'live' } }, stream.listener);
    receive('a', 'before');
    connector.events.onLost(1000, 'The broker closed the connection.');
    const { rows } = await stream.until(({ total }) => total === 2);
    expect(rows[1]).toMatchObject({
      kind: 'gap',
      receivedAt: 1000,
      text: 'Connection lost: The broker closed the connection.',
    });
    connector.events.onGap(1000, 4000, 'The broker closed the connection.');
    receive('a', 'after');
    expect(texts(await stream.until(({ total }) => total === 4)).slice(2)).toEqual([
      'No connection for 3.0 s: The broker closed the connection.',
      'after',
    ]);
  });

  it('tells of a search that failed in the background, and goes on', async () => {
    const { client, receive, posted } = start();
    receive('a', 'needle');
    // The window's own turn leaves more to do; what is left fails.
    const advance = vi.spyOn(FilteredLog.prototype, 'advance');
    advance.mockReturnValueOnce(true).mockImplementationOnce(() => {
      throw new Error('broken');
    });
    const stream = watch<MessagesWindow>();
    const window = { count: 10, at: { kind: 'live' } } as const;
    const handle = client.sessionFeed(
      's1',
      'messages',
      { filter: { text: 'need' }, ...window },
      stream.listener,
    );
    const notices = () => posted.flatMap((message) => (message.type === 'notice' ? [message.notice] : []));
    await vi.waitFor(() => expect(notices()).toHaveLength(1), { timeout: 10_000 });
    expect(notices()[0]).toMatchObject({
      level: 'warning',
      message: expect.stringMatching(/^A search was given up\. Change the filter to search again\./),
      detail: expect.stringContaining('broken'),
    });
    advance.mockRestore();
    handle.update({ filter: { text: 'needle' }, ...window });
    expect(texts(await stream.until(({ total, scanning }) => total === 1 && !scanning))).toEqual(['needle']);
  });

  it('hides what only muted subscriptions match, until they are not', async () => {
    const loud = newSubscription('a/b');
    const muted = newSubscription('a/#', { muted: true });
    const { client, receive, session } = start([loud, muted]);
    receive('a/b', 'loud');
    receive('a/c', 'muted');
    receive('z', 'unmatched');
    const stream = watch<MessagesWindow>();
    const handle = client.sessionFeed('s1', 'messages', { count: 10, at: { kind: 'live' } }, stream.listener);
    expect(texts(await stream.until(({ scanning }) => !scanning))).toEqual(['loud', 'unmatched']);
    handle.update({ filter: { includeMuted: true }, count: 10, at: { kind: 'live' } });
    await stream.until(({ total }) => total === 3);
    handle.update({ count: 10, at: { kind: 'live' } });
    await stream.until(({ total }) => total === 2);
    await session.handle({
      type: 'subscriptions',
      call: 1,
      subscriptions: [loud, { ...muted, muted: false }],
    });
    await stream.until(({ total }) => total === 3);
  });

  it('shows, labels and mutes by the rules as they are now', async () => {
    const { client, receive, session } = start([newSubscription('#', { color: 'green' })]);
    receive('a/b', '21.4');
    receive('a/c', 'hi');
    const stream = watch<MessagesWindow>();
    const tree = watch<TreeWindow>();
    client.sessionFeed('s1', 'messages', { count: 10, at: { kind: 'live' } }, stream.listener);
    client.sessionFeed(
      's1',
      'tree',
      { offset: 0, count: 50, sort: { by: 'name', descending: false } },
      tree.listener,
    );
    await client.session('s1', 'tree.reveal', { topic: 'a/b' });
    await stream.until(({ total }) => total === 2);
    await tree.until(({ rows }) => rows.length === 3);
    await session.handle({
      type: 'rules',
      rules: [
        newRule('a/b', { label: 'Oven', unit: '°C', color: 'red' }),
        newRule('a/+', { codec: { id: 'hex' }, label: 'Raw' }),
      ],
    });
    const { rows } = await stream.until((window) => window.rows.some((row) => 'label' in row));
    expect(rows).toMatchObject([
      { preview: '21.4', unit: '°C', label: 'Oven', color: 'red' },
      { preview: '68 69', label: 'Raw', color: 'green' },
    ]);
    const shown = await tree.until((window) => window.rows.some(({ label }) => label !== undefined));
    expect(shown.rows.map(({ segment, preview, label }) => [segment, preview, label])).toEqual([
      ['a', '', undefined],
      ['b', '21.4', 'Oven'],
      ['c', '68 69', 'Raw'],
    ]);
    await session.handle({ type: 'rules', rules: [newRule('a/b', { muted: true })] });
    const muted = await stream.until(({ total, scanning }) => total === 1 && !scanning);
    expect(muted.rows).toMatchObject([{ preview: 'hi' }]);
    await session.handle({ type: 'rules', rules: [] });
    await stream.until(({ total }) => total === 2);
  });

  it('tests rules against the topics that it knows, and those that come', async () => {
    const { client, receive } = start();
    receive('a/b', '1');
    const tested = watch<RuleMatchesWindow>();
    client.sessionFeed('s1', 'ruleMatches', { filters: ['a/b', 'a/#'] }, tested.listener);
    expect((await tested.until(({ looked }) => looked === 1)).rows).toEqual([
      { matched: 1, applied: 1, example: 'a/b', newest: 1 },
      { matched: 1, applied: 0, example: 'a/b', newest: 1 },
    ]);
    receive('a', '1');
    expect((await tested.until(({ looked }) => looked === 2)).rows[1]).toEqual({
      matched: 2,
      applied: 1,
      example: 'a',
      newest: 2,
    });
  });

  it('reads payloads in parts, and says what is gone', async () => {
    const { client, receive, reader } = start(undefined, 1024 * 1024);
    receive('big', 'x'.repeat(500_000));
    receive('props', 'p', {
      qos: 2,
      properties: {
        contentType: 'text/plain',
        payloadFormatIndicator: true,
        userProperties: { a: ['1', '2'], b: '3' },
        correlationData: Buffer.from([1, 2]),
        subscriptionIdentifier: 7,
      },
    });
    const part = await client.session('s1', 'message.bytes', { sequence: 1, offset: 499_990, length: 100 });
    expect(part.bytes.length).toBe(10);
    expect(part.size).toBe(500_000);
    const details = await client.session('s1', 'message.get', { sequence: 2 });
    expect(details.properties).toEqual({
      contentType: 'text/plain',
      payloadIsUtf8: true,
      userProperties: [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
        { key: 'b', value: '3' },
      ],
      correlationData: new Uint8Array([1, 2]),
      subscriptionIdentifiers: [7],
    });
    receive('props', 'newer');
    for (let index = 0; index < 30; index++) {
      receive('flood', 'y'.repeat(50_000));
    }
    const gone = client.session('s1', 'message.bytes', { sequence: 2, offset: 0, length: 1 });
    await expect(gone).rejects.toMatchObject({ failure: { code: 'message.evicted' } });
    expect(reader.payload(2)).toBeUndefined();
    const never = client.session('s1', 'message.get', { sequence: 999 });
    await expect(never).rejects.toMatchObject({ failure: { code: 'message.unknown' } });
  });

  it('clears the stream and keeps the tree', async () => {
    const { client, receive } = start();
    for (let index = 0; index < 100; index++) {
      receive(`t/${index % 4}`, `${index}`);
    }
    const stream = watch<MessagesWindow>();
    const status = watch<StatusWindow>();
    client.sessionFeed('s1', 'messages', { count: 10, at: { kind: 'live' } }, stream.listener);
    client.sessionFeed('s1', 'status', {}, status.listener);
    await stream.until(({ total }) => total === 100);
    expect(await client.session('s1', 'log.clear', {})).toEqual({ cleared: 96 });
    expect(await stream.until(({ total }) => total === 0)).toMatchObject({ evictedRows: 100, rows: [] });
    await status.until(({ ledger }) => ledger.kept === 4 && ledger.cleared === 96);
    receive('t/0', 'again');
    await status.until(({ ledger }) => ledger.kept === 4 && ledger.cleared === 97 && ledger.received === 101);
  });

  it('counts a message that can not be kept as failed, tells it once, and goes on', async () => {
    const { receive, posted, client } = start(undefined, 1024 * 1024);
    receive('huge', 'x'.repeat(2_000_000));
    receive('huge', 'x'.repeat(2_000_000));
    receive('small', 'x');
    const status = watch<StatusWindow>();
    client.sessionFeed('s1', 'status', {}, status.listener);
    const { ledger } = await status.until(() => true);
    expect(ledger).toMatchObject({ received: 3, kept: 1, failed: 2 });
    expect(posted.filter(({ type }) => type === 'notice')).toHaveLength(1);
  });

  it('publishes a payload that was sent in slices, within bounds', async () => {
    const { client, connector } = start();
    const slice = new Uint8Array(700_000).fill(7);
    const { stagedId } = await client.session('s1', 'payload.stage', { slice });
    await client.session('s1', 'payload.stage', { stagedId, slice });
    const input = { topic: 't', payload: { stagedId }, qos: 0 as const, retain: false };
    expect(await client.session('s1', 'publish', input)).toMatchObject({ kind: 'sent', sentAt: 1234.5 });
    expect(connector.published[0]?.payload.length).toBe(1_400_000);
    await expect(client.session('s1', 'publish', input)).rejects.toMatchObject({
      failure: { code: 'payload.unknown' },
    });
    const wildcard = client.session('s1', 'publish', {
      ...input,
      topic: 'a/#',
      payload: slice.subarray(0, 1),
    });
    await expect(wildcard).rejects.toMatchObject({ failure: { code: 'publish.topic' } });
  });

  it('answers control calls with their outcome and ends on shutdown', async () => {
    const { session, posted, connector } = start();
    await session.handle({ type: 'disconnect', call: 1 });
    await session.handle({ type: 'drop', call: 2 });
    expect(posted).toContainEqual({ type: 'done', call: 1 });
    expect(posted).toContainEqual({
      type: 'done',
      call: 2,
      failure: { code: 'connector.offline', message: 'There is no connection to drop.' },
    });
    await session.handle({ type: 'shutdown' });
    expect(connector.isDisposed).toBe(true);
  });

  it('answers a malformed frame with a failure and lives on', async () => {
    const { port2, client } = start();
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(5),
      new Uint8Array([3, 0, 0, 0, 1, 2, 115, 49, 0xc1]),
    ]) {
      port2.postMessage(bytes);
    }
    port2.postMessage('no bytes at all');
    expect(MAX_FRAME_BYTES).toBeGreaterThan(0);
    await expect(client.session('s1', 'message.get', { sequence: 1 })).rejects.toBeInstanceOf(FailureError);
  });
});
