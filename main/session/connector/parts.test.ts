import fc from 'fast-check';
import type { IPublishPacket, Packet } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainTls } from '../plain-settings.ts';
import { backoffDelay } from './backoff.ts';
import { summariseConnack } from './connack-summary.ts';
import { connectOptions, propertiesSize, publishProperties } from './connect-options.ts';
import { settingsFor } from './connector.fixture.ts';
import { keepAliveTimers } from './keep-alive.ts';
import { PacketStore } from './packet-store.ts';
import { schemesOf } from './proxy.ts';
import { Steps } from './steps.ts';
import { interleaveFamilies } from './tcp.ts';
import { mergeAuthorities, trustedAuthorities } from './tls-trust.ts';
import { normalisePath } from './websocket.ts';

describe('backoffDelay', () => {
  it('stays within its limits, whatever the chance', () => {
    const seconds = fc.double({ min: 0.1, max: 3600, noNaN: true });
    fc.assert(
      fc.property(
        fc.nat(5000),
        seconds,
        seconds,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, a, b, chance) => {
          const delay = backoffDelay(n + 1, { minDelay: a, maxDelay: b }, () => chance);
          expect(delay).toBeGreaterThanOrEqual(a * 1000);
          expect(delay).toBeLessThanOrEqual(Math.max(a, b) * 1000);
        },
      ),
    );
  });

  it('doubles', () => {
    const delays = [1, 2, 3, 4, 5, 6].map((n) => backoffDelay(n, { minDelay: 1, maxDelay: 10 }, () => 0.5));
    expect(delays).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});

describe('Steps', () => {
  it('times each stage and hands out values', () => {
    let now = 100;
    const seen: unknown[] = [];
    const steps = new Steps(
      () => seen.push(steps.list()),
      () => now,
    );
    steps.begin('dns');
    now = 105;
    steps.done('::1');
    steps.begin('tcp');
    now = 125;
    expect(steps.stage).toBe('tcp');
    steps.fail();
    steps.fail('nothing runs any more');
    expect(steps.list()).toEqual([
      { stage: 'dns', duration: 5, outcome: 'done', note: '::1' },
      { stage: 'tcp', duration: 20, outcome: 'failed' },
    ]);
    expect(seen).toEqual([
      [{ stage: 'dns', duration: 0, outcome: 'running' }],
      [
        { stage: 'dns', duration: 5, outcome: 'done', note: '::1' },
        { stage: 'tcp', duration: 0, outcome: 'running' },
      ],
    ]);
  });
});

describe('keepAliveTimers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('pings instead of giving up while bytes come, and gives up when they end', () => {
    let bytes = 0;
    const ticks: number[] = [];
    const pings: number[] = [];
    const timers = keepAliveTimers(
      () => bytes,
      () => pings.push(Date.now()),
    );
    const timer = timers.set(() => ticks.push(Date.now()), 500);
    for (let tick = 0; tick < 10; tick += 1) {
      bytes += 1;
      vi.advanceTimersByTime(500);
    }
    expect(ticks).toHaveLength(2);
    expect(pings).toHaveLength(8);
    vi.advanceTimersByTime(500);
    expect(ticks).toHaveLength(3);
    timers.clear(timer);
    vi.advanceTimersByTime(5000);
    expect(ticks).toHaveLength(3);
  });
});

describe('PacketStore', () => {
  const publish = (messageId: number): IPublishPacket => ({
    cmd: 'publish',
    messageId,
    topic: 't',
    payload: 'x',
    qos: 1,
    dup: false,
    retain: false,
  });

  it('keeps the order, marks what is sent again and survives a close', async () => {
    const store = new PacketStore();
    for (const id of [5, 3, 9]) {
      store.put(publish(id), () => undefined);
    }
    store.put({ cmd: 'pubrel', messageId: 3 }, () => undefined);
    store.close(() => undefined);
    const packets: Packet[] = [];
    for await (const packet of store.createStream()) {
      packets.push(packet as Packet);
    }
    expect(packets.map(({ cmd, messageId }) => `${cmd} ${messageId}`)).toEqual([
      'publish 5',
      'pubrel 3',
      'publish 9',
    ]);
    expect(packets.filter((packet) => packet.cmd === 'publish').every((packet) => packet.dup)).toBe(true);
  });

  it('answers with the packet, or with an error', () => {
    const store = new PacketStore();
    const answers: unknown[] = [];
    store.put(publish(1), () => undefined);
    store.get({ messageId: 1 }, (error, packet) => answers.push(error ?? packet?.messageId));
    store.del({ messageId: 1 }, (error, packet) => answers.push(error ?? packet?.messageId));
    store.get({ messageId: 1 }, (error) => answers.push(error?.message));
    expect(answers).toEqual([1, 1, 'missing packet']);
    store.put(publish(2), () => undefined);
    store.clear();
    expect(store.size).toBe(0);
  });
});

