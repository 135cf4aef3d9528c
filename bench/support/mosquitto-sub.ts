import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const PROGRAM = '/usr/bin/mosquitto_sub';

export function hasMosquittoSub(): boolean {
  return existsSync(PROGRAM);
}

/** Receives a flood with `mosquitto_sub > /dev/null`. Resolves with the time at which it had all. */
export async function runMosquittoSub(port: number, messages: number, qos: 0 | 1): Promise<number> {
  const options = ['-h', '127.0.0.1', '-p', `${port}`, '-t', '#', '-q', `${qos}`, '-C', `${messages}`];
  const child = spawn(PROGRAM, [...options, '-V', 'mqttv5'], { stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`mosquitto_sub ended with ${code}`)),
    );
  });
  return performance.now();
}
