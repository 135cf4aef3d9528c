import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import type { ReplyTrial } from '#app/contract/operations/replies.ts';
import { hasWildcard, topicFilterProblem } from '#app/mqtt/topic.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { type ReplyRule, replyRuleProblem } from '#app/reply/reply-rule.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { MessageFields } from '#renderer/editor/message-fields.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import { showWrongField } from '#renderer/ui/wrong-field.ts';
import classes from './replies.module.css';

interface ReplyFormProps {
  readonly sessionId: string;
  readonly rule: ReplyRule;
  readonly isNew: boolean;
  readonly onChange: (rule: ReplyRule) => void;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
}

/** The fields of a rule, with what it would make of the newest message on its topics. */
export function ReplyForm({ sessionId, rule, isNew, onChange, onSubmit, onCancel }: ReplyFormProps) {
  const [wasSubmitted, setSubmitted] = useState(false);
  const problem = replyRuleProblem(rule);
  const of = (field: NonNullable<typeof problem>['field']) =>
    wasSubmitted && problem?.field === field ? problem.message : undefined;
  const change = (patch: Partial<ReplyRule>) => {
    setSubmitted(false);
    onChange({ ...rule, ...patch });
  };
  return (
    <form
      className={paneForm.form}
      aria-label={isNew ? 'New reply rule' : 'Edit reply rule'}
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
          label="Name"
          size="xs"
          autoFocus
          maxLength={200}
          value={rule.name}
          error={of('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          className={classes.wide ?? ''}
          label="When a message comes on"
          size="xs"
          placeholder="line/+/get"
          spellCheck={false}
          value={rule.filter}
          error={of('filter') ?? (hasWildcard(rule.filter) ? topicFilterProblem(rule.filter) : undefined)}
          classNames={{ input: classes.mono ?? '' }}
          onChange={(event) => change({ filter: event.currentTarget.value })}
        />
        <TextInput
          className={classes.wide ?? ''}
          label="And"
          size="xs"
          placeholder='any payload, or: temp > 30 and mode = "auto"'
          spellCheck={false}
          value={rule.condition}
          error={of('condition')}
          classNames={{ input: classes.mono ?? '' }}
          onChange={(event) => change({ condition: event.currentTarget.value })}
        />
      </div>
      <div className={paneForm.line}>
        <NativeSelect
          label="Reply to"
          size="xs"
          value={rule.to}
          data={[
            { value: 'topic', label: 'the topic below' },
            { value: 'responseTopic', label: 'its response topic' },
          ]}
          onChange={(event) =>
            change({ to: event.currentTarget.value === 'topic' ? 'topic' : 'responseTopic' })
          }
        />
        <Figure
          label="After, ms"
          value={rule.delay}
          max={3_600_000}
          onChange={(delay) => change({ delay })}
        />
        <Figure
          label="Up to, ms more"
          value={rule.jitter}
          max={3_600_000}
          onChange={(jitter) => change({ jitter })}
        />
        <Figure
          label="At most a second"
          value={rule.perSecond}
          min={0.1}
          max={1000}
          onChange={(perSecond) => change({ perSecond })}
        />
      </div>
      <div className={classes.checks}>
        <Checkbox
          size="xs"
          label="Retained messages too"
          checked={rule.answersRetained}
          onChange={(event) => change({ answersRetained: event.currentTarget.checked })}
        />
        <Checkbox
          size="xs"
          label="Last rule for a message"
          checked={rule.stops}
          onChange={(event) => change({ stops: event.currentTarget.checked })}
        />
      </div>
      <p className={classes.help}>
        {
          '{{topic}}, {{topic.2}} (its second level), {{payload}} and {{payload.state.on}} stand for what was '
        }
        {'received, beside {{now}}, {{seq}} and the other generators.'}
        {rule.to === 'responseTopic' &&
          ' The topic is the request’s own response topic, its correlation data goes along; the topic below is not used.'}
      </p>
      <MessageFields
        message={rule.message}
        topicPlaceholder={rule.to === 'topic' ? 'line/{{topic.2}}/answer' : 'not used'}
        topicProblem={of('topic')}
        onChange={(message) => change({ message })}
      />
      {problem === undefined && <Trial sessionId={sessionId} rule={rule} />}
      <div className={classes.buttons}>
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

interface FigureProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

function Figure({ label, value, min = 0, max, onChange }: FigureProps) {
  return (
    <RangeInput
      className={classes.figure ?? ''}
      label={label}
      size="xs"
      min={min}
      max={max}
      value={value}
      onChange={onChange}
    />
  );
}

/** What the rule makes of the newest message on its topics. */
function Trial({ sessionId, rule }: { readonly sessionId: string; readonly rule: ReplyRule }) {
  const params = useMemo(() => ({ filters: [rule.filter] }), [rule.filter]);
  const { window } = useSessionFeed(sessionId, 'ruleMatches', params);
  const match = window?.rows[0];
  const sequence = match?.newest;
  const [trial, setTrial] = useState<ReplyTrial | undefined>(undefined);
  const key = JSON.stringify(rule);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rule by its content
  useEffect(() => {
    let isCurrent = true;
    setTrial(undefined);
    if (sequence !== undefined) {
      engineClient()
        .session(sessionId, 'replies.try', { rule: structuredClone(rule), sequence })
        .then(
          (made) => isCurrent && setTrial(made),
          // The session ended: there is nothing to show.
          () => undefined,
        );
    }
    return () => {
      isCurrent = false;
    };
  }, [sessionId, sequence, key]);
  return (
    <div role="status" aria-label="Try-out" className={classes.trial}>
      {sequence === undefined
        ? 'No message on these topics yet to try it on.'
        : trial !== undefined && (
            <>
              Tried on the newest message of <code>{visibleText(match?.example ?? rule.filter)}</code>:{' '}
              <TrialWords trial={trial} />
            </>
          )}
    </div>
  );
}

function TrialWords({ trial }: { readonly trial: ReplyTrial }) {
  if (trial.kind === 'noMatch') {
    return 'the condition does not hold, no reply.';
  }
  if (trial.kind === 'failure') {
    return `no reply. ${visibleText(trial.failure.message)}`;
  }
  return trial.messages.map(({ topic, preview, size }) => (
    <span key={topic} className={classes.made}>
      <code>{visibleText(topic)}</code> {size === 0 ? '(empty)' : preview}{' '}
      <span className={classes.size}>{formatQuantity(size, 'byte')}</span>
    </span>
  ));
}
