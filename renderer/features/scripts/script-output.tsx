import { Check, CircleAlert, Copy, Download, X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { formatCount, formatTime } from '#app/base/format.ts';
import type { ScriptStatus } from '#app/contract/feeds/scripts.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { ScriptCheck, ScriptLine } from '#app/script/script-messages.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { saveFile } from '#renderer/ui/save-file.ts';
import { reportHead, reportJunit, reportText } from './report-text.ts';
import classes from './scripts.module.css';

interface ScriptOutputProps {
  readonly name: string;
  readonly status: ScriptStatus;
  readonly lines: readonly ScriptLine[];
  readonly checks: readonly ScriptCheck[];
}

/** What a script printed, and the report of its checks. */
export function ScriptOutput({ name, status, lines, checks }: ScriptOutputProps) {
  const console = useRef<HTMLOListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after a line came
  useLayoutEffect(() => {
    console.current?.scrollTo({ top: console.current.scrollHeight });
  }, [lines.length, lines.at(-1)?.at]);
  const { passed, failed, pending, missed, fault } = status;
  return (
    <div className={classes.output}>
      {fault !== undefined && (
        <p role="alert" className={classes.fault}>
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          <span>{visibleText(fault.message)}</span>
          {fault.line !== undefined && <span className={classes.line}>line {fault.line}</span>}
        </p>
      )}
      {missed > 0 && (
        <p className={classes.note}>
          {formatCount(missed)} messages did not reach it: it was behind, or they were too large.
        </p>
      )}
      {(passed + failed + pending > 0 || fault !== undefined) && (
        <section aria-label="Report" className={classes.report}>
          <div className={classes.reportHead}>
            <span>{reportHead(status)}</span>
            <span className={classes.space} />
            <IconButton
              compact
              icon={Download}
              label="Save the report as JUnit XML"
              onClick={() => saveFile(`${name}.xml`, reportJunit(name, status, checks), 'application/xml')}
            />
            <IconButton
              compact
              icon={Copy}
              label="Copy the report"
              onClick={() =>
                attempt(async () => {
                  await copyText(reportText(name, status, checks));
                  notify({ id: 'copied', level: 'ok', message: 'Copied the report' });
                })
              }
            />
          </div>
          <ul>
            {checks.map((one, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows
              <li key={index} data-passed={one.passed}>
                {one.passed ? (
                  <Check size={14} strokeWidth={1.75} role="img" aria-label="Passed" />
                ) : (
                  <X size={14} strokeWidth={1.75} role="img" aria-label="Failed" />
                )}
                <span>
                  {visibleText(one.name)}
                  {one.problem !== undefined && (
                    <span className={classes.problem}>{visibleText(one.problem)}</span>
                  )}
                </span>
                {one.line !== undefined && <span className={classes.line}>line {one.line}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ol ref={console} className={classes.console} aria-label="Console">
        {lines.map(({ at, level, text, line }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal lines are equal
          <li key={index} data-level={level}>
            <span className={classes.time}>{formatTime(at)}</span>
            <span className={classes.text}>{visibleText(text)}</span>
            {line !== undefined && <span className={classes.line}>line {line}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
