import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a build makes, and what it is made of. */
const outputs = [
  'dist/main/server.js',
  'dist/main/desktop.js',
  'dist/main/session-worker.js',
  'dist/main/readers-worker.js',
  'dist/preload/preload.cjs',
  'dist/renderer/index.html',
];
const sources = ['app', 'main', 'renderer', 'package.json', 'package-lock.json'];

/** Whether the build is missing, or older than a source. */
export function isBuildStale(root: string): boolean {
  const built = outputs.map((path) => join(root, path));
  if (!built.every((path) => existsSync(path))) {
    return true;
  }
  const oldest = Math.min(...built.map((path) => statSync(path).mtimeMs));
  return sources.some((path) => newestIn(join(root, path)) > oldest);
}

/** Newest change below a path, in milliseconds; tests don't go into a build. */
function newestIn(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || path.includes('.test.')) {
    return 0;
  }
  if (!stats.isDirectory()) {
    return stats.mtimeMs;
  }
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), 0);
}
