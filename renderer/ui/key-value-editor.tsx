import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import styles from './key-value-editor.module.css';

export interface KeyValueRow {
  readonly key: string;
  readonly value: string;
}

interface KeyValueEditorProps {
  readonly label: string;
  readonly rows: readonly KeyValueRow[];
  readonly onChange: (rows: readonly KeyValueRow[]) => void;
}

/** An ordered list of name and value, names may repeat; for user properties, later for headers. */
export function KeyValueEditor({ label, rows, onChange }: KeyValueEditorProps) {
  const set = (index: number, patch: Partial<KeyValueRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <fieldset className={styles.root}>
      <legend className={styles.legend}>{label}</legend>
      {rows.map((row, index) => (
        // Rows have no identity but their place; they are only edited in place, added at the end, or removed.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} className={styles.row}>
          <TextInput
            size="xs"
            aria-label={`Name ${index + 1}`}
            placeholder="name"
            value={row.key}
            onChange={(event) => set(index, { key: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={`Value ${index + 1}`}
            placeholder="value"
            value={row.value}
            onChange={(event) => set(index, { value: event.currentTarget.value })}
          />
          <Tooltip label="Remove">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove property ${index + 1}`}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              <Trash2 size={16} strokeWidth={1.75} />
            </ActionIcon>
          </Tooltip>
        </div>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<Plus size={14} strokeWidth={1.75} />}
        onClick={() => onChange([...rows, { key: '', value: '' }])}
      >
        Add property
      </Button>
    </fieldset>
  );
}
