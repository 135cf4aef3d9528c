import { afterEach, describe, expect, it } from 'vitest';
import { fail } from '#app/contract/failure.ts';
import type { ScriptPublish } from '#app/script/script-messages.ts';
import { ScriptRun, type ScriptRunOptions } from './script-run.ts';

const runs: ScriptRun[] = [];
const workerUrl = new URL('./worker.ts', import.meta.url);

function start(source: string, options: Partial<ScriptRunOptions> = {}) {
  const published: ScriptPublish[] = [];
  const subscribed: string[] = [];
  const run = new ScriptRun(source, {
    workerUrl,
    onChange: () => undefined,
    outside: {
      publish: async (message) => {
        published.push(message);
        return { kind: 'sent', sequence: published.length, sentAt: 1 };
      },
      subscribe: async (filter) => {
        if (filter === 'denied') {
          throw fail('x', 'Not allowed.');
        }
        subscribed.push(filter);
      },
      unsubscribe: async (filter) => {
        subscribed.splice(subscribed.indexOf(filter), 1);
      },
    },
    ...options,
  });
  runs.push(run);
  return { run, published, subscribed, texts: () => run.lines.map(({ text }) => text) };
}

const message = (topic: string, text = '') => ({
  topic,
  payload: new TextEncoder().encode(text),
  qos: 0,
  retain: false,
  at: 1,
});

