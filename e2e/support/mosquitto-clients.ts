import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findMosquitto, findProgram } from './mosquitto.ts';

/** What both command line clients need to reach a broker on loopback. */
interface MosquittoClientOptions {
  readonly port: number;
  /** The client's own default is 3.1.1. */
  readonly version?: '3.1' | '3.1.1' | '5.0';
  readonly username?: string;
  readonly password?: string;
  /** Further arguments, as on the command line: `['--cafile', path]`. */
  readonly args?: readonly string[];
}

export interface MosquittoPublish extends MosquittoClientOptions {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
}

/** Publishes one message with `mosquitto_pub`; resolves when it has ended. */
export async function mosquittoPub(options: MosquittoPublish): Promise<void> {
  const child = spawn(
    findMosquitto('mosquitto_pub'),
    [
      ...clientArguments(options),
      ...['-t', options.topic, '-q', String(options.qos ?? 0), '-s'],
      ...(options.retain === true ? ['-r'] : []),
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.end(options.payload);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new Error(`mosquitto_pub ended with ${code}: ${errors}`);
  }
}

/** A message as `mosquitto_sub` received it. */
interface MosquittoMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
}

export interface MosquittoSubscribe extends MosquittoClientOptions {
  readonly topics: readonly string[];
  readonly qos?: 0 | 1 | 2;
}

/** A running `mosquitto_sub`. */
export interface MosquittoSubscriber {
  /** All messages so far, oldest first. */
  readonly messages: readonly MosquittoMessage[];
  /** Resolves with the first message that fits, now or later; rejects after 10 s. */
  waitFor(fits: (message: MosquittoMessage) => boolean): Promise<MosquittoMessage>;
  stop(): Promise<void>;
}

/** Subscribes with `mosquitto_sub`; resolves once the broker has acknowledged the subscriptions. */
export async function mosquittoSub(options: MosquittoSubscribe): Promise<MosquittoSubscriber> {
  const child = spawn(
    // Into a pipe it buffers whole blocks, so that the line on its subscription would never come.
    findProgram('stdbuf', 'coreutils'),
    [
      ...['-oL', findMosquitto('mosquitto_sub')],
      ...clientArguments(options),
      ...options.topics.flatMap((topic) => ['-t', topic]),
      ...['-q', String(options.qos ?? 2), '-d', '-F', '>%q %r %x %t'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'close');
  const messages: MosquittoMessage[] = [];
  const listeners = new Set<() => void>();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const subscribed = new Promise<void>((resolve, reject) => {
    ended.then(() => reject(new Error(`mosquitto_sub ended: ${errors}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^>(\d) (\d) ([0-9a-f]*) (.*)$/.exec(line);
      if (match !== null) {
        const [, qos, retain, hex = '', topic = ''] = match;
        messages.push({ topic, payload: Buffer.from(hex, 'hex'), qos: Number(qos), retain: retain === '1' });
        for (const listener of listeners) {
          listener();
        }
      } else if (line.startsWith('Subscribed ')) {
        resolve();
      }
    });
  });
  subscribed.catch(() => undefined);
  await subscribed;
  return {
    messages,
    waitFor: (fits) =>
      new Promise((resolve, reject) => {
        const done = () => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        const look = () => {
          const found = messages.find(fits);
          if (found !== undefined) {
            done();
            resolve(found);
          }
        };
        const timer = setTimeout(() => {
          done();
          reject(
            new Error(`mosquitto_sub did not receive the message within 10 s; it has ${messages.length}`),
          );
        }, 10_000);
        listeners.add(look);
        look();
      }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function clientArguments(options: MosquittoClientOptions): readonly string[] {
  const versions = { '3.1': 'mqttv31', '3.1.1': 'mqttv311', '5.0': 'mqttv5' } as const;
  return [
    ...['-h', '127.0.0.1', '-p', String(options.port)],
    ...(options.version === undefined ? [] : ['-V', versions[options.version]]),
    ...(options.username === undefined ? [] : ['-u', options.username]),
    ...(options.password === undefined ? [] : ['-P', options.password]),
    ...(options.args ?? []),
  ];
}
