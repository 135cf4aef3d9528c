import { TextInput } from '@mantine/core';
import { RowList } from './row-list.tsx';

export interface KeyValueRow {
  readonly key: string;
  readonly value: string;
}

interface KeyValueEditorProps {
  readonly label: string;
  readonly rows: readonly KeyValueRow[];
  readonly onChange: (rows: readonly KeyValueRow[]) => void;
  /** What one row is: `property`. */
  readonly noun?: string;
  /** Begins the accessible name of the left field: `Name 1`. */
  readonly keyLabel?: string;
  readonly max?: number;
  /** Characters that fit. */
  readonly maxKeyLength?: number;
  readonly maxValueLength?: number;
}

/** An ordered list of name and value, names may repeat: user properties, variables. */
export function KeyValueEditor(props: KeyValueEditorProps) {
  const { label, rows, onChange, noun = 'property', keyLabel = 'Name', max } = props;
  const set = (index: number, patch: Partial<KeyValueRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <RowList
      legend={label}
      noun={noun}
      rows={rows}
      {...(max === undefined ? {} : { max })}
      onAdd={() => onChange([...rows, { key: '', value: '' }])}
      onRemove={(index) => onChange(rows.filter((_, at) => at !== index))}
    >
      {(row, index) => (
        <>
          <TextInput
            size="xs"
            aria-label={`${keyLabel} ${index + 1}`}
            placeholder="name"
            maxLength={props.maxKeyLength}
            spellCheck={false}
            autoComplete="off"
            value={row.key}
            onChange={(event) => set(index, { key: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={`Value ${index + 1}`}
            placeholder="value"
            maxLength={props.maxValueLength}
            spellCheck={false}
            autoComplete="off"
            value={row.value}
            onChange={(event) => set(index, { value: event.currentTarget.value })}
          />
        </>
      )}
    </RowList>
  );
}
