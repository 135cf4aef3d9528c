import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for one test; `dispose` removes it. */
export async function testDirectory(): Promise<{
  readonly path: string;
  file(...names: string[]): string;
  dispose(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'topicscope-test-'));
  return {
    path,
    file: (...names) => join(path, ...names),
    dispose: () => rm(path, { recursive: true, force: true }),
  };
}
