/** How the file of the user's script is called in stack traces. */
export const SCRIPT_FILE = 'script.js';

/**
 * What a script finds: written in its own realm, so that no object of ours ever reaches it. Evaluates to a function
 * that takes `host(json, bytes)` and answers `{enter(kind, json, buffer), describe(error)}`; both stay out of the script's
 * reach. A script that tampers with built-ins breaks only itself: the outside checks all that is asked of it.
 */
export const prelude = String.raw`(function (host) {
  'use strict';
  const { stringify, parse } = JSON;
  const calls = new Map();
  const timers = new Map();
  const listeners = new Map();
  const commands = new Map();
  const connects = [];
  const disconnects = [];
  let next = 1;
  let isConnected = false;

  const lineOf = (stack) => {
    const found = /script\.js:(\d+)/.exec(String(stack));
    return found === null ? undefined : Number(found[1]);
  };
  const ask = (kind, more, bytes) => { host(stringify({ kind, ...more }), bytes); };
  const describe = (error) => {
    const isError = error instanceof Error;
    const text = isError ? error.name + ': ' + error.message : String(error);
    return stringify({ text, line: isError ? lineOf(error.stack) : undefined });
  };
  const report = (error) => {
    const { text, line } = parse(describe(error));
    ask('line', { level: 'error', text, line });
  };
  const guarded = (work) => {
    try {
      const result = work();
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  };
  const heard = new WeakSet();
  /** A promise that says in the console that it failed, if nobody waits for it. */
  class Call extends Promise {
    constructor(executor) {
      const box = {};
      super((resolve, reject) => {
        const fail = (error) => {
          reject(error);
          void unheard(box, error);
        };
        try {
          executor(resolve, fail);
        } catch (error) {
          fail(error);
        }
      });
      box.promise = this;
    }
    then(onDone, onFailed) {
      heard.add(this);
      return super.then(onDone, onFailed);
    }
  }
  const unheard = async (box, error) => {
    // An await begins to listen a few jobs later.
    for (let jobs = 0; jobs < 5; jobs += 1) await undefined;
    if (!heard.has(box.promise)) report(error);
  };
  const call = (kind, more, bytes) => new Call((resolve, reject) => {
    const id = next++;
    calls.set(id, { resolve, reject });
    try {
      ask(kind, { call: id, ...more }, bytes);
    } catch (error) {
      calls.delete(id);
      reject(error);
    }
  });
  const need = (value, type, what) => {
    if (typeof value !== type) throw new TypeError(what + ' has to be a ' + type);
  };

  const hexOf = (bytes) => {
    let out = '';
    for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
    return out;
  };
  /** What a message is sent with: as text, or as bytes, which go beside the JSON. */
  const payloadOf = (payload) => {
    if (payload === undefined || payload === null) return { text: '' };
    if (payload instanceof ArrayBuffer) return { bytes: payload.slice(0) };
    if (ArrayBuffer.isView(payload)) {
      return { bytes: payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.byteLength) };
    }
    return { text: typeof payload === 'object' ? stringify(payload) : String(payload) };
  };
  /** Properties of MQTT 5: what is no text or number goes in a form that JSON has. */
  const propertiesOf = ({ contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, correlationData, userProperties }) => {
    const isBytes = ArrayBuffer.isView(correlationData) || correlationData instanceof ArrayBuffer;
    const bytes = isBytes ? new Uint8Array(payloadOf(correlationData).bytes) : undefined;
    return {
      contentType,
      payloadIsUtf8,
      messageExpiryInterval,
      responseTopic,
      correlationText: isBytes || correlationData === undefined ? undefined : String(correlationData),
      correlationHex: bytes === undefined ? undefined : hexOf(bytes),
      userProperties: userProperties === undefined ? undefined
        : Array.isArray(userProperties) ? userProperties
        : Object.entries(userProperties).map(([name, value]) => [name, String(value)]),
    };
  };
  const bytesOf = (hex) => Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
  const readProperties = ({ correlationHex, ...rest }) =>
    correlationHex === undefined ? rest : { ...rest, correlationData: bytesOf(correlationHex) };
  const show = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.name + ': ' + value.message;
    if (value instanceof Uint8Array) return hexOf(value);
    try {
      const text = typeof value === 'object' && value !== null ? stringify(value) : undefined;
      return text === undefined ? String(value) : text;
    } catch {
      return '(can not be shown)';
    }
  };
  const print = (level) => (...values) => ask('line', { level, text: values.map(show).join(' ').slice(0, 4000) });

  const timer = (milliseconds, work, repeats) => {
    need(milliseconds, 'number', 'The time');
    need(work, 'function', 'The handler');
    const id = next++;
    const after = Math.max(repeats ? 1 : 0, milliseconds);
    ask('timer', { timer: id, after });
    timers.set(id, { work, every: repeats ? after : undefined });
    return id;
  };

  const same = (a, b) => {
    if (Object.is(a, b)) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  };
  const expectation = (value, isNot) => {
    const must = (holds, words) => {
      if (holds === isNot) throw new Error('expected ' + show(value) + (isNot ? ' not ' : ' ') + words);
    };
    return {
      toBe: (other) => must(Object.is(value, other), 'to be ' + show(other)),
      toEqual: (other) => must(same(value, other), 'to equal ' + show(other)),
      toBeGreaterThan: (other) => must(value > other, 'to be greater than ' + show(other)),
      toBeLessThan: (other) => must(value < other, 'to be less than ' + show(other)),
      toBeBetween: (low, high) => must(value >= low && value <= high, 'to be between ' + show(low) + ' and ' + show(high)),
      toContain: (other) => must(value.includes(other), 'to contain ' + show(other)),
      toMatch: (pattern) => must(new RegExp(pattern).test(String(value)), 'to match ' + String(pattern)),
      toBeTruthy: () => must(Boolean(value), 'to be truthy'),
      toBeDefined: () => must(value !== undefined, 'to be defined'),
    };
  };
  const passed = (name, waited) => ask('check', { name, passed: true, waited });
  const failed = (name, error, waited) => {
    const { text, line } = parse(describe(error));
    ask('check', { name, passed: false, problem: text, line, waited });
  };

  const api = {
    onMessage(filter, work) {
      need(filter, 'string', 'The topic filter');
      need(work, 'function', 'The handler');
      const id = next++;
      ask('listen', { handler: id, filter });
      listeners.set(id, work);
    },
    nextMessage(filter, seconds = 5) {
      need(filter, 'string', 'The topic filter');
      need(seconds, 'number', 'The time in seconds');
      const late = new Error('no message on ' + filter + ' came within ' + seconds + ' s');
      return new Call((resolve, reject) => {
        const id = next++;
        ask('listen', { handler: id, filter });
        const end = () => {
          listeners.delete(id);
          ask('forget', { handler: id });
        };
        try {
          const wait = timer(seconds * 1000, () => { end(); reject(late); }, false);
          listeners.set(id, (message) => { end(); api.clearTimer(wait); resolve(message); });
        } catch (error) {
          end();
          throw error;
        }
      });
    },
    onConnect(work) {
      need(work, 'function', 'The handler');
      connects.push(work);
      // What comes after the script was told of the connection has missed that.
      if (isConnected) void Promise.resolve().then(() => guarded(work));
    },
    onDisconnect(work) {
      need(work, 'function', 'The handler');
      disconnects.push(work);
    },
    onCommand(name, work) {
      need(name, 'string', 'The name');
      need(work, 'function', 'The handler');
      ask('command', { name });
      commands.set(name, work);
    },
    every: (milliseconds, work) => timer(milliseconds, work, true),
    after: (milliseconds, work) => timer(milliseconds, work, false),
    sleep: (milliseconds) => new Promise((resolve) => { timer(milliseconds, resolve, false); }),
    clearTimer(id) {
      timers.delete(id);
      ask('clearTimer', { timer: id });
    },
    publish(topic, payload, options = {}) {
      const { text, bytes } = payloadOf(payload);
      const { qos = 0, retain = false } = options;
      return call('publish', { message: { topic, text, qos, retain, properties: propertiesOf(options) } }, bytes);
    },
    subscribe: (filter, options = {}) => call('subscribe', { filter, qos: options.qos ?? 0 }),
    unsubscribe: (filter) => call('unsubscribe', { filter }),
    log: print('log'),
    console: { log: print('log'), info: print('log'), warn: print('warn'), error: print('error') },
    /** What handlers remember between them. */
    state: {},
    expect: (value) => ({ ...expectation(value, false), not: expectation(value, true) }),
    check(name, work) {
      need(name, 'string', 'The name');
      need(work, 'function', 'The check');
      try {
        const result = work();
        if (!(result instanceof Promise)) {
          passed(name);
          return Promise.resolve();
        }
        ask('checking');
        return result.then(() => passed(name, true), (error) => failed(name, error, true));
      } catch (error) {
        failed(name, error);
        return Promise.resolve();
      }
    },
  };
  for (const [name, value] of Object.entries(api)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }

  const enter = (kind, json, buffer) => {
    const value = parse(json);
    if (kind === 'message') {
      const { handlers, properties, ...rest } = value;
      for (const id of handlers) {
        const message = { ...rest, properties: readProperties(properties), bytes: new Uint8Array(buffer.slice(0)) };
        Object.defineProperty(message, 'json', { get: () => parse(message.text) });
        const work = listeners.get(id);
        if (work !== undefined) guarded(() => work(message));
      }
    } else if (kind === 'connected') {
      isConnected = true;
      for (const work of connects) guarded(work);
    } else if (kind === 'disconnected') {
      isConnected = false;
      for (const work of disconnects) guarded(work);
    } else if (kind === 'command') {
      const work = commands.get(value.name);
      if (work !== undefined) guarded(() => work(value.argument));
    } else if (kind === 'timer') {
      const found = timers.get(value.timer);
      if (found === undefined) return;
      if (found.every === undefined) timers.delete(value.timer);
      else ask('timer', { timer: value.timer, after: found.every });
      guarded(found.work);
    } else if (kind === 'settle') {
      const waiting = calls.get(value.call);
      calls.delete(value.call);
      if (waiting === undefined) return;
      if (value.problem === undefined) waiting.resolve(value.outcome);
      else waiting.reject(new Error(value.problem));
    }
  };
  return { enter, describe };
})`;
