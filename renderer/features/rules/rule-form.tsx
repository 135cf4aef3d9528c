import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RuleMatch } from '#app/contract/feeds/rules.ts';
import { ruleViewProblem, ruleViews, TEMPLATE } from '#app/payload/rule-codec.ts';
import { schemaFormat } from '#app/payload/schema/schema-formats.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { MAX_TEMPLATE, type Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { Environment } from '#app/profile/variables.ts';
import { ColorChoice } from '#renderer/ui/color-choice.tsx';
import { codecOfView, filterProblem, matchSentence } from './rule-draft.ts';
import { RuleTrial } from './rule-trial.tsx';
import classes from './rules.module.css';
import { TypeChoice } from './type-choice.tsx';

interface RuleFormProps {
  readonly sessionId: string;
  readonly draft: Rule;
  readonly onChange: (draft: Rule) => void;
  readonly environment: Environment | undefined;
  /** Those that the rule may read by. */
  readonly schemas: readonly PayloadSchema[];
  /** What the filter selects now; absent while it is looked for. */
  readonly match: RuleMatch | undefined;
  /** On the button: `Add` or `Save`. */
  readonly action: string;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
}

/** The fields of a rule. What its filter selects of the known topics stands under it while it is typed. */
export function RuleForm(props: RuleFormProps) {
  const { sessionId, draft, onChange, environment, schemas, match, action, onSubmit, onCancel } = props;
  const [wasSubmitted, setSubmitted] = useState(false);
  const problem = filterProblem(draft.filter, environment);
  const viewProblem = ruleViewProblem(draft.codec, schemas);
  const shown = draft.filter !== '' || wasSubmitted ? problem : undefined;
  const change = (patch: Partial<Rule>) => {
    setSubmitted(false);
    onChange({ ...draft, ...patch });
  };
  return (
    <form
      className={classes.form}
      aria-label={action === 'Add' ? 'New rule' : 'Edit rule'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(true);
        if (problem === undefined && viewProblem === undefined) {
          onSubmit();
        }
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <TextInput
        label="Topic filter"
        autoFocus
        value={draft.filter}
        error={shown ?? false}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.mono ?? '' }}
        onChange={(event) => change({ filter: event.currentTarget.value })}
      />
      <p className={classes.test} role="status" aria-label="Test of the filter">
        {problem === undefined && match !== undefined && (
          <>
            {matchSentence(match)}
            {match.example !== undefined && (
              <>
                {' '}
                For example <span className={classes.mono}>{visibleText(match.example)}</span>
              </>
            )}
          </>
        )}
      </p>
      <div className={classes.fields}>
        <NativeSelect
          label="View"
          className={classes.viewField}
          value={draft.codec.id}
          data={ruleViews.map(({ id, label }) => ({ value: id, label }))}
          onChange={(event) =>
            change({ codec: codecOfView(draft.codec, event.currentTarget.value, schemas) })
          }
        />
        {schemaFormat(draft.codec.id) !== undefined && (
          <TypeChoice
            codec={draft.codec}
            schemas={schemas}
            problem={viewProblem?.failure.message}
            onChange={(codec) => change({ codec })}
          />
        )}
        <TextInput
          label="Label"
          maxLength={100}
          value={draft.label}
          onChange={(event) => change({ label: event.currentTarget.value })}
        />
        <TextInput
          label="Unit"
          maxLength={30}
          value={draft.unit}
          className={classes.unitField}
          onChange={(event) => change({ unit: event.currentTarget.value })}
        />
      </div>
      <div className={classes.reading}>
        {draft.codec.id === TEMPLATE && (
          <Textarea
            label="Template"
            description="Fields in the order of the bytes: u16le id; f32be t; bytes[4] mac; str8 name; bits8 { on:1; _:7 }"
            maxLength={MAX_TEMPLATE}
            autosize
            minRows={3}
            maxRows={12}
            spellCheck={false}
            value={draft.codec.template ?? ''}
            error={(draft.codec.template !== undefined || wasSubmitted) && viewProblem?.failure.message}
            classNames={{ input: classes.mono ?? '' }}
            onChange={(event) => change({ codec: { id: TEMPLATE, template: event.currentTarget.value } })}
          />
        )}
        {draft.codec.id !== 'auto' && viewProblem === undefined && match?.newest !== undefined && (
          <RuleTrial
            sessionId={sessionId}
            codec={draft.codec}
            sequence={match.newest}
            topic={match.example ?? ''}
          />
        )}
      </div>
      <ColorChoice
        legend="Colour"
        none="as subscribed"
        value={draft.color}
        onChange={(color) => {
          const { color: _, ...rest } = draft;
          onChange(color === undefined ? rest : { ...rest, color });
        }}
      />
      <Checkbox
        label="Mute"
        description="Messages are kept and counted, but not shown in the stream"
        checked={draft.muted}
        onChange={(event) => change({ muted: event.currentTarget.checked })}
      />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit">{action}</Button>
      </div>
    </form>
  );
}
