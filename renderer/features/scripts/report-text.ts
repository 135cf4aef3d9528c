import type { ScriptStatus } from '#app/contract/feeds/scripts.ts';
import type { ScriptCheck } from '#app/script/script-messages.ts';

type Counts = Pick<ScriptStatus, 'passed' | 'failed'>;

/** The report of a script as plain text: a line for each check, the failed ones with their reason. `checks`: the newest. */
export function reportText(name: string, { passed, failed }: Counts, checks: readonly ScriptCheck[]): string {
  const lines = checks.map(({ name: check, passed: isPassed, problem, line }) => {
    const where = line === undefined ? '' : ` (line ${line})`;
    return isPassed ? `PASS ${check}` : `FAIL ${check}: ${problem ?? 'failed'}${where}`;
  });
  const cut = listedOnly(passed + failed, checks.length);
  return [
    `${name}: ${passed} passed, ${failed} failed${cut === undefined ? '' : `; ${cut}`}`,
    ...lines,
    '',
  ].join('\n');
}

/** The same for machines: a test suite of JUnit's XML, as CI services read it. */
export function reportJunit(
  name: string,
  { passed, failed }: Counts,
  checks: readonly ScriptCheck[],
): string {
  const cases = checks.map(({ name: check, passed: isPassed, problem = 'failed', line }) => {
    const begin = `  <testcase classname="${attribute(name)}" name="${attribute(check)}"`;
    if (isPassed) {
      return `${begin}/>`;
    }
    const where = line === undefined ? '' : `\nline ${line}`;
    return `${begin}><failure message="${attribute(problem)}">${text(problem + where)}</failure></testcase>`;
  });
  const cut = listedOnly(passed + failed, checks.length);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${attribute(name)}" tests="${passed + failed}" failures="${failed}">`,
    ...cases,
    ...(cut === undefined ? [] : [`  <system-out>${text(cut)}</system-out>`]),
    '</testsuite>',
    '',
  ].join('\n');
}

function listedOnly(all: number, listed: number): string | undefined {
  return all > listed ? `the last ${listed} of ${all} checks are listed` : undefined;
}

/** XML 1.0 has no way to write most control characters, U+FFFE, U+FFFF, and halves of surrogate pairs (section 2.2). */
function text(value: string): string {
  return value
    .toWellFormed()
    .replace(
      /[\0-\x08\v\f\x0E-\x1F\uFFFE\uFFFF]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}
