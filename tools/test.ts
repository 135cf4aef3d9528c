import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';
import { electronBinary } from './electron-binary.ts';
import { ensurePrerequisites } from './prerequisites.ts';
import { run } from './run.ts';

/** Unit and integration tests, then the journeys through the UI, then one line with the sum of both. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

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

const counts = [readVitest(vitestCode), readPlaywright(playwrightCode)];
rmSync(reports, { recursive: true, force: true });
process.stdout.write(
  electronBinary() === undefined
    ? 'Hosts: the journeys ran on the server host. Electron’s binary is not on this machine: the desktop host was not driven.\n'
    : 'Hosts: the journeys ran on the server host and on the desktop host.\n',
);
const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
const skipped = sum('skipped');
process.stdout.write(
  `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** A runner that died without a report counts as one failure. */
function readVitest(code: number): Counts {
  try {
    const report = JSON.parse(readFileSync(vitestReport, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
    };
    const failed = report.numFailedTests;
    return {
      passed: report.numPassedTests,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function readPlaywright(code: number): Counts {
  try {
    const { stats } = JSON.parse(readFileSync(playwrightReport, 'utf8')) as {
      stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    };
    const failed = stats.unexpected;
    return {
      passed: stats.expected + stats.flaky,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: stats.skipped,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
