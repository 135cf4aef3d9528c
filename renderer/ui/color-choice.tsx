import { useId } from 'react';
import { type ProfileColor, profileColors } from '#app/profile/profile.ts';
import classes from './color-choice.module.css';
import { colorValue } from './color-mark.tsx';

interface ColorChoiceProps {
  readonly legend: string;
  /** What it is without a colour, as in `As subscribed`; absent: it has one. */
  readonly none?: string;
  readonly value: ProfileColor | undefined;
  readonly onChange: (color: ProfileColor | undefined) => void;
}

/** The data colours as radio buttons, with one for none of them where that is possible. */
export function ColorChoice({ legend, none, value, onChange }: ColorChoiceProps) {
  const name = useId();
  return (
    <fieldset className={classes.colors}>
      <legend className={classes.legend}>{legend}</legend>
      {(none === undefined ? profileColors : [undefined, ...profileColors]).map((color) => (
        <label key={color ?? ''} className={classes.color} title={color ?? none}>
          <input
            type="radio"
            name={name}
            aria-label={color ?? none}
            checked={value === color}
            onChange={() => onChange(color)}
          />
          <span
            data-none={color === undefined || undefined}
            style={color === undefined ? undefined : { background: colorValue(color) }}
          />
        </label>
      ))}
    </fieldset>
  );
}
