import { encode } from '@msgpack/msgpack';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChartWindow, HistoryWindow, ShapeWindow } from '#app/contract/feeds/readers.ts';
import { type SearchWindow, searchQuerySchema } from '#app/contract/feeds/search.ts';
import type { FeedInstance } from '#app/contract/server.ts';
import { markedTypes } from '#app/payload/avro/avro-format.ts';
import { singleObject } from '#app/payload/avro/single-object.ts';
import { newRule, type Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import { SessionRules } from './session-rules.ts';
import { encoded, startSession } from './sparkplug/sparkplug.fixture.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) {
    close();
  }
});

function start() {
  const session = startSession();
  open.push(() => session.along.dispose());
  return session;
}

/** The windows of a feed; answers with the first that is as expected. */
function watch<Params, Window>(
  source: (params: Params, push: (window: Window) => void) => FeedInstance<Params>,
  params: Params,
) {
  let last: Window | undefined;
  const feed = source(params, (window) => {
    last = window;
    queueMicrotask(() => feed.pull());
  });
  feed.pull();
  open.push(() => feed.dispose());
  return (expected: (window: Window) => void) =>
    expect
      .poll(() => {
        expect(last).toBeDefined();
        expected(last as Window);
        return true;
      })
      .toBe(true);
}

const bySchema = (template: string): Rule => newRule('plant/+', { codec: { id: 'template', template } });
const u16 = (value: number) => Uint8Array.of(value & 0xff, value >> 8);

describe('Where a rule names a codec', () => {
  const history = {
    sessionId: 's',
    topicId: 1,
    codec: 'auto',
    fold: true,
    changes: true,
    offset: 0,
    count: 50,
  };
  const shape = { sessionId: 's', topicId: 1, codec: 'auto' };

  it('history and shape read by it, and anew when it changes', async () => {
    const { along, rules, receive } = start();
    receive('plant/a', u16(0x0102));
    receive('plant/a', u16(0x0103));
    rules.set('s', [bySchema('u16le temp')]);
    const rows = watch<typeof history, HistoryWindow>(along.sources.history, history);
    const fields = watch<typeof shape, ShapeWindow>(along.sources.shape, shape);
    await rows((window) => {
      expect(window.rows[0]?.changes).toEqual([
        { kind: 'changed', path: 'temp', before: '258', after: '259' },
      ]);
      expect(window.rows[0]?.preview).toBe('{"temp":259}');
    });
    await fields((window) => expect(window.fields).toMatchObject([{ path: 'temp', min: 258, max: 259 }]));
    rules.set('s', [bySchema('u8 low; u8 high')]);
    await rows((window) =>
      expect(window.rows[0]?.changes).toEqual([{ kind: 'changed', path: 'low', before: '2', after: '3' }]),
    );
    await fields((window) => expect(window.fields.map(({ path }) => path)).toEqual(['low', 'high']));
    rules.set('s', []);
    await rows((window) => expect(window.rows[0]).not.toHaveProperty('changes'));
  });

  it('a chart draws its fields, and draws them anew when it changes', async () => {
    const { along, rules, receive } = start();
    for (const value of [10, 11, 300]) {
      receive('plant/a', u16(value));
    }
    rules.set('s', [bySchema('u16le temp')]);
    const series = [{ topicId: 1, codec: 'auto', value: { kind: 'field' as const, path: 'temp' } }];
    const params = { sessionId: 's', series, view: { kind: 'live' as const, span: 0 }, columns: 100 };
    const chart = watch<typeof params, ChartWindow>(along.sources.chart, params);
    await chart((window) => expect(window.series[0]?.values).toEqual([10, 11, 300]));
    rules.set('s', [bySchema('u8 temp; u8 high')]);
    await chart((window) => expect(window.series[0]?.values).toEqual([10, 11, 44]));
  });

  it('a search by a field finds by it, on the topics of the rule only', async () => {
    const { along, rules, receive } = start();
    const cold = receive('plant/a', u16(10));
    const hot = receive('plant/a', u16(300));
    receive('elsewhere', u16(300));
    rules.set('s', [bySchema('u16le temp')]);
    const find = (condition: string) =>
      watch<Parameters<typeof along.sources.search>[0], SearchWindow>(along.sources.search, {
        sessionId: 's',
        query: searchQuerySchema.parse({ condition }),
        order: 'oldest',
        offset: 0,
        count: 50,
        isStopped: false,
      });
    await find('temp > 100')((window) =>
      expect([window.state, window.rows.map(({ sequence }) => sequence)]).toEqual(['live', [hot]]),
    );
    await find('temp < 400')((window) =>
      expect([window.state, window.rows.map(({ sequence }) => sequence)]).toEqual(['live', [cold, hot]]),
    );
  });

  it('the numbers of a message are read by it', async () => {
    const { along, rules, receive } = start();
    rules.set('s', [bySchema('u16le temp')]);
    const sequence = receive('plant/a', u16(258));
    const numbers = await along.handlers['message.numbers']({ sessionId: 's', sequence, codec: 'auto' }, {
      isCancelled: false,
      onCancel: () => ({ dispose: () => {} }),
    } as never);
    expect(numbers.fields).toEqual([{ path: 'temp', text: '258' }]);
  });

  it('bytes that are not what it says have no fields, and are shown as what they look like', async () => {
    const { along, rules, receive } = start();
    rules.set('s', [newRule('plant/+', { codec: { id: 'msgpack' } })]);
    receive('plant/a', new Uint8Array(encode({ temp: 1 })));
    receive('plant/a', Uint8Array.of(0xc1));
    const rows = watch<typeof history, HistoryWindow>(along.sources.history, history);
    await rows((window) => {
      expect(window.rows).toHaveLength(2);
      expect(window.rows[0]).not.toHaveProperty('changes');
      expect(window.rows[1]?.preview).toContain('temp');
    });
  });
});

