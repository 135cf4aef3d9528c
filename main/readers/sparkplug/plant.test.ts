import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { SparkplugWindow } from '#app/contract/feeds/sparkplug.ts';
import { readPayload } from '#app/payload/sparkplug/message.ts';
import { rebirthCommand } from '#app/payload/sparkplug/rebirth.ts';
import { parseSparkplugTopic, sparkplugTopic, sparkplugVerbs } from '#app/payload/sparkplug/topic.ts';
import { type Arrival, PlantState } from './plant-state.ts';
import { encoded, type ReferenceMetric, START, startSession } from './sparkplug.fixture.ts';

const limits = { maxDepth: 32, maxItems: 100_000, isOver: () => false };

/** A state that is told messages one after the other. */
function plant() {
  const state = new PlantState();
  let sequence = 0;
  return {
    state,
    send(path: string, payload: Uint8Array, arrival: Partial<Arrival> = {}): void {
      sequence += 1;
      const topic = parseSparkplugTopic(`spBv1.0/${path}`);
      if (topic?.kind !== 'message') {
        throw new Error(`no topic: ${path}`);
      }
      const read = readPayload(payload, limits);
      expect(read.broken).toBeUndefined();
      state.apply(topic, read.payload, { at: START + sequence, sequence, retain: false, ...arrival });
    },
    texts: () => state.findings.map(({ where, text }) => `${where}: ${text}`),
    node: (key = 'g/n') => {
      const node = state.nodes.get(key);
      if (node === undefined) {
        throw new Error('no such node');
      }
      return node;
    },
  };
}

const message = (seq: number | undefined, ...metrics: ReferenceMetric[]) =>
  encoded({ timestamp: START, metrics, ...(seq === undefined ? {} : { seq }) });
const bdSeq = (value: number): ReferenceMetric => ({ name: 'bdSeq', type: 'Int64', value });
const int = (name: string, alias: number, value: number): ReferenceMetric => ({
  name,
  alias,
  type: 'Int32',
  value,
});
const alias = (number: number, value: number) =>
  ({ alias: number, type: 'Int32', value }) satisfies ReferenceMetric;

describe('what the messages say of nodes and devices', () => {
  it('has who is online since when, with the last values', () => {
    const { send, node, texts } = plant();
    send('g/NBIRTH/n', message(0, bdSeq(4), int('load', 1, 10)));
    send('g/DBIRTH/n/d', message(1, int('speed', 7, 100)));
    send('g/DDATA/n/d', message(2, alias(7, -5)));
    send('g/NDATA/n', message(3, alias(1, 11)));
    expect(node()).toMatchObject({ state: 'online', since: START + 1, seq: 3, bdSeq: 4n, messages: 2 });
    expect(node().metrics.get('load')).toMatchObject({ text: '11', alias: 1n, datatype: 3 });
    const device = node().devices.get('d');
    expect(device).toMatchObject({ state: 'online', messages: 2 });
    expect(device?.metrics.get('speed')).toMatchObject({ text: '-5', alias: 7n });
    expect(texts()).toEqual([]);
    send('g/DDEATH/n/d', message(4));
    expect(device?.state).toBe('offline');
    send('g/NDEATH/n', message(undefined, bdSeq(4)));
    expect(node().state).toBe('offline');
    expect(texts()).toEqual([]);
  });

  it('takes a death of an earlier session for what it is', () => {
    const { send, node, texts } = plant();
    send('g/NBIRTH/n', message(0, bdSeq(5)));
    send('g/NDEATH/n', message(undefined, bdSeq(4)));
    expect(node().state).toBe('online');
    expect(texts()).toEqual(['g/n: NDEATH bdSeq 4 does not match NBIRTH bdSeq 5: taken for an old one']);
  });

  it('says what does not fit births, once', () => {
    const { send, texts } = plant();
    send('g/DDATA/n/d', message(9, alias(7, 1)));
    send('g/DDATA/n/d', message(10, alias(7, 1)));
    send('g/NBIRTH/n', message(3, bdSeq(1), int('a', 1, 1), int('b', 1, 1)));
    send('g/DBIRTH/n/d', message(4, int('speed', 7, 1)));
    send('g/DDATA/n/d', message(5, alias(8, 1), { name: 'new', type: 'Int32', value: 1 }));
    send('g/DDEATH/n/d', message(6));
    send('g/DDATA/n/d', message(7, alias(7, 1)));
    send('g/NDATA/n', message(undefined, alias(1, 1)));
    expect(texts()).toEqual([
      'g/n/d: DDATA before DBIRTH: no birth seen',
      'g/n/d: alias 7 unknown: no birth seen',
      'g/n: NBIRTH has sequence 3 instead of 0',
      'g/n: alias 1 stands for two metrics: a and b',
      'g/n/d: alias 8 unknown: not in the birth',
      'g/n/d: metric new is not in the birth',
      'g/n/d: DDATA after DDEATH',
      'g/n: NDATA without a sequence number',
    ]);
  });

  it('waits for the devices’ births after the node’s', () => {
    const { send, node, texts } = plant();
    send('g/NBIRTH/n', message(0, bdSeq(1)));
    send('g/DBIRTH/n/d', message(1, int('speed', 7, 1)));
    send('g/NBIRTH/n', message(0, bdSeq(1)));
    expect(node().devices.get('d')?.state).toBe('unknown');
    send('g/DDATA/n/d', message(1, alias(7, 2)));
    expect(texts()).toEqual(['g/n/d: DDATA before DBIRTH: no birth seen']);
    send('g/DBIRTH/n/d', message(2, int('speed', 7, 3)));
    expect(node().devices.get('d')).toMatchObject({ state: 'online', births: 2 });
  });

  it('keeps historical values out of the last ones, and notes who asked for a rebirth', () => {
    const { send, node } = plant();
    send('g/NBIRTH/n', message(0, bdSeq(1), int('load', 1, 10)));
    send('g/NDATA/n', message(1, { ...alias(1, 3), isHistorical: true }));
    expect(node().metrics.get('load')?.text).toBe('10');
    send('g/NCMD/n', rebirthCommand(START));
    expect(node().rebirthAskedAt).toBe(START + 3);
  });
});

