import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScriptRequest } from '#app/script/script-messages.ts';
import { Sandbox, type SandboxLimits } from './sandbox.ts';

const LIMITS: SandboxLimits = { memory: 32 * 1024 * 1024, turn: 400 };

async function sandbox(limits = LIMITS) {
  const requests: ScriptRequest[] = [];
  const box = await Sandbox.create((request) => requests.push(request), limits);
  const lines = () => requests.flatMap((request) => (request.kind === 'line' ? [request.text] : []));
  return { box, requests, lines };
}

const message = (topic: string, text: string, handlers = [1]) => ({
  kind: 'message' as const,
  message: { handlers, topic, payload: new TextEncoder().encode(text), qos: 0, retain: false, at: 1 },
});

describe('Sandbox', () => {
  it('hands messages to their handlers, with text, JSON and bytes', async () => {
    const { box, lines, requests } = await sandbox();
    expect(
      box.run(`onMessage('a/+', (m) => {
        state.count = (state.count ?? 0) + 1;
        log(m.topic, m.json.value * 2, m.bytes.length, state.count);
      });`),
    ).toBeUndefined();
    expect(requests).toEqual([{ kind: 'listen', handler: 1, filter: 'a/+' }]);
    expect(box.handle(message('a/b', '{"value":21}'))).toBeUndefined();
    box.handle(message('a/c', '{"value":1}'));
    expect(lines()).toEqual(['a/b 42 12 1', 'a/c 2 11 2']);
  });

  it('publishes as asked, and goes on with the outcome', async () => {
    const { box, lines, requests } = await sandbox();
    box.run(`onConnect(async () => {
      const outcome = await publish('out', { a: 'ü' }, { qos: 1, retain: true });
      log(outcome.kind);
      try { await publish('out', new Uint8Array([0, 255])); } catch (e) { log(e.message); }
    });`);
    box.handle({ kind: 'connected' });
    const first = requests.at(-1);
    expect(first).toMatchObject({
      kind: 'publish',
      message: { topic: 'out', payload: new TextEncoder().encode('{"a":"ü"}'), qos: 1, retain: true },
    });
    const callOf = (request: ScriptRequest | undefined) => (request?.kind === 'publish' ? request.call : 0);
    box.handle({ kind: 'settle', call: callOf(first), outcome: { kind: 'acknowledged' } });
    expect(lines()).toEqual(['acknowledged']);
    expect(requests.at(-1)).toMatchObject({
      kind: 'publish',
      message: { payload: new Uint8Array([0, 255]) },
    });
    box.handle({ kind: 'settle', call: callOf(requests.at(-1)), problem: 'There is no connection.' });
    expect(lines()).toEqual(['acknowledged', 'There is no connection.']);
  });

  it('sends and shows the properties of MQTT 5', async () => {
    const { box, requests } = await sandbox();
    const properties = {
      contentType: 'text/plain',
      payloadIsUtf8: true,
      messageExpiryInterval: 60,
      responseTopic: 'back',
      correlationData: new Uint8Array([0, 255]),
      userProperties: [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    };
    box.run(`onMessage('#', (m) => { publish('out', '', m.properties); });
      publish('out', '', { correlationData: 'ü', userProperties: { n: 5 } });`);
    const sent = () => {
      const last = requests.at(-1);
      return last?.kind === 'publish' ? last.message.properties : undefined;
    };
    expect(sent()).toEqual({
      correlationData: new TextEncoder().encode('ü'),
      userProperties: [{ key: 'n', value: '5' }],
    });
    box.handle({ kind: 'message', message: { ...message('a', '').message, properties } });
    expect(sent()).toEqual(properties);
    box.handle(message('a', ''));
    expect(sent()).toEqual({});
  });

  it('may wait at its top, and ends where it fails after that', async () => {
    const { box, lines, requests } = await sandbox();
    expect(box.run("await subscribe('a');\nlog('subscribed');\nmissing();")).toBeUndefined();
    expect(lines()).toEqual([]);
    const [asked] = requests;
    const call = asked?.kind === 'subscribe' ? asked.call : 0;
    expect(box.handle({ kind: 'settle', call })).toMatchObject({ code: 'script.error', line: 3 });
    expect(lines()).toEqual(['subscribed']);
  });

  it('encodes any text as UTF-8', async () => {
    const { box, requests } = await sandbox();
    box.run(`onMessage('#', (m) => { publish('t', m.text); });`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        box.handle({
          kind: 'message',
          message: { ...message('t', '').message, payload: new Uint8Array(), text },
        });
        const last = requests.at(-1);
        expect(last?.kind === 'publish' ? last.message.payload : undefined).toEqual(
          new TextEncoder().encode(text),
        );
      }),
    );
  });

  it('says the line of an error, and goes on after that of a handler', async () => {
    const { box, requests } = await sandbox();
    expect(
      box.run(
        '\nonMessage("#", (m) => {\n  m.nothing.at();\n});\nonConnect(async () => {\n  throw new Error("x");\n});',
      ),
    ).toBeUndefined();
    expect(box.handle(message('a', '1'))).toBeUndefined();
    expect(requests.at(-1)).toMatchObject({ kind: 'line', level: 'error', line: 3 });
    expect(box.handle({ kind: 'connected' })).toBeUndefined();
    expect(requests.at(-1)).toEqual({ kind: 'line', level: 'error', text: 'Error: x', line: 6 });
    const broken = await sandbox();
    expect(broken.box.run('const a = 1;\nconst = 2;')).toMatchObject({ code: 'script.error', line: 2 });
    expect(broken.box.handle({ kind: 'connected' })).toMatchObject({ code: 'script.error' });
  });

  it('reports checks, passed and failed', async () => {
    const { box, requests } = await sandbox();
    box.run(`check('good', () => { expect([1, { a: 2 }]).toEqual([1, { a: 2 }]); expect(1).not.toBe(2); });
      check('bad',
        () => expect(5).toBeLessThan(3));
      check('later', async () => { expect('abc').toContain('x'); });`);
    const checks = requests.filter(({ kind }) => kind === 'check');
    expect(checks).toEqual([
      { kind: 'check', name: 'good', passed: true },
      { kind: 'check', name: 'bad', passed: false, problem: 'Error: expected 5 to be less than 3', line: 3 },
      expect.objectContaining({ name: 'later', passed: false, line: 4 }),
    ]);
  });

  it.each([
    'for (;;) {}',
    'function f() { Promise.resolve().then(f); } f();',
    'try { for (;;) {} } catch { for (;;) {} } finally { for (;;) {} }',
    '/^(a+)+$/.test("a".repeat(40) + "b")',
    'const e = new Error(); Object.defineProperty(e, "message", { get() { for (;;) {} } }); throw e;',
  ])('ends an endless script: %s', async (source) => {
    const { box } = await sandbox();
    const begin = performance.now();
    expect(box.run(source)).toMatchObject({ code: 'script.time' });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it.each([
    'const all = []; for (;;) all.push(new Array(10000).fill("x"));',
    'let text = "x"; for (;;) text += text;',
    'new Uint8Array(1e9)',
    'const all = []; for (;;) all.push(new ArrayBuffer(1000000));',
    'onMessage("#", () => {}); const m = new Map(); for (let i = 0; ; i++) m.set(i, "x".repeat(1000) + i);',
  ])('holds the memory of a bomb: %s', async (source) => {
    const { box } = await sandbox({ ...LIMITS, turn: 20_000 });
    const before = process.memoryUsage.rss();
    expect(box.run(source)).toMatchObject({ code: expect.stringMatching(/^script\.(memory|error)$/) });
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('ends deep recursion as an error', async () => {
    const { box } = await sandbox();
    expect(box.run('const f = () => f() + 1; f();')).toMatchObject({ code: 'script.error' });
  });

  it('has nothing of the outside', async () => {
    const { box, lines } = await sandbox();
    box.run(`for (const name of ['process', 'require', 'module', 'global', 'fetch', 'XMLHttpRequest', 'WebSocket',
      'Deno', 'Bun', 'std', 'os', 'host', 'setTimeout', 'Worker', 'WebAssembly'])
      if (typeof globalThis[name] !== 'undefined') log(name);
      log(Function('return typeof process + typeof require + typeof host')());
      log(log.constructor('return typeof process')());
      log('end');`);
    expect(lines()).toEqual(['undefinedundefinedundefined', 'undefined', 'end']);
    expect(
      (await sandbox()).box.run('import("node:fs").then(() => log("in"), (e) => log("out"));'),
    ).toBeUndefined();
    expect((await sandbox()).box.run('import fs from "node:fs";')).toMatchObject({ code: 'script.error' });
  });

  it('keeps tampering with built-ins inside', async () => {
    const { box, requests } = await sandbox();
    box.run(`Object.prototype.polluted = 'yes';
      Array.prototype.map = () => ['stolen'];
      JSON.parse('{"__proto__": {"polluted": "too"}}');
      JSON.stringify = () => '{"kind":"evil"}';
      Map.prototype.get = () => { throw new Error('mine'); };
      onMessage('#', () => {});`);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect([1].map((n) => n)).toEqual([1]);
    expect(requests.every(({ kind }) => kind === 'listen' || kind === 'line')).toBe(true);
    expect(box.handle(message('a', '1'))).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('publishes bytes as they are, parts of buffers too, and refuses what is too large', async () => {
    const { box, requests, lines } = await sandbox();
    expect(
      box.run(`const all = Uint8Array.from({ length: 256 }, (_, i) => i);
        publish('a', all.subarray(250)); publish('b', all.buffer); publish('c', new DataView(all.buffer, 1, 2));
        publish('d'); publish('e', new Uint8Array()); publish('f', '\\ud800');
        for (let i = 0; i < 10; i++) publish('g', new Uint8Array(900000));
        publish('h', new Uint8Array(1000001)).catch((e) => log(e.message));`),
    ).toBeUndefined();
    const payloads = requests.flatMap((one) =>
      one.kind === 'publish'
        ? [{ topic: one.message.topic, payload: [...one.message.payload.subarray(0, 6)] }]
        : [],
    );
    expect(payloads.slice(0, 6)).toEqual([
      { topic: 'a', payload: [250, 251, 252, 253, 254, 255] },
      { topic: 'b', payload: [0, 1, 2, 3, 4, 5] },
      { topic: 'c', payload: [1, 2] },
      { topic: 'd', payload: [] },
      { topic: 'e', payload: [] },
      { topic: 'f', payload: [0xef, 0xbf, 0xbd] },
    ]);
    expect(payloads).toHaveLength(16);
    expect(lines()).toEqual(['A payload can have 1000000 bytes; this one has 1000001']);
  });

  it('says that a publish failed which nobody waits for, and only then', async () => {
    const { box, requests, lines } = await sandbox();
    box.run(`publish('a');
      publish('b').then(() => log('sent'));
      publish('c').catch((e) => log('caught ' + e.message));
      (async () => { try { await publish('d'); } catch (e) { log('awaited ' + e.message); } })();
      publish('e', '', { qos: 9 });
      (async () => { try { await publish('f', '', { qos: 9 }); } catch { log('awaited f'); } })();`);
    for (const request of requests.slice()) {
      if (request.kind === 'publish') {
        box.handle({ kind: 'settle', call: request.call, problem: `no ${request.message.topic}` });
      }
    }
    expect(lines()).toHaveLength(6);
    expect(lines()).toEqual(
      expect.arrayContaining([
        'Error: no a',
        'Error: no b',
        'caught no c',
        'awaited no d',
        expect.stringContaining('qos'),
        'awaited f',
      ]),
    );
  });

  it('waits for the next message, for so long', async () => {
    const { box, requests, lines } = await sandbox();
    box.run(`const first = await nextMessage('a/+', 2);
      log(first.text);
      try { await nextMessage('b', 0.5); } catch (e) { log(e.message); }
      check('comes', async () => {\n await nextMessage('c', 1); });`);
    const timers = () => requests.flatMap((one) => (one.kind === 'timer' ? [one] : []));
    expect(requests.slice(0, 2)).toMatchObject([
      { kind: 'listen', filter: 'a/+' },
      { kind: 'timer', after: 2000 },
    ]);
    const handler = requests[0]?.kind === 'listen' ? requests[0].handler : 0;
    box.handle(message('a/b', 'here', [handler]));
    box.handle(message('a/c', 'too late', [handler]));
    expect(requests).toContainEqual({ kind: 'forget', handler });
    expect(requests).toContainEqual({ kind: 'clearTimer', timer: timers()[0]?.timer });
    box.handle({ kind: 'timer', timer: timers()[1]?.timer ?? 0 });
    expect(lines()).toEqual(['here', 'no message on b came within 0.5 s']);
    box.handle({ kind: 'timer', timer: timers()[2]?.timer ?? 0 });
    expect(requests.at(-1)).toEqual({
      kind: 'check',
      name: 'comes',
      waited: true,
      passed: false,
      problem: 'Error: no message on c came within 1 s',
      line: 5,
    });
  });

  it.each(['script.js:0', 'script.js:99999999999999999999', ''])(
    'takes a made-up stack for no more: %s',
    async (stack) => {
      const { box } = await sandbox();
      const source = `throw Object.assign(new Error('mine'), { stack: '${stack}' });`;
      expect(box.run(source)).toEqual({ code: 'script.error', message: 'Error: mine' });
    },
  );

  it('refuses what is out of bounds, with words', async () => {
    const { box, lines } = await sandbox();
    box.run(`publish('t', 'x', { qos: 3 }).catch((e) => log(e.message));
      publish(7, 'x').catch((e) => log(e.message));
      try { every('x', () => {}); } catch (e) { log(e.message); }
      try { after(1e12, () => {}); } catch (e) { log(e.message); }`);
    expect(lines()).toHaveLength(4);
    expect(lines().join('\n')).toMatch(/qos[\s\S]*topic|topic[\s\S]*qos/);
  });
});
