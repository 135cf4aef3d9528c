import { expect, test } from 'vitest';
import { reportJunit, reportText } from './report-text.ts';

test('a report has a line for each check', () => {
  expect(
    reportText('Pump', { passed: 1, failed: 1 }, [
      { name: 'answers', passed: true },
      { name: 'is fast', passed: false, problem: 'expected 5 to be less than 3', line: 7 },
    ]),
  ).toBe('Pump: 1 passed, 1 failed\nPASS answers\nFAIL is fast: expected 5 to be less than 3 (line 7)\n');
});

test('a report says what part of it is listed', () => {
  expect(reportText('Pump', { passed: 4, failed: 1 }, [{ name: 'a', passed: true }])).toBe(
    'Pump: 4 passed, 1 failed; the last 1 of 5 checks are listed\nPASS a\n',
  );
});

test('a report for machines is XML whatever stands in it', () => {
  const checks = [
    { name: 'a "b" <c> & \u0000\uD800\n', passed: true },
    { name: 'd', passed: false, problem: ']]> <x/>', line: 3 },
  ];
  expect(reportJunit('P&Q', { passed: 1, failed: 1 }, checks)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="P&amp;Q" tests="2" failures="1">
  <testcase classname="P&amp;Q" name="a &quot;b&quot; &lt;c&gt; &amp; \\u0000\uFFFD&#10;"/>
  <testcase classname="P&amp;Q" name="d"><failure message="]]&gt; &lt;x/&gt;">]]&gt; &lt;x/&gt;
line 3</failure></testcase>
</testsuite>
`);
});
