import { NativeSelect } from '@mantine/core';
import {
  type JobWork,
  MAX_STEPS,
  MIN_INTERVAL,
  type RepeatWork,
  type RowsWork,
  type SequenceWork,
} from '#app/automation/job.ts';
import { assertNever } from '#app/base/assert.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { attempt } from '#renderer/commands/run.ts';
import { MessageFields } from '#renderer/editor/message-fields.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import { RowList } from '#renderer/ui/row-list.tsx';
import classes from './automation.module.css';
import { CountField } from './count-field.tsx';
import { newStep } from './new-job.ts';
import { TimeField } from './time-field.tsx';

interface WorkFieldsProps<Work> {
  readonly work: Work;
  readonly onChange: (work: Work) => void;
  /** What the composer holds. */
  readonly draft: () => MessageTemplate;
}

/** What a job publishes, and when. */
export function WorkFields({ work, onChange, draft }: WorkFieldsProps<JobWork>) {
  switch (work.kind) {
    case 'repeat':
      return <RepeatFields work={work} onChange={onChange} draft={draft} />;
    case 'sequence':
      return <SequenceFields work={work} onChange={onChange} draft={draft} />;
    case 'rows':
      return <RowsFields work={work} onChange={onChange} draft={draft} />;
    default:
      return assertNever(work);
  }
}

/** A member that may be absent, set or taken away. */
function withOptional<Work, Key extends keyof Work>(
  work: Work,
  key: Key,
  value: Work[Key] | undefined,
): Work {
  const { [key]: _, ...rest } = work;
  return (value === undefined ? rest : { ...rest, [key]: value }) as Work;
}

function RepeatFields({ work, onChange }: WorkFieldsProps<RepeatWork>) {
  return (
    <>
      <div className={paneForm.line}>
        <TimeField
          label="Interval"
          min={MIN_INTERVAL}
          value={work.interval}
          onChange={(interval) => onChange({ ...work, interval: interval ?? work.interval })}
        />
        <TimeField
          label="Jitter ±"
          value={work.jitter}
          onChange={(jitter) => onChange({ ...work, jitter: jitter ?? 0 })}
        />
        <CountField
          label="Count"
          max={1_000_000_000}
          placeholder="no limit"
          value={work.count}
          onChange={(count) => onChange(withOptional(work, 'count', count))}
        />
        <TimeField
          label="Ends after"
          min={MIN_INTERVAL}
          isOptional
          placeholder="never"
          value={work.duration}
          onChange={(duration) => onChange(withOptional(work, 'duration', duration))}
        />
      </div>
      <MessageFields message={work.message} onChange={(message) => onChange({ ...work, message })} />
    </>
  );
}

function SequenceFields({ work, onChange, draft }: WorkFieldsProps<SequenceWork>) {
  const { steps } = work;
  const change = (index: number, patch: Partial<SequenceWork['steps'][number]>) =>
    onChange({ ...work, steps: steps.map((step, at) => (at === index ? { ...step, ...patch } : step)) });
  return (
    <>
      <div className={paneForm.line}>
        <CountField
          label="Rounds"
          max={1_000_000_000}
          placeholder="until stopped"
          value={work.rounds}
          onChange={(rounds) => onChange(withOptional(work, 'rounds', rounds))}
        />
        <TimeField
          label="Pause between rounds"
          value={work.pause}
          onChange={(pause) => onChange({ ...work, pause: pause ?? 0 })}
        />
      </div>
      <RowList
        legend="Steps"
        noun="step"
        rows={steps}
        max={MAX_STEPS}
        rowClass={classes.step}
        onAdd={() => attempt(() => onChange({ ...work, steps: [...steps, newStep(draft())] }))}
        onRemove={(index) => onChange({ ...work, steps: steps.filter((_, at) => at !== index) })}
      >
        {(step, index) => (
          <div key={step.id} className={classes.stepFields}>
            <span className={classes.stepNumber} aria-hidden>
              {index + 1}
            </span>
            <TimeField
              label="After"
              accessibleName={`Step ${index + 1} after`}
              value={step.after}
              onChange={(after) => change(index, { after: after ?? 0 })}
            />
            <MessageFields
              prefix={`Step ${index + 1}`}
              message={step.message}
              onChange={(message) => change(index, { message })}
            />
          </div>
        )}
      </RowList>
    </>
  );
}

function RowsFields({ work, onChange }: WorkFieldsProps<RowsWork>) {
  const { timing } = work;
  return (
    <>
      <div className={paneForm.line}>
        <NativeSelect
          label="File format"
          size="xs"
          value={work.format}
          data={[
            { value: 'csv', label: 'CSV with a header' },
            { value: 'jsonl', label: 'JSON lines' },
          ]}
          onChange={(event) =>
            onChange({ ...work, format: event.currentTarget.value === 'csv' ? 'csv' : 'jsonl' })
          }
        />
        <NativeSelect
          label="Rows come"
          size="xs"
          value={timing.kind}
          data={[
            { value: 'interval', label: 'at an interval' },
            { value: 'rows', label: 'at their own times' },
          ]}
          onChange={(event) =>
            onChange({
              ...work,
              timing:
                event.currentTarget.value === 'rows'
                  ? { kind: 'rows', speed: 1 }
                  : { kind: 'interval', interval: 1000 },
            })
          }
        />
        {timing.kind === 'interval' ? (
          <TimeField
            label="Interval"
            min={MIN_INTERVAL}
            value={timing.interval}
            onChange={(interval) =>
              onChange({ ...work, timing: { kind: 'interval', interval: interval ?? timing.interval } })
            }
          />
        ) : (
          <RangeInput
            className={classes.count ?? ''}
            label="Times as fast"
            size="xs"
            min={0.001}
            max={100_000}
            value={timing.speed}
            onChange={(speed) => onChange({ ...work, timing: { kind: 'rows', speed } })}
          />
        )}
        <CountField
          label="Rounds"
          max={1_000_000}
          placeholder="1"
          value={work.rounds}
          onChange={(rounds) => onChange(withOptional(work, 'rounds', rounds))}
        />
      </div>
      <p className={classes.help}>
        {'{{temp}} is filled with the column “temp”. An empty topic or payload is taken from the columns '}
        {'“topic” and “payload”; columns “qos” and “retain” go before what is set here.'}
        {timing.kind === 'rows' &&
          ' Times stand in a column “delay” (200ms, 1.5s, after the row before) or “time” (2026-01-02T03:04:05Z, or seconds since 1970).'}
      </p>
      <MessageFields
        message={work.message}
        topicPlaceholder="column “topic”"
        payloadPlaceholder="column “payload”"
        onChange={(message) => onChange({ ...work, message })}
      />
    </>
  );
}
