import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '#app/base/format.ts';

interface RangeInputProps
  extends Omit<NumberInputProps, 'value' | 'onChange' | 'min' | 'max' | 'error' | 'clampBehavior'> {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Gets numbers of the range only. */
  readonly onChange: (value: number) => void;
}

/**
 * A number of a range. What is none of it, such as an emptied field, is marked and changes nothing: a form refuses it,
 * elsewhere the number that is in force comes back when the field is left.
 */
export function RangeInput({ value, min, max, onChange, ...props }: RangeInputProps) {
  const [typed, setTyped] = useState<string | number | undefined>(undefined);
  const shown = typed ?? value;
  const isWrong = typeof shown !== 'number' || shown < min || shown > max;
  const range = `${min} to ${formatCount(max)}`;
  return (
    <NumberInput
      hideControls
      allowNegative={min < 0}
      {...props}
      clampBehavior="none"
      value={shown}
      error={isWrong ? (props.label === undefined ? true : range) : undefined}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === 'number' && next >= min && next <= max) {
          onChange(next);
        }
      }}
      onBlur={(event) => {
        if (!isWrong || event.currentTarget.form === null) {
          setTyped(undefined);
        }
      }}
    />
  );
}
