import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createCertificates, type TestCertificates, type TestIdentity } from './certificates.ts';
import { freePorts } from './free-ports.ts';

const run = promisify(execFile);

export const mosquittoListeners = ['mqtt', 'mqtts', 'mqttsClientCertificate', 'ws', 'wss'] as const;
/** The five listeners of the usual set-up: plain, TLS, TLS with a required client certificate, WebSocket, WebSocket over TLS. */
export type MosquittoListener = (typeof mosquittoListeners)[number];

export interface MosquittoOptions {
  /** All five when left out. */
  readonly listeners?: readonly MosquittoListener[];
  /** Made anew when left out and a TLS listener is on; then `stop` removes them too. */
  readonly certificates?: TestCertificates;
  /** What the TLS listeners present; `certificates.server` when left out. */
  readonly serverIdentity?: TestIdentity;
  /** User names with their passwords; anonymous clients are then refused. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Content of the access control file. */
  readonly acl?: string;
  /** Messages that wait for one client at most; Mosquitto's own default is 1000. 0: no limit. */
  readonly maxQueuedMessages?: number;
  /** Bytes. */
  readonly memoryLimit?: number;
  /** Logs no packets, so that a flood costs the broker nothing but its delivery. */
  readonly quiet?: boolean;
  /** Further lines of the configuration, after the general ones and before the listeners. */
  readonly extra?: readonly string[];
}

