import { expect, test } from 'vitest';
import { reportJunit, reportText } from './report-text.ts';

const ended = { pending: 0 };
const fault = { code: 'script.error', message: 'broken\u202E\nPASS all', line: 9 };

test('a report has a line for each check', () => {
  expect(
    reportText('Pump', { ...ended, passed: 1, failed: 1 }, [
      { name: 'answers', passed: true },
      { name: 'is fast', passed: false, problem: 'expected 5 to be less than 3', line: 7 },
    ]),
  ).toBe('Pump: 1 passed, 1 failed\nPASS answers\nFAIL is fast: expected 5 to be less than 3 (line 7)\n');
});

test('a report says what part of it is listed, and what did not end', () => {
  const outcome = { pending: 2, passed: 4, failed: 1 };
  const checks = [{ name: 'a', passed: true }];
  expect(reportText('Pump', outcome, checks)).toBe(
    'Pump: 4 passed, 1 failed, 2 checks not ended; 1 of 5 checks are listed\nPASS a\n',
  );
  expect(reportJunit('Pump', outcome, checks)).toContain(
    '<error message="2 checks not ended">2 checks not ended</error></testcase>\n  <system-out>1 of 5 checks are listed</system-out>',
  );
});

test('a script that was ended by an error is not well', () => {
  const outcome = { ...ended, passed: 1, failed: 0, fault };
  const checks = [{ name: 'on', passed: true }];
  expect(reportText('Pump', outcome, checks)).toBe(
    'Pump: 1 passed, 0 failed, ended by an error\nPASS on\nERROR broken⟨U+202E⟩␊PASS all (line 9)\n',
  );
  expect(reportJunit('Pump', outcome, checks)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Pump" tests="2" failures="0" errors="1">
  <testcase classname="Pump" name="on"/>
  <testcase classname="Pump" name="the script itself"><error message="broken⟨U+202E⟩␊PASS all">broken⟨U+202E⟩␊PASS all (line 9)</error></testcase>
</testsuite>
`);
});

test('what a script calls its checks forges no line and hides nothing', () => {
  const report = reportText('P\n1', { ...ended, passed: 1, failed: 1 }, [
    { name: 'a\nPASS b', passed: true },
    { name: 'c\u200B', passed: false, problem: 'x\r\ny' },
  ]);
  expect(report).toBe('P␊1: 1 passed, 1 failed\nPASS a␊PASS b\nFAIL c⟨U+200B⟩: x␍␊y\n');
});

test('a report for machines is XML whatever stands in it', () => {
  const checks = [
    { name: 'a "b" <c> & \u0000\uD800\n\uFFFF', passed: true },
    { name: 'd', passed: false, problem: ']]> <x/>', line: 3 },
  ];
  expect(
    reportJunit('P&Q', { ...ended, passed: 1, failed: 1 }, checks),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="P&amp;Q" tests="2" failures="1" errors="0">
  <testcase classname="P&amp;Q" name="a &quot;b&quot; &lt;c&gt; &amp; ␀⟨U+D800⟩␊⟨U+FFFF⟩"/>
  <testcase classname="P&amp;Q" name="d"><failure message="]]&gt; &lt;x/&gt;">]]&gt; &lt;x/&gt; (line 3)</failure></testcase>
</testsuite>
`);
});