describe('Where payloads name their schema themselves', () => {
  const fields = (type: string) => [{ name: 'temp', type }];
  const text = JSON.stringify({ type: 'record', name: 'plant.Reading', fields: fields('int') });
  const schema: PayloadSchema = { id: 'a', name: 'A', kind: 'avro', files: [{ path: 'a.avsc', text }] };
  /** A reading in single-object encoding. */
  const reading = (temp: number) => {
    const [mark = ''] = markedTypes(schema).keys();
    return singleObject(mark, Uint8Array.of(temp * 2));
  };

  it('it is found among those of the connection, without a rule, and as soon as it is there', async () => {
    const { along, rules, receive } = start();
    receive('plant/a', reading(20));
    receive('plant/a', reading(21));
    const params = {
      sessionId: 's',
      topicId: 1,
      codec: 'auto',
      fold: true,
      changes: true,
      offset: 0,
      count: 50,
    };
    const rows = watch<typeof params, HistoryWindow>(along.sources.history, params);
    await rows((window) => expect(window.rows[0]?.preview).toMatch(/^⟨Avro, schema 0x[0-9a-f]{16}, 11 B⟩$/));
    rules.set('s', [], [schema]);
    await rows((window) => {
      expect(window.rows[0]?.preview).toBe('{"temp":21}');
      expect(window.rows[0]?.changes).toEqual([{ kind: 'changed', path: 'temp', before: '20', after: '21' }]);
    });
  });

  it('a rule for the topic goes first, and one for Avro without a schema finds it too', () => {
    const rules = new SessionRules();
    const context = { topic: '' };
    rules.set(
      's',
      [newRule('hex/#', { codec: { id: 'hex' } }), newRule('avro/#', { codec: { id: 'avro' } })],
      [schema],
    );
    expect(rules.codecOf('s', 'hex/1')?.id).toBe('hex');
    for (const codec of [
      rules.codecOf('s', 'avro/1'),
      rules.codecOf('s', 'other'),
      rules.find('s', 'avro'),
    ]) {
      const chosen = codec?.choose?.(reading(1), context);
      expect(chosen?.label).toBe('Avro: Reading');
      expect(rules.find('s', chosen?.id ?? '')?.label).toBe('Avro: Reading');
    }
    const json = new TextEncoder().encode('{"a":1}');
    expect(rules.codecOf('s', 'avro/1')?.choose?.(json, context)?.id).toBe('avro');
    expect(rules.codecOf('s', 'other')?.choose?.(json, context)?.id).toBe('json');
    expect(rules.codecOf('s', 'other')?.preview(json, 20)).toBe('{"a":1}');
    rules.set('s', []);
    expect(rules.codecOf('s', 'other')).toBeUndefined();
    expect(rules.find('s', 'avro')?.choose).toBeUndefined();
  });
});

describe('A search by a field of Sparkplug B', () => {
  it('knows what the birth calls an alias', async () => {
    const { along, receive } = start();
    const now = 1_700_000_000_000;
    receive(
      'spBv1.0/g/NBIRTH/n',
      encoded({ timestamp: now, seq: 0, metrics: [{ name: 'temp', alias: 7, type: 'Double', value: 1 }] }),
    );
    const hot = receive(
      'spBv1.0/g/NDATA/n',
      encoded({ timestamp: now, seq: 1, metrics: [{ alias: 7, type: 'Double', value: 50 }] }),
    );
    const shape = { sessionId: 's', topicId: 2, codec: 'auto' };
    const fields = watch<typeof shape, ShapeWindow>(along.sources.shape, shape);
    let path = '';
    await fields((window) => {
      path = window.fields.find(({ path: found }) => found.includes('temp'))?.path ?? '';
      expect(path).not.toBe('');
    });
    const found = watch<Parameters<typeof along.sources.search>[0], SearchWindow>(along.sources.search, {
      sessionId: 's',
      query: searchQuerySchema.parse({ condition: `${path} > 40` }),
      order: 'oldest',
      offset: 0,
      count: 50,
      isStopped: false,
    });
    await found((window) =>
      expect([window.state, window.rows.map(({ sequence }) => sequence)]).toEqual(['live', [hot]]),
    );
  });
});
