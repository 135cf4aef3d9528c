import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const PROGRAM = '/usr/bin/mosquitto_pub';

export function hasMosquittoPub(): boolean {
  return existsSync(PROGRAM);
}

/** Messages a second of bare mqtt.js at QoS 1, in a worker that is as new as that of a session. */
export async function runBarePublish(port: number, messages: number, inFlight: number): Promise<number> {
  const worker = new Worker(new URL('./bare-publish-worker.ts', import.meta.url), {
    workerData: { port, messages, inFlight },
  });
  const milliseconds = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  return (messages * 1000) / milliseconds;
}

/** Messages a second of `mosquitto_pub -l` at QoS 1 to one topic, a line each, from its start to its end. */
export async function runMosquittoPub(port: number, messages: number): Promise<number> {
  const lines = Array.from({ length: messages }, (_, index) => `${index + 1}\n`).join('');
  const options = ['-h', '127.0.0.1', '-p', `${port}`, '-t', 'load/1', '-q', '1', '-V', 'mqttv5', '-l'];
  const since = performance.now();
  const child = spawn(PROGRAM, options, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(lines);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new Error(`mosquitto_pub ended with ${code}`);
  }
  return (messages * 1000) / (performance.now() - since);
}
