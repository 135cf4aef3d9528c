import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { FailureError, toFailure } from '#app/contract/failure.ts';
import { encodeFrame, FrameKind } from '#app/contract/frames.ts';
import type { Transport } from '#app/contract/transport.ts';
import type { Codec } from '#app/payload/codec.ts';
import { codecs } from '#app/payload/registry.ts';
import { MessageLog } from '../session/log/message-log.ts';
import { packPublished } from '../session/log/properties.ts';
import { packFlags, RowKind, type SharedLogUpdate } from '../session/log/shared-log.ts';
import type { FromReaders, ToReaders } from './control.ts';
import { Decoder, defaultReaderLimits } from './decoder.ts';
import { sliceOf } from './reader-client.ts';
import { SessionLogs } from './session-logs.ts';
import { ViewCache } from './view-cache.ts';
import { watchReaders } from './watchdog.ts';

const MEBIBYTE = 1024 * 1024;
const bytes = (text: string) => new TextEncoder().encode(text);

/** A log with one topic per message, so that only the budget decides what is kept. */
function newLog(publish: (update: SharedLogUpdate) => void, budget = 8 * MEBIBYTE) {
  const newest = new Map<number, number>();
  const log = new MessageLog({ budget, newestReceived: (topic) => newest.get(topic) ?? 0, publish });
  return {
    receive(payload: Uint8Array, topic = 1, properties?: Uint8Array): number {
      const flags = packFlags(RowKind.received, 0, false, false);
      const sequence = log.appendReceived(topic, payload, 1, flags, newest.get(topic) ?? 0, properties);
      newest.set(topic, sequence);
      return sequence;
    },
  };
}

function newDecoder(
  overrides: Partial<typeof defaultReaderLimits> = {},
  find?: (id: string) => Codec | undefined,
) {
  const logs = new SessionLogs();
  const log = newLog((update) => logs.apply('s', update));
  const watch = { onBegin: vi.fn(), onEnd: vi.fn() };
  const decoder = new Decoder(logs, { ...defaultReaderLimits, ...overrides }, watch, find);
  return { logs, log, decoder, watch };
}

const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FailureError);
  return toFailure(error);
};

