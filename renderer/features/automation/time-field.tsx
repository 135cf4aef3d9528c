import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_TIME } from '#app/automation/job.ts';
import classes from './automation.module.css';
import { parseTimeText, timeText } from './job-words.ts';

interface TimeFieldProps {
  readonly label: string;
  /** Instead of the label, where it alone does not say enough. */
  readonly accessibleName?: string;
  /** Milliseconds; absent: none. */
  readonly value: number | undefined;
  /** `undefined` when nothing stands there. */
  readonly onChange: (milliseconds: number | undefined) => void;
  /** Milliseconds. */
  readonly min?: number;
  readonly isOptional?: boolean;
  readonly placeholder?: string;
}

/** A time such as `200 ms`, `1.5 s` or `2 min`; a number alone counts seconds. */
export function TimeField({
  label,
  accessibleName,
  value,
  onChange,
  min = 0,
  isOptional = false,
  placeholder,
}: TimeFieldProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const text = typed ?? (value === undefined ? '' : timeText(value));
  const isUsable = (milliseconds: number | undefined): milliseconds is number =>
    milliseconds !== undefined && milliseconds >= min && milliseconds <= MAX_TIME;
  const parsed = parseTimeText(text);
  const isWrong = text.trim() === '' ? !isOptional : !isUsable(parsed);
  return (
    <TextInput
      className={classes.time ?? ''}
      label={label}
      {...(accessibleName === undefined ? {} : { 'aria-label': accessibleName })}
      size="xs"
      value={text}
      placeholder={placeholder}
      error={isWrong ? (min > 0 ? 'For example 1 s, 200 ms' : 'For example 0, 1 s, 200 ms') : undefined}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setTyped(next);
        const milliseconds = parseTimeText(next);
        if (next.trim() === '' && isOptional) {
          onChange(undefined);
        } else if (isUsable(milliseconds)) {
          onChange(milliseconds);
        }
      }}
      // What is no time stays to be seen; the form refuses it.
      onBlur={() => !isWrong && setTyped(undefined)}
    />
  );
}
