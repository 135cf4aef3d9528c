import { CircleAlert, FileUp, Pause, Pencil, Play, Square, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import type { Job } from '#app/automation/job.ts';
import { formatCount, formatDuration } from '#app/base/format.ts';
import type { JobRun } from '#app/contract/feeds/automation.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Guard } from '#app/profile/profile.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import paneTable from '#renderer/ui/pane-table.module.css';
import classes from './automation.module.css';
import { isActive, progressWords, stateNames, timingWords, topicWords, troubleWords } from './job-words.ts';
import { StartButton } from './start-button.tsx';
import type { JobRunner } from './use-job-runner.ts';

/** Of the table of jobs. */
export const COLUMNS = 8;

interface JobRowProps {
  readonly sessionId: string;
  readonly job: Job;
  readonly run: JobRun | undefined;
  readonly guard: Guard;
  readonly runner: JobRunner;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  /** Moves it by so many places. */
  readonly onMove: (by: number) => void;
}

/** A job with how it goes, and what can be done with it. Alt and an arrow key move it. */
export function JobRow({ sessionId, job, run, guard, runner, onEdit, onRemove, onMove }: JobRowProps) {
  const fileInput = useRef<HTMLInputElement>(null);
  /** Start once there is a file, with what confirms it. */
  const starting = useRef<{ readonly confirmation: Promise<string> | undefined } | undefined>(undefined);
  const name = visibleText(job.name);
  const isRows = job.what.kind === 'rows';
  const fileName = runner.fileNames[job.id];
  const failure = runner.failures[job.id] ?? (run?.state === 'failed' ? run.failure : undefined);
  const topics = topicWords(job.what);
  const start = (confirmation?: Promise<string>) => {
    if (isRows && fileName === undefined) {
      starting.current = { confirmation };
      fileInput.current?.click();
    } else {
      void runner.start(job, confirmation);
    }
  };
  return (
    <>
      <tr
        className={paneTable.row}
        data-job={job.id}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
          if (by !== 0 && event.altKey) {
            event.preventDefault();
            onMove(by);
          }
        }}
      >
        <th scope="row" className={classes.text} title={name}>
          {name}
        </th>
        <td className={classes.mono} title={`${topics}, ${timingWords(job.what)}`}>
          <CutText text={topics} />
        </td>
        <td className={classes.text} title={timingWords(job.what)}>
          {timingWords(job.what)}
          {fileName !== undefined && `, ${visibleText(fileName)}`}
        </td>
        <td
          className={classes.state}
          data-state={run?.state}
          title={run?.state === 'waiting' ? 'It goes on once there is a connection' : undefined}
        >
          {run === undefined ? '' : stateNames[run.state]}
        </td>
        <td className={paneTable.number}>{run === undefined ? '' : progressWords(run)}</td>
        <td className={paneTable.number}>
          {run !== undefined && isActive(run) ? `${formatCount(Math.round(run.rate * 10) / 10)}/s` : ''}
        </td>
        <td className={paneTable.number} title={latenessTitle(run)}>
          {run?.lateness === undefined ? '' : formatDuration(run.lateness.p99)}
        </td>
        <td className={paneTable.actions}>
          {run !== undefined && isActive(run) ? (
            <>
              {run.state === 'paused' ? (
                <IconButton
                  compact
                  icon={Play}
                  label={`Resume ${name}`}
                  onClick={() => runner.resume(job.id)}
                />
              ) : (
                <IconButton
                  compact
                  icon={Pause}
                  label={`Pause ${name}`}
                  onClick={() => runner.pause(job.id)}
                />
              )}
              <IconButton compact icon={Square} label={`Stop ${name}`} onClick={() => runner.stop(job.id)} />
            </>
          ) : (
            <StartButton
              sessionId={sessionId}
              job={job}
              guard={guard}
              isAgain={run !== undefined}
              onStart={start}
            />
          )}
          {isRows && (
            <>
              <IconButton
                compact
                icon={FileUp}
                label={`Choose the file of ${name}`}
                onClick={() => {
                  starting.current = undefined;
                  fileInput.current?.click();
                }}
              />
              <input
                ref={fileInput}
                type="file"
                hidden
                accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json"
                aria-label={`File of ${name}`}
                onChange={(event) => {
                  const file = event.currentTarget.files?.[0];
                  event.currentTarget.value = '';
                  const start = starting.current;
                  starting.current = undefined;
                  if (file !== undefined) {
                    runner.choose(job.id, file);
                    if (start !== undefined) {
                      void runner.start(job, start.confirmation);
                    }
                  }
                }}
              />
            </>
          )}
          <IconButton compact icon={Pencil} label={`Edit ${name}`} onClick={onEdit} />
          <IconButton compact icon={Trash2} label={`Remove ${name}`} onClick={onRemove} />
        </td>
      </tr>
      {(failure !== undefined || (run !== undefined && troubleWords(run) !== '')) && (
        <tr className={classes.trouble}>
          <td colSpan={COLUMNS}>
            {failure === undefined ? <Trouble run={run} /> : <FailureNote failure={failure} />}
          </td>
        </tr>
      )}
    </>
  );
}

/** What did not go as planned, with the first reasons. */
function Trouble({ run }: { readonly run: JobRun | undefined }) {
  if (run === undefined) {
    return undefined;
  }
  return (
    <div className={classes.troubleLines}>
      <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
      <span>
        {troubleWords(run)}
        {run.failure !== undefined && `: ${visibleText(run.failure.message)}`}
        {run.problems.slice(0, 3).map(({ line, problem }) => (
          <span key={line} className={classes.badRow}>
            Line {formatCount(line)}: {visibleText(problem)}
          </span>
        ))}
      </span>
    </div>
  );
}

function latenessTitle(run: JobRun | undefined): string | undefined {
  return run?.lateness === undefined
    ? undefined
    : `Behind their time: half of the last messages up to ${formatDuration(run.lateness.median)}, 99 of 100 up to ${formatDuration(run.lateness.p99)}`;
}
