import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Codec } from '#app/payload/codec.ts';
import { codecs, encodePayload } from '#app/payload/registry.ts';
import { textCodec } from '#app/payload/text.ts';
import { newRule } from '#app/profile/rules.ts';
import { packPublished } from '../session/log/properties.ts';
import type { SharedLogUpdate } from '../session/log/shared-log.ts';
import { Decoder, defaultReaderLimits } from './decoder.ts';
import { sliceOf } from './reader-client.ts';
import { bytes, failureOf, newLog } from './readers.fixture.ts';
import { SessionLogs } from './session-logs.ts';
import { SessionRules } from './session-rules.ts';
import { ViewCache } from './view-cache.ts';

function newDecoder(
  overrides: Partial<typeof defaultReaderLimits> = {},
  find?: (id: string) => Codec | undefined,
  rules?: SessionRules,
) {
  const logs = new SessionLogs();
  const log = newLog((update) => logs.apply('s', update));
  const watch = { onBegin: vi.fn(), onEnd: vi.fn() };
  const decoder = new Decoder(logs, { ...defaultReaderLimits, ...overrides }, watch, find, rules);
  return { logs, log, decoder, watch };
}

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

  it('is told by the topic what the bytes alone do not say', async () => {
    const { log, decoder } = newDecoder();
    const sequence = log.receive(encodePayload('sparkplug', '{"seq":0,"metrics":{"Speed":1}}'));
    const auto = async (topic: string) =>
      (await decoder.view('s', sequence, 'auto', () => true, topic)).codec;
    expect(await auto('spBv1.0/plant/NDATA/edge')).toBe('sparkplug');
    expect(await auto('plant/edge')).not.toBe('sparkplug');
  });

  it('follows the rule for the topic where no view is chosen', async () => {
    const rules = new SessionRules();
    const { log, decoder } = newDecoder({}, undefined, rules);
    const sequence = log.receive(bytes('{"a":1}'));
    const auto = async (topic?: string) =>
      (await decoder.view('s', sequence, 'auto', () => true, topic)).codec;
    rules.set('s', [newRule('a/+', { codec: { id: 'hex' } }), newRule('a/#', { codec: { id: 'auto' } })]);
    expect(await auto('a/b')).toBe('hex');
    expect(await auto('a/b/c')).toBe('json');
    expect(await auto('z')).toBe('json');
    expect(await auto()).toBe('json');
    expect((await decoder.view('s', sequence, 'text', () => true, 'a/b')).codec).toBe('text');
    rules.set('s', [newRule('a/+', { codec: { id: 'base64' } })]);
    expect(await auto('a/b')).toBe('base64');
    rules.set('s', []);
    expect(await auto('a/b')).toBe('json');
  });

  it('decodes anew when a template has changed, and finds it by its id', async () => {
    const rules = new SessionRules();
    const { log, decoder, watch } = newDecoder({}, undefined, rules);
    const sequence = log.receive(Uint8Array.of(1, 2));
    const set = (template: string) => rules.set('s', [newRule('a', { codec: { id: 'template', template } })]);
    const view = () => decoder.view('s', sequence, 'auto', () => true, 'a');
    const text = async () => (await view()).decoded;
    set('u8 a; u8 b');
    expect(await text()).toMatchObject({ text: expect.stringMatching(/"a": 1,\s+"b": 2/) });
    set('u16be a');
    expect(await text()).toMatchObject({ text: expect.stringMatching(/"a": 258/) });
    const { codec } = await view();
    expect(codec).toMatch(/^template:/);
    expect(await decoder.view('s', sequence, codec)).toBe(await view());
    expect(watch.onBegin).toHaveBeenCalledTimes(2);
    rules.set('s', []);
    expect((await view()).codec).not.toBe(codec);
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
    by: textCodec,
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
