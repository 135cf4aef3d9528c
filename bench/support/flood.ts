import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FloodPlan } from './flood-packets.ts';

/** What the generator says of one flood. */
export interface FloodReport {
  readonly sent: number;
  /** From the first packet until all were given to the socket. */
  readonly milliseconds: number;
  /** Milliseconds of CPU that it took. */
  readonly cpu: number;
}

/** A running flood server. */
export interface Flood {
  readonly port: number;
  /** The next flood has begun: a subscriber is there. Time of `performance.now()`. */
  nextBegin(): Promise<number>;
  nextReport(): Promise<FloodReport>;
  stop(): void;
}

/** Starts the generator in a process of its own. */
export async function startFlood(plan: Omit<FloodPlan, 'level'>): Promise<Flood> {
  const script = fileURLToPath(new URL('./flood-server.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: {
    readonly accepts: (message: object) => boolean;
    readonly resolve: (message: object) => void;
  }[] = [];
  if (child.stdout === null) {
    throw new Error('the flood server has no output');
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as object;
    const index = waiting.findIndex(({ accepts }) => accepts(message));
    waiting.splice(index, index < 0 ? 0 : 1)[0]?.resolve(message);
  });
  const next = <T extends object>(key: string) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ accepts: (message) => key in message, resolve: (message) => resolve(message as T) });
      child.once('exit', () => reject(new Error('the flood server has ended')));
    });
  const { port } = await next<{ readonly port: number }>('port');
  return {
    port,
    nextBegin: async () => {
      await next('begun');
      return performance.now();
    },
    nextReport: () => next<FloodReport>('sent'),
    stop: () => child.kill(),
  };
}