describe('connectOptions', () => {
  const session = { clean: true, clientId: 'me' };

  it.each([
    ['3.1', 'MQIsdp', 3],
    ['3.1.1', 'MQTT', 4],
    ['5.0', 'MQTT', 5],
  ] as const)('names MQTT %s as %s %i', (mqttVersion, protocolId, protocolVersion) => {
    expect(connectOptions(settingsFor(1, { mqttVersion }), session)).toMatchObject({
      protocolId,
      protocolVersion,
    });
  });

  it('sends no property that is not set, and never Topic Alias Maximum', () => {
    const bare = connectOptions(settingsFor(1), session);
    expect(bare).not.toHaveProperty('properties');
    expect(bare).not.toHaveProperty('username');
    const full = connectOptions(
      settingsFor(1, {
        sessionExpiryInterval: 5,
        mqtt5: { receiveMaximum: 7, userProperties: [{ key: 'a', value: 'b' }] },
      }),
      session,
    );
    expect(full.properties).toEqual({
      sessionExpiryInterval: 5,
      receiveMaximum: 7,
      userProperties: { a: ['b'] },
    });
  });

  it('keeps MQTT 5 properties to MQTT 5', () => {
    const will = {
      topic: 't',
      payload: Uint8Array.of(1),
      qos: 1,
      retain: true,
      delayInterval: 5,
      properties: { contentType: 'x' },
    } as const;
    const settings = { will, sessionExpiryInterval: 5 };
    const old = connectOptions(settingsFor(1, { ...settings, mqttVersion: '3.1.1' }), session);
    expect(old).not.toHaveProperty('properties');
    expect(old.will).toEqual({ topic: 't', payload: Buffer.of(1), qos: 1, retain: true });
    const five = connectOptions(settingsFor(1, settings), session);
    expect(five.will?.properties).toEqual({ willDelayInterval: 5, contentType: 'x' });
  });

  it('sends an empty username with a password alone', () => {
    expect(connectOptions(settingsFor(1, { password: 'p' }), session)).toMatchObject({
      username: '',
      password: 'p',
    });
  });
});

describe('publishProperties', () => {
  it('keeps every user property, whatever its name', () => {
    const pair = fc.record({ key: fc.constantFrom('__proto__', 'a', 'length', ''), value: fc.string() });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), (userProperties) => {
        const sent = publishProperties({ userProperties }).userProperties ?? {};
        for (const name of new Set(userProperties.map(({ key }) => key))) {
          const values = userProperties.filter(({ key }) => key === name).map(({ value }) => value);
          expect(Object.getOwnPropertyDescriptor(sent, name)?.value).toEqual(values);
        }
        expect('userProperties' in publishProperties({ userProperties })).toBe(userProperties.length > 0);
      }),
    );
  });

  it('never takes more bytes than estimated', () => {
    expect(propertiesSize({ contentType: 'ä', correlationData: new Uint8Array(10) })).toBeGreaterThan(15);
  });
});

describe('summariseConnack', () => {
  it('holds what the broker said and nothing else', () => {
    expect(summariseConnack({ cmd: 'connack', sessionPresent: true, returnCode: 0 })).toEqual({
      sessionPresent: true,
      userProperties: [],
    });
    const summary = summariseConnack({
      cmd: 'connack',
      sessionPresent: false,
      reasonCode: 0,
      properties: {
        assignedClientIdentifier: 'x',
        maximumQoS: 1,
        retainAvailable: false,
        userProperties: { a: ['1', '2'], b: '3' },
      },
    });
    expect(summary).toEqual({
      sessionPresent: false,
      assignedClientId: 'x',
      maximumQos: 1,
      retainAvailable: false,
      userProperties: [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
        { key: 'b', value: '3' },
      ],
    });
  });
});

it('alternates between address families, beginning with the first', () => {
  const entry = (address: string) => ({ address, family: address.includes(':') ? 6 : 4 });
  const mixed = ['::1', '::2', '::3', '10.0.0.1'].map(entry);
  expect(interleaveFamilies(mixed).map(({ address }) => address)).toEqual(['::1', '10.0.0.1', '::2', '::3']);
  expect(interleaveFamilies([])).toEqual([]);
});

describe('trustedAuthorities', () => {
  const kinds = { system: ['S', 'B'], bundled: ['B'], extra: ['E'] };
  const of = (tls: Parameters<typeof plainTls>[0], own: readonly string[] = []) =>
    [...trustedAuthorities(plainTls(tls), own, (kind) => kinds[kind])].sort().join(' ');
  const none = { trust: { system: false, bundled: false } };

  it('combines what was chosen', () => {
    expect(of({})).toBe('B E S');
    expect(of({ trust: { system: true, bundled: false } })).toBe('B E S');
    expect(of({ trust: { system: false, bundled: true } }, ['O'])).toBe('B O');
    expect(of(none, ['O'])).toBe('O');
  });

  it('says what is missing, unless something else decides', () => {
    expect(() => of(none)).toThrow(/trusts no issuer/);
    const empty = () => trustedAuthorities(plainTls(), [], () => []);
    expect(empty).toThrow(/operating system could be read/);
    expect(of({ ...none, verify: false })).toBe('');
    expect(of({ ...none, pin: 'AA' })).toBe('');
    expect(of({ ...none, psk: { identity: 'a', key: new Uint8Array(1) } })).toBe('');
  });
});

it('merges certificates that differ in their line breaks', () => {
  expect(mergeAuthorities(['A\nB\n', 'C', 'A\r\nB', 'D'])).toHaveLength(3);
});

it.each([
  ['mqtt', '/mqtt'],
  ['/ws?x=1', '/ws?x=1'],
  ['', '/'],
  [' /a#b ', '/a%23b'],
])('takes the WebSocket path %j as %j', (path, expected) => {
  expect(normalisePath(path)).toBe(expected);
});

describe('schemesOf', () => {
  it.each([
    [['Basic realm="x"'], ['Basic']],
    [
      ['Negotiate', 'NTLM', 'Basic realm="a, Digest b"'],
      ['Negotiate', 'NTLM', 'Basic'],
    ],
    [['Digest realm="a", nonce="b", Basic realm=c'], ['Digest', 'Basic']],
    [[''], []],
  ])('%j', (headers, expected) => {
    expect(schemesOf(headers)).toEqual(expected);
  });

  it('gives a short list of short names, whatever a proxy sends', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (headers) => {
        const names = schemesOf(headers);
        expect(names.length).toBeLessThanOrEqual(8);
        expect(names.every((name) => name.length <= 40 && name !== '')).toBe(true);
      }),
    );
  });
});