describe('hostile messages', () => {
  it('never throw, whatever is damaged in whatever order', () => {
    const real = [
      message(0, bdSeq(1), int('load', 1, 10)),
      message(1, alias(1, 3), { name: 'x', type: 'String', value: 'y' }),
      rebirthCommand(START),
    ];
    const damaged = fc
      .tuple(fc.constantFrom(...real), fc.nat(200), fc.nat(255), fc.nat(200))
      .map(([bytes, at, byte, end]) => {
        const copy = bytes.slice(0, Math.max(1, end));
        copy[at % copy.length] = byte;
        return copy;
      });
    const sent = fc.record({
      verb: fc.constantFrom(...sparkplugVerbs),
      payload: fc.oneof(damaged, fc.constantFrom(...real)),
      retain: fc.boolean(),
      isAlone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 40 }), (messages) => {
        const state = new PlantState();
        for (const [sequence, { verb, payload, retain, isAlone }] of messages.entries()) {
          const topic = parseSparkplugTopic(
            sparkplugTopic(verb, 'g', 'n', verb[0] === 'D' ? 'd' : undefined),
          );
          if (topic?.kind === 'message') {
            state.apply(topic, readPayload(payload, limits).payload, {
              at: START,
              sequence,
              retain,
              isAlone,
            });
          }
        }
        expect(state.messages).toBe(messages.length);
        expect(state.findings.length).toBeLessThanOrEqual(500);
      }),
    );
  });
});