describe('ScriptRun', () => {
  afterEach(async () => {
    await Promise.all(runs.splice(0).map((run) => run.stop()));
  });

  it('runs a script that answers messages, by filter, timer, connect and command', async () => {
    const { run, published, subscribed, texts } = start(`
      onMessage('ask/#', async (m) => { log((await publish('answer', m.text.toUpperCase())).kind); });
      onConnect(() => log('up'));
      onDisconnect(() => log('down'));
      onCommand('go', (where) => { after(1, () => log('went ' + where)); });
      onCommand('leave', () => unsubscribe('ask/#'));
      subscribe('ask/#').then(() => subscribe('denied')).catch((e) => log(e.message));`);
    await expect.poll(texts).toContain('Not allowed.');
    expect(subscribed).toEqual(['ask/#']);
    run.message(message('other'));
    run.message(message('ask/a', 'hello'));
    run.connected();
    run.disconnected();
    expect(run.commands).toEqual(['go', 'leave']);
    expect(run.command('go', 'home')).toBe(true);
    expect(run.command('nothing', '')).toBe(false);
    await expect.poll(texts).toEqual(expect.arrayContaining(['sent', 'up', 'down', 'went home']));
    run.command('leave', '');
    await expect.poll(() => subscribed).toEqual([]);
    expect(published.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(['HELLO']);
  });

  it('stops at once, with all its timers', async () => {
    const { run, published } = start(`every(1, () => { publish('tick', 'x'); });`);
    await expect.poll(() => published.length).toBeGreaterThan(3);
    const stopping = run.stop();
    const sent = published.length;
    expect(run.state).toBe('stopped');
    await stopping;
    expect(published.length).toBe(sent);
  });

  it('names the line of what is wrong', async () => {
    const { run } = start('const a = 1;\nnothing.here();');
    await expect.poll(() => run.state).toBe('failed');
    expect(run.fault).toMatchObject({ code: 'script.error', line: 2 });
    const filter = start(`onMessage('a/#/b', () => {});`);
    await expect.poll(() => filter.run.state).toBe('failed');
    expect(filter.run.fault?.message).toContain('a/#/b');
  });

  it('ends one script that loops or fills its memory, while another goes on', async () => {
    const good = start(`onMessage('a', (m) => log(m.text));`);
    const loop = start('after(1, () => { for (;;) {} });');
    const bomb = start('after(1, () => { const all = []; for (;;) all.push(new ArrayBuffer(100000)); });');
    await expect.poll(() => loop.run.state).toBe('failed');
    expect(loop.run.fault?.code).toBe('script.time');
    // What a handler filled is free again once its error is out, so the script may go on.
    await expect.poll(bomb.texts).toEqual(['InternalError: out of memory']);
    good.run.message(message('a', 'still here'));
    await expect.poll(good.texts).toEqual(['still here']);
  });

  it('counts all checks, also those that it keeps no more', async () => {
    const { run } = start(`for (let i = 0; i < 6; i++) {
      after(i * 1100, () => { for (let j = 0; j < 450; j++) check('c', () => expect(j % 3).toBe(0)); });
    }`);
    await expect.poll(() => run.passed + run.failed, { timeout: 20_000 }).toBe(2700);
    expect(run.passed).toBe(900);
    expect(run.checks.length).toBeLessThan(2700);
  }, 30_000);

  it('is not taken to hang because this thread stood still', async () => {
    const { run, texts } = start("every(100, () => log('on'));", { silence: 2000 });
    await expect.poll(texts).toContain('on');
    const until = performance.now() + 3500;
    while (performance.now() < until) {
      // The thread is taken.
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(run.state).toBe('running');
  }, 30_000);

  it('ends a script that hangs where the engine can not be interrupted', async () => {
    const { run } = start('after(1, () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1));', {
      silence: 3000,
    });
    await expect.poll(() => run.state, { timeout: 15_000 }).toBe('failed');
    expect(['script.stuck', 'script.time']).toContain(run.fault?.code);
  });

  it('bounds the console and the messages that wait', async () => {
    const { run, texts } =
      start(`onMessage('#', () => {}); for (let i = 0; i < 5000; i++) log('x'.repeat(5000));
      after(1, () => log('ready'));`);
    await expect.poll(() => texts().some((text) => text.includes('left out'))).toBe(true);
    expect(run.lines.length).toBeLessThan(1100);
    expect(Math.max(...texts().map((text) => text.length))).toBe(4000);
    for (let index = 0; index < 3000; index += 1) {
      run.message(message('a'));
    }
    run.message({ ...message('b'), payload: new Uint8Array(2_000_000) });
    expect(run.missed).toBe(2001);
  });

  it('counts every check, whatever it says and however fast they come', async () => {
    const { run } = start(`for (let i = 0; i < 3000; i++) log('x');
      check('a'.repeat(2000), () => { throw new Error('b'.repeat(50_000)); });
      check('slow', async () => { await sleep(1); throw new Error('c'.repeat(50_000)); });
      for (let i = 0; i < 2000; i++) check('n' + i, () => expect(i % 2).toBe(0));
      after(1500, () => log('ready'));`);
    await expect.poll(() => [run.passed, run.failed]).toEqual([1000, 1002]);
    expect(run.state).toBe('running');
    expect(run.checks[0]).toMatchObject({ name: 'a'.repeat(1000), passed: false });
    expect(run.checks[0]?.problem).toHaveLength(10_000);
    expect(run.checks.length).toBeLessThan(1100);
  });

  it('knows of checks that do not end', async () => {
    const { run } = start(`check('never', () => new Promise(() => {}));
      check('late', () => sleep(300));
      log('ready');`);
    await expect.poll(() => run.pending).toBe(2);
    await expect.poll(() => [run.passed, run.pending]).toEqual([1, 1]);
    await run.stop();
    expect(run.pending).toBe(1);
    expect(run.checks).toEqual([{ name: 'late', passed: true }]);
  });

  it('runs a handler for the connection that comes late, once', async () => {
    const { run, texts } = start(`onConnect(() => log('early'));
      await sleep(100); onConnect(() => log('late')); log('ready');`);
    run.connected();
    await expect.poll(texts).toEqual(['early', 'ready', 'late']);
    run.disconnected();
    run.connected();
    await expect.poll(texts).toEqual(['early', 'ready', 'late', 'early', 'late']);
  });

  it('is not taken to hang while it works through what came', async () => {
    const { run, texts } = start(
      `const busy = () => { const end = Date.now() + 300; while (Date.now() < end); };
      for (let i = 0; i < 12; i++) publish('a', 'x').then(busy);
      after(1, () => log('ready'));`,
      { silence: 2000 },
    );
    await expect.poll(() => texts(), { timeout: 20_000 }).toContain('ready');
    await new Promise((resolve) => setTimeout(resolve, 4500));
    expect(run.state).toBe('running');
  });

  it('tells a script of a filter that is none, at the call', async () => {
    const { run, texts } = start(`try { await nextMessage('a/#/b', 1); } catch (error) { log(error.message); }
      onMessage('b/#/c', () => {});`);
    await expect.poll(() => run.state).toBe('failed');
    expect(texts()[0]).toContain('a/#/b');
    expect(run.fault).toMatchObject({ code: 'script.error', line: 2 });
  });

  it('hands over large lines cut, and a flood of publishes in portions', async () => {
    const { run, published } = start(`const line = 'x'.repeat(5_000_000); log(line);
      const payload = new Uint8Array(900_000);
      let sent = 0; let refused = 0;
      for (let i = 0; i < 50; i++) publish('big', payload).then(() => { sent += 1; }, () => { refused += 1; });
      const flood = async () => { for (;;) await publish('flood', 'x'); };
      after(1, () => { log(sent, refused); for (let i = 0; i < 300; i++) flood(); });`);
    await expect.poll(() => run.lines.length, { timeout: 20_000 }).toBe(2);
    expect(run.lines[0]?.text.length).toBe(4000);
    expect(run.lines[1]?.text).toBe('8 42');
    const begin = performance.now();
    const before = published.length;
    await expect.poll(() => published.length - before, { timeout: 20_000 }).toBeGreaterThan(1500);
    // 200 in a stretch of 100 ms, and those of the first stretch.
    expect(performance.now() - begin).toBeGreaterThan(400);
    expect(run.state).toBe('running');
  });

  it('bounds the bytes that wait for it', async () => {
    const { run, texts } = start(`onMessage('a', () => {}); log('ready');`);
    await expect.poll(texts).toEqual(['ready']);
    const large = { ...message('a'), payload: new Uint8Array(900_000) };
    for (let index = 0; index < 30; index += 1) {
      run.message(large);
    }
    expect(run.missed).toBe(13);
    await expect.poll(() => run.hasRoomFor(900_000)).toBe(true);
  });

  it('hears by handlers that come and go', async () => {
    const { run, texts } = start(`log((await nextMessage('a')).text); log((await nextMessage('a')).text);`);
    await expect.poll(() => run.wants('a')).toBe(true);
    run.message(message('a', 'one'));
    await expect.poll(texts).toEqual(['one']);
    await expect.poll(() => run.wants('a')).toBe(true);
    run.message(message('a', 'two'));
    await expect.poll(texts).toEqual(['one', 'two']);
    await expect.poll(() => run.wants('a')).toBe(false);
  });

  it('reports checks', async () => {
    const { run } = start(`check('one', () => expect(1).toBe(1));\ncheck('two', () => expect(1).toBe(2));`);
    await expect
      .poll(() => run.checks)
      .toEqual([
        { name: 'one', passed: true },
        { name: 'two', passed: false, problem: 'Error: expected 1 to be 2', line: 2 },
      ]);
  });
});
