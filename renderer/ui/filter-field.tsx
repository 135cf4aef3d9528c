import { useMergedRef } from '@mantine/hooks';
import { CircleAlert, type LucideIcon, X } from 'lucide-react';
import { type ReactNode, type Ref, useId, useRef } from 'react';
import classes from './filter-field.module.css';

interface FilterFieldProps {
  /** Accessible name and placeholder. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon: LucideIcon;
  /** Right of the text, such as the number of matches. */
  readonly note?: ReactNode;
  /** Why what was typed can't be used. */
  readonly problem?: string | undefined;
  /** For topics and filters. */
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
  /** Arrow down leaves the field for the list that it filters. */
  readonly onLeave?: () => void;
}

/** The 24 px field that narrows what a pane shows. Escape clears it. */
export function FilterField(props: FilterFieldProps) {
  const { label, value, onChange, icon: Icon, note, problem, mono = false, ref, onLeave } = props;
  const problemId = useId();
  const input = useRef<HTMLInputElement>(null);
  const inputRef = useMergedRef(input, ref);
  return (
    <div className={classes.field} data-invalid={problem !== undefined || undefined}>
      <Icon size={14} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <input
        ref={inputRef}
        type="text"
        className={classes.input}
        data-mono={mono || undefined}
        aria-label={label}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        placeholder={label}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.stopPropagation();
            onChange('');
          } else if (event.key === 'ArrowDown' && onLeave !== undefined) {
            event.preventDefault();
            onLeave();
          }
        }}
      />
      {note !== undefined && problem === undefined && <span className={classes.note}>{note}</span>}
      {value !== '' && (
        <button
          type="button"
          className={classes.clear}
          aria-label={`Clear “${label}”`}
          onClick={() => {
            onChange('');
            // The button goes; what was on it goes on in the field.
            input.current?.focus();
          }}
        >
          <X size={14} strokeWidth={1.75} aria-hidden />
        </button>
      )}
      {problem !== undefined && (
        <span id={problemId} role="alert" className={classes.problem}>
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          {problem}
        </span>
      )}
    </div>
  );
}
