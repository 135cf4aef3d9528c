import { describe, expect, it } from 'vitest';
import { readPlaywrightReport, readVitestReport } from './test-reports.ts';

const vitest = (testResults: readonly object[], counts: object = {}) =>
  JSON.stringify({
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults,
    ...counts,
  });

describe('readVitestReport', () => {
  it('counts what passed and was skipped', () => {
    expect(readVitestReport(vitest([]), 0)).toEqual({ passed: 2, failed: 0, skipped: 1, failures: [] });
  });

  it('names each failed test with the beginning of its message, without colours', () => {
    const message = ['\u001b[31mexpected 1\u001b[39m', ...Array.from({ length: 40 }, () => 'more')].join(
      '\n',
    );
    const file = {
      name: 'a.test.ts',
      assertionResults: [
        { status: 'passed', fullName: 'fine' },
        { status: 'failed', fullName: 'adds up', failureMessages: [message] },
      ],
    };
    const { failed, failures } = readVitestReport(vitest([file], { numFailedTests: 1 }), 1);
    expect(failed).toBe(1);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^a\.test\.ts: adds up\n {4}expected 1\n {4}more\n/);
    expect(failures[0]?.split('\n')).toHaveLength(16);
  });

  it('counts a file that could not be run, and an error outside of all tests', () => {
    const broken = { name: 'b.test.ts', message: 'no such module', assertionResults: [] };
    expect(readVitestReport(vitest([broken]), 1)).toMatchObject({
      failed: 1,
      failures: ['b.test.ts: the file as a whole\n    no such module'],
    });
    expect(readVitestReport(vitest([]), 1)).toMatchObject({
      passed: 2,
      failed: 1,
      failures: [expect.stringContaining('ended with code 1')],
    });
  });

  it.each([undefined, '', '{'])('counts a missing or broken report as a failure: %j', (text) => {
    expect(readVitestReport(text, 0)).toMatchObject({
      passed: 0,
      failed: 1,
      failures: [expect.stringContaining('left no report')],
    });
  });
});

describe('readPlaywrightReport', () => {
  it('names failed journeys wherever they are nested', () => {
    const spec = (title: string, status: string) => ({
      title,
      file: 'x.spec.ts',
      line: 7,
      tests: [{ projectName: 'server', status, results: [{}, { error: { message: 'not visible' } }] }],
    });
    const report = {
      stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 },
      suites: [{ specs: [spec('fine', 'expected')], suites: [{ specs: [spec('broken', 'unexpected')] }] }],
    };
    expect(readPlaywrightReport(JSON.stringify(report), 1)).toEqual({
      passed: 4,
      failed: 1,
      skipped: 0,
      failures: ['x.spec.ts:7: [server] broken\n    not visible'],
    });
  });

  it('names an error of the run itself', () => {
    const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
    const report = JSON.stringify({ stats, errors: [{ message: 'no tests found' }] });
    const { failed, failures } = readPlaywrightReport(report, 1);
    expect(failed).toBe(1);
    expect(failures[0]).toContain('no tests found');
  });
});
