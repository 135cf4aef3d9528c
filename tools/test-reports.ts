/** What one runner's report comes to. */
export interface RunSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed: file, name and the beginning of the message, one text each. */
  readonly failures: readonly string[];
}

/** Lines of a failure's message that the recap shows. */
const MESSAGE_LINES = 15;
/** Colours are for terminals; a recap is read in logs. */
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    /** Of a file that could not be run at all. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

interface PlaywrightReport {
  readonly stats: Readonly<Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number>>;
  readonly suites?: readonly PlaywrightSuite[];
  readonly errors?: readonly { readonly message?: string }[];
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly line: number;
    readonly tests: readonly {
      readonly projectName: string;
      readonly status: string;
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

/**
 * Reads the JSON report of Vitest. A run that ended with an error although no test failed (an unhandled rejection, a
 * worker that died) and one that left no report count as one failure.
 */
export function readVitestReport(text: string | undefined, exitCode: number): RunSummary {
  const report = parse<VitestReport>(text);
  if (report === undefined) {
    return noReport('Vitest', exitCode);
  }
  const failures = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    return failed.length === 0 && message !== undefined && message !== ''
      ? [failureText(name, 'the file as a whole', message)]
      : failed.map(({ fullName, failureMessages }) =>
          failureText(name, fullName, (failureMessages ?? []).join('\n')),
        );
  });
  return summary('Vitest', exitCode, failures, {
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, failures.length),
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

/** Reads the JSON report of Playwright; see {@link readVitestReport}. */
export function readPlaywrightReport(text: string | undefined, exitCode: number): RunSummary {
  const report = parse<PlaywrightReport>(text);
  if (report === undefined) {
    return noReport('Playwright', exitCode);
  }
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failures = [
    ...(report.errors ?? []).map(({ message = '' }) => failureText('Playwright', 'the run', message)),
    ...(report.suites ?? []).flatMap(failuresOf),
  ];
  return summary('Playwright', exitCode, failures, { passed: expected + flaky, failed: unexpected, skipped });
}

function failuresOf(suite: PlaywrightSuite): readonly string[] {
  const own = (suite.specs ?? []).flatMap(({ title, file, line, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ projectName, results }) =>
        failureText(`${file}:${line}`, `[${projectName}] ${title}`, results.at(-1)?.error?.message ?? ''),
      ),
  );
  return [...own, ...(suite.suites ?? []).flatMap(failuresOf)];
}

function summary(
  runner: string,
  exitCode: number,
  failures: readonly string[],
  counts: Omit<RunSummary, 'failures'>,
): RunSummary {
  return exitCode !== 0 && counts.failed === 0
    ? {
        ...counts,
        failed: 1,
        failures: [
          ...failures,
          `${runner}: no test failed, but it ended with code ${exitCode}; see its output.`,
        ],
      }
    : { ...counts, failures };
}

function noReport(runner: string, exitCode: number): RunSummary {
  return {
    passed: 0,
    failed: 1,
    skipped: 0,
    failures: [`${runner}: it left no report and ended with code ${exitCode}; see its output.`],
  };
}

function failureText(place: string, name: string, message: string): string {
  const lines = message.replace(escapes, '').split('\n').slice(0, MESSAGE_LINES);
  return [`${place}: ${name}`, ...lines.map((line) => `    ${line}`)].join('\n');
}

function parse<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
