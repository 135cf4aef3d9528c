import type { ScriptStatus } from '#app/contract/feeds/scripts.ts';
import type { ScriptCheck, ScriptLine } from '#app/script/script-messages.ts';

interface Problem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** Where a script went wrong when it ran: whole lines of its source. */
export function problemsOf(
  source: string,
  status: ScriptStatus | undefined,
  checks: readonly ScriptCheck[],
  printed: readonly ScriptLine[],
): readonly Problem[] {
  const lines = source.split('\n');
  const at = (line: number | undefined, message: string): Problem[] => {
    const text = line === undefined ? undefined : lines[line - 1];
    if (line === undefined || text === undefined) {
      return [];
    }
    const offset = lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0);
    return [{ offset, length: Math.max(1, text.length), message }];
  };
  return [
    ...(status?.fault === undefined ? [] : at(status.fault.line, status.fault.message)),
    ...checks.flatMap(({ passed, line, name, problem }) =>
      passed ? [] : at(line, `${name}: ${problem ?? 'failed'}`),
    ),
    // Of handlers that failed again and again, once each.
    ...[...new Map(printed.map((one) => [`${one.line} ${one.text}`, one])).values()].flatMap(
      ({ level, line, text }) => (level === 'error' ? at(line, text) : []),
    ),
  ];
}
