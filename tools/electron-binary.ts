import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './run.ts';

/**
 * The path of Electron's binary when it has been downloaded, without asking the `electron` package:
 * requiring that starts a download without a time limit.
 */
export function electronBinary(): string | undefined {
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(projectRoot, 'node_modules', 'electron', 'dist');
  const pathFile = join(projectRoot, 'node_modules', 'electron', 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}
