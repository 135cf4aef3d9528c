import { Checkbox, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import { type GeneratorContext, hasGenerators } from '#app/generate/generators.ts';
import type { Codec } from '#app/payload/codec.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { type PublishFormat, payloadFormats, type Qos } from '#app/profile/profile.ts';
import { checkPayload } from '#app/publish/composition.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { countProperties } from '#app/publish/template-properties.ts';
import paneForm from '#renderer/ui/pane-form.module.css';
import { CodeEditor } from './code-editor.tsx';
import { formatLanguage } from './format-language.ts';
import classes from './message-fields.module.css';
import { areInTexts, payloadShape } from './payload-shape.ts';

interface MessageFieldsProps {
  readonly message: MessageTemplate;
  readonly onChange: (message: MessageTemplate) => void;
  /** Begins each accessible name, to tell several messages of a form apart: `Step 2`. */
  readonly prefix?: string | undefined;
  readonly topicPlaceholder?: string | undefined;
  readonly topicProblem?: string | undefined;
  readonly payloadPlaceholder?: string | undefined;
  /** Of the rule for the topic; absent where none says how it is written. */
  readonly ruled?: Codec | undefined;
  /** What is checked is filled in by it; absent: texts with generators are not checked. */
  readonly generators?: GeneratorContext | undefined;
}

/** Topic, format, QoS, retain and payload of a message that is kept in order to be published later. */
export function MessageFields(props: MessageFieldsProps) {
  const { message, onChange, prefix, topicPlaceholder, topicProblem, payloadPlaceholder, ruled } = props;
  const { generators } = props;
  const change = (patch: Partial<MessageTemplate>) => onChange({ ...message, ...patch });
  const label = (name: string) => ({
    label: name,
    ...(prefix === undefined
      ? {}
      : {
          'aria-label': `${prefix} ${name === 'QoS' ? name : name.charAt(0).toLowerCase() + name.slice(1)}`,
        }),
  });
  const { format, text, fills } = message;
  // Of Sparkplug B the topic says what may be left out; one that is not filled in yet says nothing.
  const topic = /[{}]/.test(message.topic) ? '' : message.topic;
  // Nothing is wrong with what only the connection can judge.
  const isLater =
    generators === undefined &&
    ((fills && hasGenerators(text)) || (format === 'rule' && ruled === undefined));
  const check = useMemo(
    () =>
      isLater
        ? undefined
        : checkPayload(text, {
            format,
            ruled,
            generators: fills ? generators : undefined,
            ...(topic === '' ? {} : { topic }),
          }),
    [isLater, format, text, topic, fills, ruled, generators],
  );
  const properties = countProperties(message.properties);
  return (
    <div className={classes.fields}>
      <div className={paneForm.line}>
        <TextInput
          className={classes.topic ?? ''}
          {...label('Topic')}
          size="xs"
          value={message.topic}
          error={topicProblem}
          placeholder={topicPlaceholder}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: classes.mono ?? '' }}
          onChange={(event) => change({ topic: event.currentTarget.value })}
        />
        <NativeSelect
          {...label('Format')}
          size="xs"
          value={format}
          data={[
            ...(ruled?.encode === undefined && format !== 'rule'
              ? []
              : [{ value: 'rule', label: formatNames.rule }]),
            ...payloadFormats.map((value) => ({ value, label: formatNames[value] })),
          ]}
          onChange={(event) => change({ format: event.currentTarget.value as PublishFormat })}
        />
        <NativeSelect
          {...label('QoS')}
          size="xs"
          value={String(message.qos)}
          data={['0', '1', '2']}
          onChange={(event) => change({ qos: Number(event.currentTarget.value) as Qos })}
        />
        <Switch
          {...label('Retain')}
          size="xs"
          checked={message.retain}
          onChange={(event) => change({ retain: event.currentTarget.checked })}
        />
      </div>
      <div className={classes.payload}>
        <CodeEditor
          ariaLabel={label('Payload')['aria-label'] ?? 'Payload'}
          value={text}
          language={areInTexts(text) ? formatLanguage(format, ruled) : 'plaintext'}
          schema={hasGenerators(text) ? undefined : payloadShape(format, ruled)}
          placeholder={payloadPlaceholder}
          tabMovesFocus
          onChange={(value) => change({ text: value })}
        />
      </div>
      <div className={classes.foot}>
        <p className={check?.ok === false ? classes.problem : classes.note}>
          {check === undefined
            ? format === 'rule'
              ? 'Checked by the rule for its topic when it is published.'
              : 'Checked when it is filled in.'
            : check.ok
              ? formatQuantity(check.bytes.length, 'byte')
              : check.failure.message}
          {properties > 0 && ` · ${formatQuantity(properties, 'MQTT 5 property', 'MQTT 5 properties')}`}
        </p>
        <Checkbox
          {...label('Fill in {{…}}')}
          size="xs"
          checked={fills}
          onChange={(event) => change({ fills: event.currentTarget.checked })}
        />
      </div>
    </div>
  );
}
