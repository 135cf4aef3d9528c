import { formatCount, formatQuantity } from '#app/base/format.ts';
import type { ScriptStatus } from '#app/contract/feeds/scripts.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { ScriptCheck } from '#app/script/script-messages.ts';

type Outcome = Pick<ScriptStatus, 'passed' | 'failed' | 'pending' | 'fault'>;

/** What the checks of a script came to, and how it ended. */
export function reportHead({ passed, failed, pending, fault }: Outcome): string {
  const counts = `${formatCount(passed)} passed, ${formatCount(failed)} failed`;
  return [
    counts,
    ...(pending === 0 ? [] : [notEnded(pending)]),
    ...(fault === undefined ? [] : ['ended by an error']),
  ].join(', ');
}

/**
 * The report of a script as plain text: a line for each check, the failed ones with their reason, at the end what ended
 * the script. `checks`: the newest.
 */
export function reportText(name: string, outcome: Outcome, checks: readonly ScriptCheck[]): string {
  const lines = checks.map(({ name: check, passed: isPassed, problem = 'failed', line }) =>
    isPassed
      ? `PASS ${visibleText(check)}`
      : `FAIL ${visibleText(check)}: ${visibleText(problem)}${where(line)}`,
  );
  const { fault } = outcome;
  const cut = listedOnly(outcome, checks.length);
  return [
    `${visibleText(name)}: ${reportHead(outcome)}${cut === undefined ? '' : `; ${cut}`}`,
    ...lines,
    ...(fault === undefined ? [] : [`ERROR ${visibleText(fault.message)}${where(fault.line)}`]),
    '',
  ].join('\n');
}

/**
 * The same for machines: a test suite of JUnit's XML, as CI services read it. What ended the script is an error, and so
 * are checks that did not end.
 */
export function reportJunit(name: string, outcome: Outcome, checks: readonly ScriptCheck[]): string {
  const { passed, failed, pending, fault } = outcome;
  const suite = attribute(name);
  const cases = checks.map(({ name: check, passed: isPassed, problem = 'failed', line }) =>
    testCase(suite, check, isPassed ? undefined : { kind: 'failure', problem, line }),
  );
  const cut = listedOnly(outcome, checks.length);
  const errors = [
    ...(pending === 0 ? [] : [{ problem: notEnded(pending), line: undefined }]),
    ...(fault === undefined ? [] : [{ problem: fault.message, line: fault.line }]),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${suite}" tests="${passed + failed + errors.length}" failures="${failed}" errors="${errors.length}">`,
    ...cases,
    ...errors.map((error) => testCase(suite, 'the script itself', { kind: 'error', ...error })),
    ...(cut === undefined ? [] : [`  <system-out>${text(cut)}</system-out>`]),
    '</testsuite>',
    '',
  ].join('\n');
}

interface Wrong {
  readonly kind: 'failure' | 'error';
  readonly problem: string;
  readonly line: number | undefined;
}

function testCase(suite: string, name: string, wrong: Wrong | undefined): string {
  const begin = `  <testcase classname="${suite}" name="${attribute(name)}"`;
  if (wrong === undefined) {
    return `${begin}/>`;
  }
  const { kind, problem, line } = wrong;
  return `${begin}><${kind} message="${attribute(problem)}">${text(problem)}${where(line)}</${kind}></testcase>`;
}

function notEnded(checks: number): string {
  return `${formatQuantity(checks, 'check')} not ended`;
}

function where(line: number | undefined): string {
  return line === undefined ? '' : ` (line ${line})`;
}

function listedOnly({ passed, failed }: Outcome, listed: number): string | undefined {
  const all = passed + failed;
  return all > listed ? `${formatCount(listed)} of ${formatCount(all)} checks are listed` : undefined;
}

/** XML 1.0 has no way to write most control characters, U+FFFE and U+FFFF (section 2.2); hidden ones are written visibly. */
function text(value: string): string {
  return visibleText(value)
    .replace(/[\uFFFE\uFFFF]/g, (char) => `⟨U+${char.charCodeAt(0).toString(16).toUpperCase()}⟩`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;');
}
