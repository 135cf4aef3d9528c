import type { ScriptCheck } from '#app/script/script-messages.ts';

/** The report of a script as plain text: a line for each check, the failed ones with their reason. */
export function reportText(name: string, checks: readonly ScriptCheck[]): string {
  const failed = checks.filter(({ passed }) => !passed).length;
  const lines = checks.map(({ name: check, passed, problem, line }) => {
    const where = line === undefined ? '' : ` (line ${line})`;
    return passed ? `PASS ${check}` : `FAIL ${check}: ${problem ?? 'failed'}${where}`;
  });
  return [`${name}: ${checks.length - failed} passed, ${failed} failed`, ...lines, ''].join('\n');
}
