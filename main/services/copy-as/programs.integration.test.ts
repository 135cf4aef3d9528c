import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeProgram } from '#app/copy-as/make-program.ts';
import type { ProgramConnection, ProgramMessage, ProgramTarget } from '#app/copy-as/program.ts';
import { programConnection } from '#app/copy-as/program-connection.ts';
import { newProfile, newSubscription, newTls } from '#app/profile/defaults.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import {
  type MosquittoSubscriber,
  mosquittoPub,
  mosquittoSub,
} from '../../../e2e/support/mosquitto-clients.ts';
import { connectOther, type OtherClient, type ReceivedMessage } from '../../../e2e/support/other-client.ts';
import { testDirectory } from '../test-directory.fixture.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const login = { username: 'joe', password: 'sec"ret $x' };
const runnable = ['mosquitto', 'mqttjs', 'paho', 'micropython'] as const;
type Runnable = (typeof runnable)[number];

/** A Python that has paho-mqtt: Debian's package brings it to the system's own one. */
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import paho.mqtt.client']).status === 0,
);
const cpp = ['g++', 'clang++'].find((name) => spawnSync(name, ['--version']).status === 0);
const why = (target: Runnable) =>
  target === 'paho' && python === undefined ? ' (left out: apt-get install python3-paho-mqtt)' : '';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let open: Mosquitto;
let closed: Mosquitto;
let other: OtherClient;
let watcher: MosquittoSubscriber;
const running: ChildProcess[] = [];

beforeAll(async () => {
  directory = await testDirectory();
  symlinkSync(here('../../../node_modules'), directory.file('node_modules'));
  open = await startMosquitto({ listeners: ['mqtt'] });
  closed = await startMosquitto({
    listeners: ['mqtt', 'mqttsClientCertificate'],
    passwords: { joe: login.password },
  });
  other = await connectOther(open.ports.mqtt);
  watcher = await mosquittoSub({ port: closed.ports.mqtt, topics: ['#'], ...login, version: '5.0' });
  const { certificates } = closed;
  writeFileSync(directory.file('ca.pem'), certificates?.ca.certificate ?? '');
  writeFileSync(directory.file('client.pem'), certificates?.client.certificate ?? '');
  writeFileSync(directory.file('client.key'), certificates?.client.key ?? '');
}, 60_000);
afterEach(() => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL');
  }
});
afterAll(async () => {
  await watcher?.stop();
  await other?.end();
  await open?.stop();
  await closed?.stop();
  await directory?.dispose();
});

function start(target: Runnable, code: string): ChildProcess & { readonly output: () => string } {
  const file = directory.file(`program-${target}${target === 'mqttjs' ? '.mjs' : ''}`);
  writeFileSync(file, code);
  const command = {
    mosquitto: '/bin/sh',
    mqttjs: process.execPath,
    paho: python ?? 'python3',
    micropython: 'python3',
  };
  const child = spawn(command[target], target === 'mosquitto' ? ['-c', code] : [file], {
    cwd: directory.path,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONPATH: target === 'micropython' ? here('umqtt-shim') : '',
      PYTHONUNBUFFERED: '1',
    },
    // A shell's own children end with it.
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    output += data.toString();
  });
  running.push(child);
  return Object.assign(child, { output: () => output });
}

async function run(target: Runnable, code: string): Promise<void> {
  const child = start(target, code);
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status, `${code}\n${child.output()}`).toBe(0);
}

const plain = (version: '3.1.1' | '5.0') =>
  programConnection(
    newProfile({ host: '127.0.0.1', port: open.ports.mqtt, mqttVersion: version, clientId: '' }),
  );
/** TLS with a client certificate, and a sign-in whose password was asked for. */
const guarded = (more: Partial<ConstructorParameters<typeof Object>[0]> = {}): ProgramConnection =>
  programConnection(
    newProfile({
      protocol: 'mqtts',
      host: 'localhost',
      port: closed.ports.mqttsClientCertificate,
      mqttVersion: '3.1.1',
      clientId: '',
      username: login.username,
      passwordRef: 'p',
      tls: newTls({
        ca: [{ ref: '1', fileName: 'ca.pem' }],
        certificate: { ref: '2', fileName: 'client.pem' },
        key: { ref: '3', fileName: 'client.key' },
      }),
      ...more,
    }),
    login.password,
  );

