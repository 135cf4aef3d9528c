import { expect, test } from 'vitest';
import { reportText } from './report-text.ts';

test('a report has a line for each check', () => {
  expect(
    reportText('Pump', [
      { name: 'answers', passed: true },
      { name: 'is fast', passed: false, problem: 'expected 5 to be less than 3', line: 7 },
    ]),
  ).toBe('Pump: 1 passed, 1 failed\nPASS answers\nFAIL is fast: expected 5 to be less than 3 (line 7)\n');
});