describe('Decoder', () => {
  it('answers any bytes in any view within its limits', async () => {
    const { log, decoder } = newDecoder({ maxTextLength: 2000 });
    const views = ['auto', ...codecs.map(({ id }) => id)];
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.json().map(bytes),
      fc.string({ unit: 'binary' }).map(bytes),
    );
    await fc.assert(
      fc.asyncProperty(payloads, fc.constantFrom(...views), async (payload, codec) => {
        const view = await decoder.view('s', log.receive(payload), codec);
        expect(view.size).toBe(payload.length);
        if (view.decoded.shape === 'text') {
          expect(view.decoded.text.length).toBeLessThanOrEqual(2000);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('decodes a message once, whether asked for by its codec or by auto', async () => {
    const { log, decoder, watch } = newDecoder();
    const sequence = log.receive(bytes('{"a":1}'));
    const first = await decoder.view('s', sequence, 'auto');
    expect(first.codec).toBe('json');
    expect(await decoder.view('s', sequence, 'json')).toBe(first);
    expect(await decoder.view('s', sequence, 'auto')).toBe(first);
    expect(watch.onBegin.mock.calls).toEqual([['JSON']]);
    expect(watch.onEnd).toHaveBeenCalledTimes(1);
  });

  it('lets the content type of the message decide', async () => {
    const { log, decoder } = newDecoder();
    const sequence = log.receive(bytes('21.5'), 1, packPublished({ contentType: 'application/json' }));
    expect((await decoder.view('s', sequence, 'auto')).codec).toBe('json');
  });

  it('turns a codec that throws into an answer, and goes on', async () => {
    const broken: Codec = {
      id: 'broken',
      label: 'Broken',
      detect: () => 0,
      preview: () => '',
      decode() {
        throw new RangeError('Maximum call stack size exceeded');
      },
    };
    const { log, decoder, watch } = newDecoder({}, (id) =>
      id === 'broken' ? broken : codecs.find((c) => c.id === id),
    );
    const sequence = log.receive(bytes('x'));
    expect(await failureOf(decoder.view('s', sequence, 'broken'))).toMatchObject({
      code: 'view.failed',
      message: 'This payload cannot be shown as Broken.',
      detail: 'Maximum call stack size exceeded',
    });
    expect(watch.onEnd).toHaveBeenCalledTimes(1);
    expect((await decoder.view('s', sequence, 'text')).decoded).toMatchObject({ text: 'x' });
  });

  it('says what is wrong with a message that is not there', async () => {
    const { log, decoder } = newDecoder();
    const sequence = log.receive(bytes('first'), 1);
    for (let index = 0; index < 200; index++) {
      log.receive(new Uint8Array(64 * 1024), 1);
    }
    expect(await failureOf(decoder.view('s', sequence, 'text'))).toMatchObject({ code: 'message.evicted' });
    expect(await failureOf(decoder.view('s', 1_000_000, 'text'))).toMatchObject({ code: 'message.unknown' });
    expect(await failureOf(decoder.view('t', 1, 'text'))).toMatchObject({ code: 'session.closed' });
    expect(await failureOf(decoder.view('s', sequence + 200, 'nope'))).toMatchObject({ code: 'view.codec' });
  });

  it('finds the newest message of a topic after its chunk went', async () => {
    const { log, decoder } = newDecoder();
    const sequence = log.receive(bytes('kept'), 7);
    for (let index = 0; index < 200; index++) {
      log.receive(new Uint8Array(64 * 1024), 1);
    }
    expect((await decoder.view('s', sequence, 'text')).decoded).toMatchObject({ text: 'kept' });
  });

  it('waits for a log of which it has not heard yet', async () => {
    const logs = new SessionLogs();
    const updates: SharedLogUpdate[] = [];
    const sequence = newLog((update) => updates.push(update)).receive(bytes('late'));
    const decoder = new Decoder(logs, defaultReaderLimits, { onBegin() {}, onEnd() {} });
    const view = decoder.view('s', sequence, 'text');
    setTimeout(() => {
      for (const update of updates) {
        logs.apply('s', update);
      }
    }, 50);
    expect((await view).decoded).toMatchObject({ text: 'late' });
  });

  it('does not mistake a message of a restarted session for the old one', async () => {
    const { logs, log, decoder } = newDecoder();
    const sequence = log.receive(bytes('old'));
    await decoder.view('s', sequence, 'text');
    logs.close('s');
    decoder.removeSession('s');
    expect(newLog((update) => logs.apply('s', update)).receive(bytes('new'))).toBe(sequence);
    expect((await decoder.view('s', sequence, 'text')).decoded).toMatchObject({ text: 'new' });
  });

  it('skips what is no longer wanted', async () => {
    const { log, decoder, watch } = newDecoder();
    const sequence = log.receive(bytes('x'));
    expect((await failureOf(decoder.view('s', sequence, 'text', () => false))).code).toBe(
      'contract.cancelled',
    );
    expect(watch.onBegin).not.toHaveBeenCalled();
  });
});

describe('ViewCache', () => {
  const view = (length: number) => ({
    codec: 'text',
    size: length,
    decoded: {
      shape: 'text',
      text: 'x'.repeat(length),
      language: 'plaintext',
      markers: [],
      notes: [],
    } as const,
  });

  it('keeps what was used last within its bytes, and always the newest', () => {
    const cache = new ViewCache(4000);
    cache.add('s', 1, 'text', view(500));
    cache.add('s', 2, 'text', view(500));
    expect(cache.get('s', 1, 'text')).toBeDefined();
    cache.add('s', 3, 'text', view(500));
    expect([1, 2, 3].map((sequence) => cache.get('s', sequence, 'text') !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    cache.add('s', 4, 'text', view(100_000));
    expect([1, 3, 4].map((sequence) => cache.get('s', sequence, 'text') !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
    cache.removeSession('s');
    expect(cache.bytes).toBe(0);
  });
});

describe('sliceOf', () => {
  it('gives the whole text in well-formed pieces, whatever their length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 7 }), (text, length) => {
        let read = '';
        while (read.length < text.length) {
          const slice = sliceOf(text, read.length, length);
          expect(slice.length).toBeGreaterThan(0);
          expect(slice.isWellFormed()).toBe(true);
          read += slice;
        }
        expect(read).toBe(text);
      }),
    );
  });
});

describe('the readers worker', () => {
  const workers: Worker[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
  });

  function start() {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    workers.push(worker);
    const post = (message: ToReaders, transfer: MessagePort[] = []) => worker.postMessage(message, transfer);
    const connect = () => {
      const { port1, port2 } = new MessageChannel();
      post({ type: 'attach', port: port2 }, [port2]);
      return { port: port1, client: new ContractClient(transportOf(port1)) };
    };
    return { worker, post, connect };
  }

  it('serves views in slices, and ends them with their client', async () => {
    const { post, connect } = start();
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const items = Array.from({ length: 50_000 }, (_, index) => ({ index, name: `Gerät 😀 ${index}` }));
    const sequence = log.receive(bytes(JSON.stringify(items)));
    const { client } = connect();
    const view = await client.readers('view.open', { sessionId: 's', sequence, codec: 'auto' });
    expect(view).toMatchObject({ codec: 'json', shape: 'text', language: 'json', markers: [], notes: [] });
    let text = '';
    while (text.length < view.length) {
      text += (
        await client.readers('view.read', { viewId: view.viewId, offset: text.length, length: 99_999 })
      ).text;
    }
    expect(text).toBe(JSON.stringify(items, undefined, 2));
    await client.readers('view.close', { viewId: view.viewId });
    const closed = client.readers('view.read', { viewId: view.viewId, offset: 0, length: 1 });
    expect((await failureOf(closed)).code).toBe('view.closed');
    // Views belong to their client.
    const other = connect();
    const { viewId } = await client.readers('view.open', { sessionId: 's', sequence, codec: 'hex' });
    expect((await failureOf(other.client.readers('view.read', { viewId, offset: 0, length: 1 }))).code).toBe(
      'view.closed',
    );
    client.dispose();
    other.client.dispose();
  });

  it('reads again after the session wrote on, and forgets a closed one', async () => {
    const { post, connect } = start();
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const { client } = connect();
    for (const text of ['one', 'two', 'three']) {
      const sequence = log.receive(bytes(text));
      const { viewId, length } = await client.readers('view.open', {
        sessionId: 's',
        sequence,
        codec: 'text',
      });
      expect((await client.readers('view.read', { viewId, offset: 0, length })).text).toBe(text);
    }
    post({ type: 'log-closed', sessionId: 's' });
    const gone = client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'text' });
    expect((await failureOf(gone)).code).toBe('session.closed');
    client.dispose();
  });

  it('ends a client that sends what is no frame, and nobody else', async () => {
    const { post, connect } = start();
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const sequence = log.receive(bytes('x'));
    const hostile = connect();
    const { client } = connect();
    const closed = new Promise((resolve) => hostile.port.once('close', resolve));
    const broken = encodeFrame({ kind: FrameKind.request, channel: 1, target: 'readers', body: {} });
    hostile.port.postMessage(broken.subarray(0, broken.length - 1));
    await closed;
    expect((await client.readers('view.open', { sessionId: 's', sequence, codec: 'text' })).length).toBe(1);
    client.dispose();
  });

  it('says when it decodes, so that a codec that never ends is noticed', async () => {
    const { worker, post, connect } = start();
    const said: FromReaders[] = [];
    worker.on('message', (message: FromReaders) => said.push(message));
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const { client } = connect();
    await client.readers('view.open', { sessionId: 's', sequence: log.receive(bytes('[1]')), codec: 'json' });
    await vi.waitFor(() => expect(said).toEqual([{ type: 'decoding', codec: 'JSON' }, { type: 'idle' }]));
    client.dispose();
  });
});

describe('watchReaders', () => {
  it('reports a codec that does not come back, and only that', async () => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.postMessage({ type: 'decoding', codec: 'Quick' });
       parentPort.postMessage({ type: 'idle' });
       parentPort.on('message', () => { parentPort.postMessage({ type: 'decoding', codec: 'Endless' }); for (;;); });`,
      { eval: true },
    );
    const stuck: string[] = [];
    const watch = watchReaders(worker, (codec) => stuck.push(codec), 200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(stuck).toEqual([]);
    worker.postMessage('go');
    await vi.waitFor(() => expect(stuck).toEqual(['Endless']), 3000);
    watch.dispose();
    await worker.terminate();
  });
});

function transportOf(port: MessagePort): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      const receive = (frame: Uint8Array) => listener(frame);
      port.on('message', receive);
      return { dispose: () => port.off('message', receive) };
    },
    onClose(listener) {
      port.once('close', listener);
      return { dispose: () => port.off('close', listener) };
    },
    close: () => port.close(),
  };
}
