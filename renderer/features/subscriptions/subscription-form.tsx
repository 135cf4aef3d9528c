import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { type ReactNode, type Ref, useId, useState } from 'react';
import type { Qos } from '#app/profile/profile.ts';
import { ColorChoice } from '#renderer/ui/color-choice.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { type DraftContext, draftProblem, type SubscriptionDraft } from './subscription-draft.ts';
import classes from './subscriptions.module.css';

interface SubscriptionFormProps {
  readonly draft: SubscriptionDraft;
  readonly onChange: (draft: SubscriptionDraft) => void;
  readonly context: DraftContext;
  /** On the button: `Subscribe` or `Save`. */
  readonly action: string;
  readonly onSubmit: () => void;
  /** Between the options and the buttons. */
  readonly children?: ReactNode;
  readonly onCancel?: () => void;
  readonly filterRef?: Ref<HTMLInputElement>;
}

const retainHandlings = [
  { value: '0', label: 'Send retained messages' },
  { value: '1', label: 'Send them if the subscription is new' },
  { value: '2', label: 'Don’t send retained messages' },
];

/** The fields of a subscription. What is wrong with it stands under the filter before anything is sent. */
export function SubscriptionForm(props: SubscriptionFormProps) {
  const { draft, onChange, context, action, onSubmit, children, onCancel, filterRef } = props;
  const [wasSubmitted, setSubmitted] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const optionsId = useId();
  const problem = draftProblem(draft, context);
  // Nothing is wrong with a field that nobody has filled in yet.
  const shown = draft.filter !== '' || wasSubmitted ? problem : undefined;
  const change = (patch: Partial<SubscriptionDraft>) => {
    setSubmitted(false);
    onChange({ ...draft, ...patch });
  };
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(problem !== undefined);
        if (problem === undefined) {
          onSubmit();
        }
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && onCancel !== undefined) {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <TextInput
        ref={filterRef}
        aria-label="Topic filter"
        placeholder="Topic filter"
        value={draft.filter}
        error={shown ?? false}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.filterInput ?? '' }}
        onChange={(event) => change({ filter: event.currentTarget.value })}
      />
      <div className={classes.fields}>
        <NativeSelect
          aria-label="QoS"
          title="Quality of service: 0 at most once, 1 at least once, 2 exactly once"
          className={classes.qos}
          value={String(draft.qos)}
          data={[
            { value: '0', label: 'QoS 0' },
            { value: '1', label: 'QoS 1' },
            { value: '2', label: 'QoS 2' },
          ]}
          onChange={(event) => change({ qos: Number(event.currentTarget.value) as Qos })}
        />
        <IconButton
          icon={SlidersHorizontal}
          label="Options"
          aria-expanded={isOpen}
          aria-controls={optionsId}
          data-open={isOpen || undefined}
          className={classes.disclosure ?? ''}
          onClick={() => setOpen(!isOpen)}
        />
        <div className={classes.between}>{children}</div>
        {onCancel !== undefined && (
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button type="submit">{action}</Button>
      </div>
      {isOpen && (
        <div id={optionsId} className={classes.options}>
          <ColorChoice
            legend="Colour"
            value={draft.color}
            onChange={(color) => color !== undefined && change({ color })}
          />
          {context.version === '5.0' && (
            <>
              <Checkbox
                label="No local"
                description="Leave out what this connection publishes itself"
                checked={draft.noLocal}
                onChange={(event) => change({ noLocal: event.currentTarget.checked })}
              />
              <Checkbox
                label="Retain as published"
                description="Keep the retain mark that the publisher set"
                checked={draft.retainAsPublished}
                onChange={(event) => change({ retainAsPublished: event.currentTarget.checked })}
              />
              <NativeSelect
                label="Retain handling"
                value={String(draft.retainHandling)}
                data={retainHandlings}
                onChange={(event) => change({ retainHandling: Number(event.currentTarget.value) as Qos })}
              />
            </>
          )}
        </div>
      )}
    </form>
  );
}
