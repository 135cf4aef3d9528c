import { NumberInput } from '@mantine/core';
import classes from './automation.module.css';

interface CountFieldProps {
  readonly label: string;
  /** Absent: no limit. */
  readonly value: number | undefined;
  readonly onChange: (count: number | undefined) => void;
  readonly max: number;
  readonly placeholder: string;
}

/** How often; nothing stands for no limit. */
export function CountField({ label, value, onChange, max, placeholder }: CountFieldProps) {
  return (
    <NumberInput
      className={classes.count ?? ''}
      label={label}
      size="xs"
      hideControls
      allowDecimal={false}
      allowNegative={false}
      min={1}
      max={max}
      clampBehavior="strict"
      placeholder={placeholder}
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' && next >= 1 ? next : undefined)}
    />
  );
}