/** A running Mosquitto on loopback. */
export interface Mosquitto {
  /** Only the ports of the chosen listeners are open. */
  readonly ports: Readonly<Record<MosquittoListener, number>>;
  /** Undefined without a TLS listener. */
  readonly certificates: TestCertificates | undefined;
  readonly pid: number;
  /** All that it wrote to its log, of every run since the start. */
  log(): string;
  /** Resolves when the log holds the pattern, looking at what was written after `from` characters. */
  waitForLog(pattern: RegExp, from?: number): Promise<void>;
  /** Ends it as a service manager would; its clients see their connections closed. */
  shutDown(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same ports; ends it first where it still runs. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** The path of a program of Mosquitto; throws with the remedy where it is missing. */
export function findMosquitto(
  program: 'mosquitto' | 'mosquitto_pub' | 'mosquitto_sub' | 'mosquitto_passwd',
): string {
  return findProgram(program, 'mosquitto mosquitto-clients');
}

/** The path of a program that a test cannot do without; throws with the Debian packages that hold it. */
export function findProgram(program: string, packages: string): string {
  const isWindows = process.platform === 'win32';
  const folders = (process.env.PATH ?? '').split(isWindows ? ';' : ':');
  for (const folder of [...folders, '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin']) {
    const path = join(folder, isWindows ? `${program}.exe` : program);
    if (folder !== '' && existsSync(path)) {
      return path;
    }
  }
  throw new Error(`${program} is not installed, but this test needs it. On Debian: apt install ${packages}`);
}

/** Starts a Mosquitto without persistence and resolves once it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  findMosquitto('mosquitto');
  const listeners = options.listeners ?? mosquittoListeners;
  const needsTls = listeners.some((listener) => listener !== 'mqtt' && listener !== 'ws');
  const certificates = options.certificates ?? (needsTls ? await createCertificates() : undefined);
  const directory = await mkdtemp(join(tmpdir(), 'topicscope-mosquitto-'));
  // Between finding a port free and using it another process may take it: then try others.
  for (let attempt = 1; ; attempt += 1) {
    const numbers = await freePorts(mosquittoListeners.length);
    const ports = Object.fromEntries(
      mosquittoListeners.map((listener, index) => [listener, numbers[index] as number]),
    ) as Record<MosquittoListener, number>;
    const broker = new MosquittoProcess(directory, ports, certificates, options.certificates === undefined);
    await broker.writeFiles(options, listeners);
    try {
      await broker.start();
      return broker;
    } catch (error) {
      if (attempt === 3 || !broker.log().includes('Address already in use')) {
        await broker.stop();
        throw error;
      }
    }
  }
}

class MosquittoProcess implements Mosquitto {
  readonly ports: Readonly<Record<MosquittoListener, number>>;
  readonly certificates: TestCertificates | undefined;
  readonly #directory: string;
  readonly #ownsCertificates: boolean;
  readonly #listeners = new Set<() => void>();
  readonly #killWithUs = () => this.#child?.kill('SIGKILL');
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #log = '';

  constructor(
    directory: string,
    ports: Readonly<Record<MosquittoListener, number>>,
    certificates: TestCertificates | undefined,
    ownsCertificates: boolean,
  ) {
    this.#directory = directory;
    this.ports = ports;
    this.certificates = certificates;
    this.#ownsCertificates = ownsCertificates;
    process.once('exit', this.#killWithUs);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  log(): string {
    return this.#log;
  }

  async writeFiles(options: MosquittoOptions, listeners: readonly MosquittoListener[]): Promise<void> {
    const lines = [
      'persistence false',
      'log_dest stderr',
      ...(options.quiet === true
        ? ['log_type error', 'log_type warning', 'log_type notice', 'log_type information']
        : ['log_type all']),
      'connection_messages true',
      // As root, Mosquitto would become the user `mosquitto`, who may not read our temporary files.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      `allow_anonymous ${options.passwords === undefined}`,
      ...(options.maxQueuedMessages === undefined
        ? []
        : [`max_queued_messages ${options.maxQueuedMessages}`]),
      ...(options.memoryLimit === undefined ? [] : [`memory_limit ${options.memoryLimit}`]),
    ];
    if (options.passwords !== undefined) {
      const file = join(this.#directory, 'passwords');
      const passwords = Object.entries(options.passwords);
      await writeFile(file, passwords.map(([user, password]) => `${user}:${password}\n`).join(''), {
        mode: 0o600,
      });
      await run(findMosquitto('mosquitto_passwd'), ['-U', file]);
      lines.push(`password_file ${file}`);
    }
    if (options.acl !== undefined) {
      const file = join(this.#directory, 'acl');
      await writeFile(file, options.acl, { mode: 0o600 });
      lines.push(`acl_file ${file}`);
    }
    lines.push(...(options.extra ?? []));
    for (const listener of listeners) {
      lines.push(...this.#listenerLines(listener, options.serverIdentity));
    }
    await writeFile(join(this.#directory, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  }

  #listenerLines(listener: MosquittoListener, serverIdentity: TestIdentity | undefined): readonly string[] {
    const lines = [`listener ${this.ports[listener]} 127.0.0.1`];
    if (listener === 'ws' || listener === 'wss') {
      lines.push('protocol websockets');
    }
    if (listener !== 'mqtt' && listener !== 'ws' && this.certificates !== undefined) {
      const identity = serverIdentity ?? this.certificates.server;
      lines.push(
        `certfile ${identity.certificateFile}`,
        `keyfile ${identity.keyFile}`,
        `cafile ${this.certificates.ca.certificateFile}`,
      );
    }
    if (listener === 'mqttsClientCertificate') {
      lines.push('require_certificate true');
    }
    return lines;
  }

  async start(): Promise<void> {
    const from = this.#log.length;
    const child = spawn(findMosquitto('mosquitto'), ['-c', join(this.#directory, 'mosquitto.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
      for (const listener of this.#listeners) {
        listener();
      }
    });
    const failed = this.#exited.then(() => {
      throw new Error(`Mosquitto ended at once:\n${this.#log.slice(from)}`);
    });
    failed.catch(() => undefined);
    await Promise.race([this.waitForLog(/mosquitto version \S+ running/, from), failed]);
  }

  waitForLog(pattern: RegExp, from = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      const look = () => {
        if (pattern.test(this.#log.slice(from))) {
          done();
          resolve();
        }
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`Mosquitto did not log ${pattern} within 10 s. Its log:\n${this.#log.slice(from)}`));
      }, 10_000);
      this.#listeners.add(look);
      look();
    });
  }

  shutDown(): Promise<void> {
    this.#child?.kill('SIGTERM');
    return this.#exited;
  }

  kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    return this.#exited;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    process.removeListener('exit', this.#killWithUs);
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
    if (this.#ownsCertificates) {
      await this.certificates?.dispose();
    }
  }
}
