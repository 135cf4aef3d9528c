import classes from './choice.module.css';

interface ChoiceProps<Value extends string> {
  /** Accessible name. */
  readonly label: string;
  /** What each value is called; in this order, unless `neutral` goes first. */
  readonly names: Readonly<Record<Value, string>>;
  readonly value: Value;
  /** Leaves nothing out: it comes first, and any other choice is marked. */
  readonly neutral?: Value;
  readonly onChange: (value: Value) => void;
}

/** The 24 px selection of one of a few values, for the bars of panes. */
export function Choice<Value extends string>({ label, names, value, neutral, onChange }: ChoiceProps<Value>) {
  const values = Object.keys(names) as Value[];
  const shown =
    neutral === undefined ? values : [neutral, ...values.filter((candidate) => candidate !== neutral)];
  return (
    <select
      aria-label={label}
      className={classes.choice}
      data-active={(neutral !== undefined && value !== neutral) || undefined}
      value={value}
      onChange={(event) => {
        const chosen = values.find((candidate) => candidate === event.currentTarget.value);
        if (chosen !== undefined) {
          onChange(chosen);
        }
      }}
    >
      {shown.map((candidate) => (
        <option key={candidate} value={candidate}>
          {names[candidate]}
        </option>
      ))}
    </select>
  );
}
