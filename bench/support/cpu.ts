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

/** Resident bytes of this process. */
export function residentBytes(): number {
  return process.memoryUsage.rss();
}