describe('sequence numbers', () => {
  const sent = (...numbers: number[]) => {
    const { send, texts } = plant();
    send('g/NBIRTH/n', message(0, bdSeq(1)));
    for (const number of numbers) {
      send('g/NDATA/n', message(number));
    }
    return texts().map((text) => text.slice('g/n: '.length));
  };

  it('are followed over gaps, latecomers and repetitions', () => {
    expect(sent(1, 2, 3)).toEqual([]);
    expect(sent(1, 4)).toEqual(['sequence jumped 1 → 4: 2 messages are missing']);
    expect(sent(1, 3, 2, 4)).toEqual([
      'sequence jumped 1 → 3: 1 message is missing',
      'sequence 2 came late, after 3',
    ]);
    expect(sent(1, 1, 2)).toEqual(['sequence 1 came twice']);
    expect(sent(300)).toEqual(['sequence 300 is none: it goes from 0 to 255']);
  });

  it('say nothing of any history in order, however long, and name each message that was lost', () => {
    const step = fc.record({ isDevice: fc.boolean(), isLost: fc.boolean(), isBirth: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const { send, state, node } = plant();
        send('g/NBIRTH/n', message(0, bdSeq(1)));
        send('g/DBIRTH/n/d', message(1));
        // The model: what the node counts, and what was seen of it last.
        let number = 1;
        let seen = 1;
        const expected: string[] = [];
        for (const { isDevice, isLost, isBirth } of steps) {
          number = (number + 1) % 256;
          if (isLost) {
            continue;
          }
          const missing = (number - seen + 255) % 256;
          if (missing > 0 && !(missing === 255)) {
            const what = missing === 1 ? '1 message is' : `${missing} messages are`;
            expected.push(`sequence jumped ${seen} → ${number}: ${what} missing`);
          } else if (missing === 255) {
            expected.push(`sequence ${number} came twice`);
          }
          seen = number;
          const type = isBirth && isDevice ? 'DBIRTH' : isDevice ? 'DDATA' : 'NDATA';
          send(`g/${type}/n${isDevice ? '/d' : ''}`, message(number));
        }
        const jumps = state.findings.map(({ text }) => text);
        expect(jumps).toEqual(expected);
        expect(node().seq).toBe(seen);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the feed', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) {
      close();
    }
  });

  function watch(session: ReturnType<typeof startSession>, selected?: number) {
    const windows: SparkplugWindow[] = [];
    const page = { offset: 0, count: 50 };
    const params = { sessionId: 's', tree: page, metrics: page };
    const feed = session.along.sources.sparkplug(
      { ...params, ...(selected === undefined ? {} : { selected }) },
      (window) => {
        windows.push(window);
        queueMicrotask(() => feed.pull());
      },
    );
    feed.pull();
    open.push(() => {
      feed.dispose();
      session.along.dispose();
    });
    return {
      select: (id: number) => feed.update({ ...params, selected: id }),
      until: async (isIt: (window: SparkplugWindow) => boolean): Promise<SparkplugWindow> => {
        const deadline = Date.now() + 20_000;
        for (;;) {
          const last = windows.at(-1);
          if (last !== undefined && isIt(last)) {
            return last;
          }
          if (Date.now() > deadline) {
            throw new Error(`not seen; last: ${JSON.stringify(last)}`);
          }
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    };
  }

  it('reads what is kept and goes on as it comes, among other messages', async () => {
    const session = startSession();
    const { receive } = session;
    receive('noise', new Uint8Array(10));
    receive('spBv1.0/g/NBIRTH/n', message(0, bdSeq(1), int('load', 1, 10)));
    receive('spBv1.0/g/DBIRTH/n/d', message(1, int('speed', 7, 100)));
    receive('spBv1.0/STATE/scada', new TextEncoder().encode('{"online":true,"timestamp":1}'), true);
    receive('STATE/old', new TextEncoder().encode('OFFLINE'), true);
    receive('spBv1.0/g/NDATA/n', new Uint8Array([0xff, 1, 2]));
    const feed = watch(session);
    const first = await feed.until(({ progress }) => progress === 1);
    expect(first.rows.map(({ level, kind, name, state }) => [level, kind, name, state])).toEqual([
      [1, 'group', 'g', undefined],
      [2, 'node', 'n', 'online'],
      [3, 'device', 'd', 'online'],
      [1, 'hosts', 'Host applications', undefined],
      [2, 'host', 'old', 'offline'],
      [2, 'host', 'scada', 'online'],
    ]);
    expect(first.findings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^NDATA cannot be read: /),
    ]);
    feed.select(first.rows[2]?.id ?? 0);
    receive('spBv1.0/g/DDATA/n/d', message(4, alias(7, 21)));
    const next = await feed.until(({ details }) => details?.metrics.rows[0]?.value === '21');
    expect(next.details).toMatchObject({
      path: 'g/n/d',
      isStale: false,
      commandTopic: 'spBv1.0/g/NCMD/n',
      metrics: { total: 1, rows: [{ name: 'speed', type: 'Int32', alias: '7' }] },
    });
    receive('spBv1.0/g/NDEATH/n', message(undefined, bdSeq(1)));
    const dead = await feed.until(({ nodes }) => nodes.online === 0);
    expect(dead.details).toMatchObject({ isStale: true, row: { state: 'offline' } });
    expect(dead.devices).toEqual({ online: 0, total: 1 });
    // A group and a node count what is odd with their devices too; the two numbers left out were the device's.
    expect(dead.rows.map(({ findings }) => findings)).toEqual([2, 1, 1, 0, 0, 0]);
    feed.select(first.rows[1]?.id ?? 0);
    const node = await feed.until(({ details }) => details?.path === 'g/n');
    expect(node.details?.findings).toBe(2);
    expect(node.findings).toHaveLength(2);
  });

  it('knows a birth that outlived the stream, without counting what was lost since', async () => {
    const session = startSession(4 * 1024 * 1024);
    session.receive('spBv1.0/g/NBIRTH/n', message(0, bdSeq(1), int('load', 1, 10)));
    for (let index = 0; index < 3000; index += 1) {
      session.receive('noise', new Uint8Array(5000));
    }
    session.receive('spBv1.0/g/NDATA/n', message(77, alias(1, 5)));
    const feed = watch(session);
    const window = await feed.until(({ progress }) => progress === 1);
    expect(window.rows[1]).toMatchObject({ state: 'online', seq: 77, metrics: 2 });
    expect(window.findings).toEqual([]);
  });
});