/** The message of a topic, once it is there. */
async function arrivedOn(
  heard: readonly ReceivedMessage[],
  topic: string,
): Promise<ReceivedMessage | undefined> {
  const find = () => heard.find((message) => message.topic === topic);
  await vi.waitFor(() => expect(heard.map((message) => message.topic)).toContain(topic), { timeout: 15_000 });
  return find();
}

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
const awkward = `$(id) \`id\` "'\\ %s \u2028\u202e\u200d */ ??/ {{x}} ü𝄞`;

describe.each(runnable)('a message as a program for %s', (target) => {
  const isLeftOut = target === 'paho' && python === undefined;

  it.skipIf(isLeftOut)(
    `arrives with its bytes, QoS and retain${why(target)}`,
    async () => {
      const topic = `bytes/${target}/${awkward}`;
      const heard = await other.listen(`bytes/${target}/#`);
      const message: ProgramMessage = { topic, payload: everyByte, qos: 1, retain: true, properties: {} };
      await run(target, makeProgram(target, { connection: plain('3.1.1'), message }).code);
      const got = await arrivedOn(heard, topic);
      expect(got?.payload.equals(Buffer.from(everyByte))).toBe(true);
      expect(got?.qos).toBe(1);
    },
    60_000,
  );

  // umqtt has none.
  if (target !== 'micropython') {
    it.skipIf(isLeftOut)(
      `arrives with its MQTT 5 properties${why(target)}`,
      async () => {
        const heard = await other.listen(`five/${target}/#`);
        const properties = {
          contentType: awkward,
          payloadIsUtf8: true,
          messageExpiryInterval: 600,
          responseTopic: 'five/answer',
          correlationData: new TextEncoder().encode('request 7'),
          userProperties: [
            { key: 'unit', value: "it's kPa" },
            { key: '__proto__', value: 'x' },
          ],
        };
        const payload = new TextEncoder().encode(awkward);
        const message: ProgramMessage = {
          topic: `five/${target}`,
          payload,
          qos: 2,
          retain: false,
          properties,
        };
        await run(target, makeProgram(target, { connection: plain('5.0'), message }).code);
        const got = await arrivedOn(heard, `five/${target}`);
        expect(got?.payload.toString()).toBe(awkward);
        expect(got?.qos).toBe(2);
        expect(got?.properties).toMatchObject({
          contentType: awkward,
          responseTopic: 'five/answer',
          payloadFormatIndicator: true,
        });
        expect(got?.properties.correlationData?.toString()).toBe('request 7');
        expect(got?.properties.userProperties?.unit).toBe("it's kPa");
      },
      60_000,
    );
  }

  it.skipIf(isLeftOut)(
    `goes over TLS with a client certificate and a sign-in${why(target)}`,
    async () => {
      const topic = `safe/${target}`;
      const message: ProgramMessage = {
        topic,
        payload: new TextEncoder().encode('ok'),
        qos: 0,
        retain: false,
        properties: {},
      };
      const { code } = makeProgram(target, { connection: guarded(), message });
      await run(target, code);
      const arrived = await watcher.waitFor((heard) => heard.topic === topic);
      expect(arrived.payload.toString()).toBe('ok');
    },
    60_000,
  );
});

describe.each(runnable)('a connection as a program for %s', (target) => {
  it.skipIf(target === 'paho' && python === undefined)(
    `subscribes, prints what comes, and leaves its last will${why(target)}`,
    async () => {
      const will = {
        enabled: true,
        topic: `gone/${target}`,
        payload: 'bye',
        format: 'text',
        qos: 1,
        retain: false,
      } as const;
      const subscriptions = [newSubscription(`to/${target}/#`, { qos: 1 })];
      const connection = guarded({ will, subscriptions, clientId: `program-${target}` });
      const child = start(target, makeProgram(target, { connection }).code);
      await vi.waitFor(
        async () => {
          await mosquittoPub({
            port: closed.ports.mqtt,
            topic: `to/${target}/a`,
            payload: 'hello',
            ...login,
          });
          expect(child.output()).toContain('hello');
        },
        { timeout: 30_000, interval: 300 },
      );
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      const gone = await watcher.waitFor((heard) => heard.topic === `gone/${target}`);
      expect(gone.payload.toString()).toBe('bye');
    },
    60_000,
  );
});

