import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Job, JobWork } from '#app/automation/job.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { attempt } from '#renderer/commands/run.ts';
import paneForm from '#renderer/ui/pane-form.module.css';
import { showWrongField } from '#renderer/ui/wrong-field.ts';
import classes from './automation.module.css';
import { jobProblem, kindNames } from './job-words.ts';
import { ofKind } from './new-job.ts';
import { WorkFields } from './work-fields.tsx';

interface JobFormProps {
  readonly job: Job;
  readonly isNew: boolean;
  readonly onChange: (job: Job) => void;
  /** What the composer holds. */
  readonly draft: () => MessageTemplate;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
}

/** The fields of a job. */
export function JobForm({ job, isNew, onChange, draft, onSubmit, onCancel }: JobFormProps) {
  const [wasSubmitted, setSubmitted] = useState(false);
  const problem = jobProblem(job);
  const { what } = job;
  const change = (patch: Partial<Job>) => {
    setSubmitted(false);
    onChange({ ...job, ...patch });
  };
  return (
    <form
      className={paneForm.form}
      aria-label={isNew ? 'New job' : 'Edit job'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(true);
        if (!showWrongField(event.currentTarget) && problem === undefined) {
          onSubmit();
        }
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <div className={paneForm.line}>
        <TextInput
          className={classes.name ?? ''}
          label="Name"
          size="xs"
          autoFocus
          maxLength={100}
          value={job.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <NativeSelect
          label="What it does"
          size="xs"
          value={what.kind}
          data={Object.entries(kindNames).map(([value, label]) => ({ value, label }))}
          onChange={(event) => change({ what: ofKind(what, event.currentTarget.value as JobWork['kind']) })}
        />
        {what.kind !== 'sequence' && (
          <Button
            size="xs"
            variant="default"
            onClick={() => attempt(() => change({ what: { ...what, message: draft() } }))}
            title="Topic, payload, QoS, retain and MQTT 5 properties as they stand in Publish"
          >
            Take over from Publish
          </Button>
        )}
      </div>
      <WorkFields work={what} onChange={(next) => change({ what: next })} draft={draft} />
      <div className={classes.buttons}>
        <span role="alert" className={classes.problem}>
          {wasSubmitted && problem}
        </span>
        <Button size="xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="xs" type="submit">
          {isNew ? 'Add' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
