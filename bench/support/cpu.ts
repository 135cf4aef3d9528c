import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';

/** Milliseconds of CPU that a worker's thread has used; undefined where Node can't say. */
export async function cpuOf(worker: Worker): Promise<number | undefined> {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1000;
  } catch {
    // The thread has just ended, or this Node does not know: the figure is a remark, not a result.
    return undefined;
  }
}

/** Milliseconds of CPU that a process has used, from Linux's /proc. */
export function cpuOfProcess(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // Fields 14 and 15 of proc(5) stat, in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident bytes of this process. */
export function residentBytes(): number {
  return process.memoryUsage.rss();
}