it('a program for micropython stays connected when nothing comes, and signs in without a password', async () => {
  const subscriptions = [newSubscription('quiet/#')];
  const profile = newProfile({
    host: '127.0.0.1',
    port: open.ports.mqtt,
    mqttVersion: '3.1.1',
    clientId: 'quiet',
    username: 'ü',
    keepAlive: 2,
    subscriptions,
  });
  const child = start(
    'micropython',
    makeProgram('micropython', { connection: programConnection(profile) }).code,
  );
  // The broker waits one and a half times as long.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await mosquittoPub({ port: open.ports.mqtt, topic: 'quiet/a', payload: 'hello' });
  await vi.waitFor(() => expect(child.output()).toContain('hello'), { timeout: 10_000 });
  expect(child.exitCode).toBeNull();
}, 30_000);

describe('a sketch', () => {
  it.skipIf(cpp === undefined)(
    `passes a C++ compiler${cpp === undefined ? ' (left out: install g++)' : ''}`,
    () => {
      const will = {
        enabled: true,
        topic: awkward,
        payload: awkward,
        format: 'text',
        qos: 2,
        retain: true,
      } as const;
      const subscriptions = [newSubscription(`${awkward}/#`, { qos: 2 })];
      const message: ProgramMessage = {
        topic: awkward,
        payload: everyByte,
        qos: 2,
        retain: true,
        properties: {},
      };
      const tasks = [
        { connection: guarded({ will, subscriptions, clientId: awkward }) },
        { connection: guarded({ will }), message },
        { connection: plain('5.0'), message },
      ];
      for (const [index, task] of tasks.entries()) {
        const file = directory.file(`sketch-${index}.ino`);
        writeFileSync(file, makeProgram('arduino', task).code);
        const options = [
          '-std=c++17',
          '-trigraphs',
          '-Wall',
          '-Werror',
          '-fsyntax-only',
          '-include',
          'Arduino.h',
          '-x',
          'c++',
        ];
        execFileSync(cpp ?? 'g++', [...options, '-I', here('arduino-interface'), file]);
      }
    },
    60_000,
  );

  it('connects in its loop, again and again, without waiting there', () => {
    const { code: sketch } = makeProgram('arduino', { connection: plain('3.1.1') });
    const loop = sketch.slice(sketch.indexOf('void loop()'));
    expect(loop).toMatch(/!client\.connected\(\).*millis\(\) - lastTry >= RETRY_AFTER/);
    expect(loop).toContain('connectToBroker();');
    expect(loop).not.toContain('delay(');
    // Subscriptions are made again with each connection.
    expect(/void connectToBroker\(\) \{.*?\n\}/s.exec(sketch)?.[0]).toContain('client.subscribe(');
  });
});

describe('what a program says', () => {
  const code = (target: ProgramTarget, task: Parameters<typeof makeProgram>[1]) =>
    makeProgram(target, task).code;
  const message: ProgramMessage = {
    topic: 'a',
    payload: new Uint8Array([1]),
    qos: 2,
    retain: false,
    properties: { contentType: 'x' },
  };

  it('names what its target cannot do', () => {
    const connection = plain('5.0');
    expect(code('arduino', { connection, message })).toMatch(/QoS 0 only; the message had QoS 2/);
    expect(code('arduino', { connection, message })).toMatch(/speaks MQTT 3\.1\.1, not 5\.0/);
    expect(code('micropython', { connection, message })).toMatch(/QoS 2 became 1/);
    expect(code('micropython', { connection, message })).toMatch(/properties are left out/);
    const web = { ...connection, protocol: 'wss', path: '/mqtt' } as const;
    for (const target of ['mosquitto', 'arduino', 'micropython'] as const) {
      expect(code(target, { connection: web, message })).toMatch(/WebSocket/);
    }
    const profile = newProfile({ proxy: { kind: 'socks5', host: 'p', port: 1, username: '' } });
    expect(code('mqttjs', { connection: programConnection(profile) })).toMatch(/proxy is left out/);
  });

  it('holds the password only when it was asked for', () => {
    const hidden = { ...guarded() };
    const { password: _, ...without } = hidden;
    for (const target of ['mosquitto', 'mqttjs', 'paho', 'arduino', 'micropython'] as const) {
      expect(code(target, { connection: without, message })).not.toContain('sec');
      expect(code(target, { connection: without, message })).toContain('YOUR_PASSWORD');
    }
  });

  it('refuses a payload that has no place in code', () => {
    const large = { ...message, payload: new Uint8Array(300_000) };
    expect(() => code('mqttjs', { connection: plain('5.0'), message: large })).toThrow('too large');
    const connection = plain('5.0');
    expect(() =>
      code('mosquitto', { connection, message: { ...large, payload: new Uint8Array(150_000) } }),
    ).toThrow('too large');
  });
});
