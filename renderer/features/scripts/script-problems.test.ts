import { expect, test } from 'vitest';
import { problemsOf } from './script-problems.ts';

const status = {
  scriptId: 's',
  state: 'running',
  commands: [],
  missed: 0,
  passed: 0,
  failed: 1,
  pending: 0,
} as const;

test('a fault, failed checks and errors of handlers mark their lines, each once', () => {
  const source = 'one\ntwo\n\nfour';
  const error = { at: 1, level: 'error', text: 'Error: x', line: 2 } as const;
  expect(
    problemsOf(
      source,
      { ...status, fault: { code: 'script.error', message: 'broken', line: 1 } },
      [
        { name: 'good', passed: true, line: 1 },
        { name: 'bad', passed: false, problem: 'no', line: 3 },
      ],
      [error, { ...error, at: 2 }, { at: 3, level: 'log', text: 'said', line: 4 }, { ...error, line: 9 }],
    ),
  ).toEqual([
    { offset: 0, length: 3, message: 'broken' },
    { offset: 8, length: 1, message: 'bad: no' },
    { offset: 4, length: 3, message: 'Error: x' },
  ]);
});
