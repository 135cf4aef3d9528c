import { Button } from '@mantine/core';
import { Lock, Plus, Square, Timer } from 'lucide-react';
import { useEffect } from 'react';
import { type Job, MAX_JOBS } from '#app/automation/job.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEdited } from '#renderer/commands/use-edited.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { forgetJobRequest, useJobRequest } from '#renderer/state/job-requests.ts';
import { writtenMessage } from '#renderer/state/publish-draft.ts';
import { showView } from '#renderer/state/views.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import paneTable from '#renderer/ui/pane-table.module.css';
import classes from './automation.module.css';
import { JobForm } from './job-form.tsx';
import { COLUMNS, JobRow } from './job-row.tsx';
import { isActive } from './job-words.ts';
import { newJob } from './new-job.ts';
import { useJobRunner } from './use-job-runner.ts';
import { useJobs } from './use-jobs.ts';

/** The jobs of a connection: what publishes by a clock, and how it goes. */
export function AutomationPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <JobsPane session={session} />;
}

function JobsPane({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profileId } = session;
  const { guard } = session.profile;
  const { jobs, isLoading, keep, remove, move } = useJobs(profileId);
  const { window } = useSessionFeed(sessionId, 'jobRuns', {});
  const runner = useJobRunner(sessionId);
  const form = useEdited<Job>();
  const edited = form.item;
  const isNew = edited !== undefined && !jobs.some(({ id }) => id === edited.id);
  const runs = new Map((window?.runs ?? []).map((run) => [run.jobId, run]));
  const active = [...runs.values()].filter(isActive).length;
  const isFull = jobs.length >= MAX_JOBS;

  const wanted = useJobRequest(sessionId);
  useEffect(() => {
    if (wanted !== undefined && !isLoading) {
      forgetJobRequest(sessionId);
      form.open(newJob(jobs, wanted));
    }
  }, [sessionId, wanted, isLoading, jobs, form]);
  const add = () => form.open(newJob(jobs));
  useCommand({
    id: 'automation.add',
    label: 'Add a job',
    group: 'Automation',
    keywords: ['repeat', 'timer', 'schedule', 'interval', 'sequence', 'csv', 'simulate'],
    enabled: () => !isFull,
    run: () => {
      showView(sessionId, 'Automation');
      add();
    },
  });
  const fields = (job: Job) => (
    <JobForm
      key={job.id}
      job={job}
      isNew={isNew}
      onChange={form.change}
      draft={() => writtenMessage(sessionId)}
      onCancel={form.close}
      onSubmit={() =>
        void keep({ ...job, name: job.name.trim() }).then((isKept) => {
          if (isKept) {
            form.closeKept(job);
          }
        })
      }
    />
  );

  return (
    <Pane role="region" aria-label="Automation">
      <PaneHeader
        title="Automation"
        count={jobs.length}
        actions={
          <>
            {active > 0 && (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<Square size={12} strokeWidth={1.75} aria-hidden />}
                onClick={() => runner.stop()}
              >
                Stop all
              </Button>
            )}
            <Button
              size="compact-xs"
              variant="default"
              disabled={isFull}
              leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
              onClick={add}
            >
              Add job
            </Button>
          </>
        }
      />
      <PaneBody className={classes.body}>
        {guard === 'readOnly' && (
          <p className={paneForm.guard} role="note">
            <Lock size={14} strokeWidth={1.75} aria-hidden />
            Read-only: no job publishes on this connection.
          </p>
        )}
        {isNew && edited !== undefined && fields(edited)}
        {jobs.length === 0 && !isNew && !isLoading && (
          <EmptyState
            icon={Timer}
            text="No job yet. A job publishes by a clock: a message again and again, a sequence of messages, or each row of a CSV or JSON lines file."
          />
        )}
        {jobs.length > 0 && (
          <table className={`${paneTable.table} ${classes.table}`} aria-label="Jobs" data-guard={guard}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Topic</th>
                <th scope="col">When</th>
                <th scope="col">State</th>
                <th scope="col" className={paneTable.number}>
                  Messages
                </th>
                <th scope="col" className={paneTable.number}>
                  Rate
                </th>
                <th scope="col" className={paneTable.number} title="99 of 100 messages were at most so late">
                  Late
                </th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) =>
                job.id === edited?.id ? (
                  <tr key={job.id}>
                    <td colSpan={COLUMNS}>{fields(edited)}</td>
                  </tr>
                ) : (
                  <JobRow
                    key={job.id}
                    sessionId={sessionId}
                    job={job}
                    run={runs.get(job.id)}
                    guard={guard}
                    runner={runner}
                    onEdit={() => form.open(job)}
                    onRemove={() => {
                      runner.stop(job.id);
                      remove(job);
                    }}
                    onMove={(by) => move(job.id, by)}
                  />
                ),
              )}
            </tbody>
          </table>
        )}
      </PaneBody>
    </Pane>
  );
}
