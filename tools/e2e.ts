import { existsSync } from 'node:fs';
import { build } from './build.ts';
import { ensurePrerequisites } from './prerequisites.ts';
import { projectRoot, run } from './run.ts';

ensurePrerequisites();
if (!process.argv.includes('--no-build') || !existsSync(`${projectRoot}dist/renderer/index.html`)) {
  await build();
}
process.exitCode = await run('playwright', [
  'test',
  ...process.argv.slice(2).filter((argument) => argument !== '--no-build'),
]);
