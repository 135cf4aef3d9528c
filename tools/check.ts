import { run } from './run.ts';

/** Every static check, all of them even when one fails, so that one run tells everything. */
const checks: readonly (readonly [command: string, ...args: string[]])[] = [
  ['biome', 'ci', '.'],
  ['tsc', '-b'],
  ['node', 'tools/check-imports.ts'],
  ['knip'],
];

const failed: string[] = [];
for (const [command, ...args] of checks) {
  if ((await run(command, args)) !== 0) {
    failed.push(`${command} ${args.join(' ')}`.trim());
  }
}
process.stdout.write(failed.length === 0 ? 'All checks are clean.\n' : `Failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
