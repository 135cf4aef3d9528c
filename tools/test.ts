import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';
import { electronBinary } from './electron-binary.ts';
import { ensurePrerequisites } from './prerequisites.ts';
import { run } from './run.ts';
import { type RunSummary, readPlaywrightReport, readVitestReport } from './test-reports.ts';

/** Unit and integration tests, then the journeys through the UI, then what failed, and one line with the sum of both. */
ensurePrerequisites();
const reports = mkdtempSync(join(tmpdir(), 'topicscope-test-'));
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');

// Built first: the hosts' tests serve the real renderer, and the packaging test packs the real bundles.
await build();
const vitestCode = await run('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
]);
const playwrightCode = await run('playwright', ['test', '--reporter=list,json'], {
  PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport,
});

const summaries: readonly RunSummary[] = [
  readVitestReport(readText(vitestReport), vitestCode),
  readPlaywrightReport(readText(playwrightReport), playwrightCode),
];
rmSync(reports, { recursive: true, force: true });
process.stdout.write(
  electronBinary() === undefined
    ? 'Hosts: the journeys ran on the server host. Electron’s binary is not on this machine: the desktop host was not driven.\n'
    : 'Hosts: the journeys ran on the server host and on the desktop host.\n',
);
// Near the end, where it is found also in a log of which only the end is kept.
for (const failure of summaries.flatMap(({ failures }) => failures)) {
  process.stdout.write(`FAILED ${failure}\n`);
}
const sum = (key: Exclude<keyof RunSummary, 'failures'>) =>
  summaries.reduce((total, summary) => total + summary[key], 0);
const skipped = sum('skipped');
process.stdout.write(
  `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** `undefined` for a runner that died before it wrote its report. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
