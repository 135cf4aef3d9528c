import { Button } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { IconButton } from './icon-button.tsx';
import classes from './row-list.module.css';

interface RowListProps<Row> {
  readonly legend: string;
  readonly rows: readonly Row[];
  /** What one row is, as in `Remove header 2` and `Add header`. */
  readonly noun: string;
  /** At most so many; without it there is no limit. */
  readonly max?: number;
  /** Sets the row's columns; the button that removes it is the last one. */
  readonly rowClass?: string | undefined;
  readonly onAdd: () => void;
  readonly onRemove: (index: number) => void;
  readonly children: (row: Row, index: number) => ReactNode;
}

/**
 * A list of rows that is edited in place, added to at its end and taken from anywhere. The focus goes to the first
 * field of a row that was added, and stays in the list when one is removed.
 */
export function RowList<Row>(props: RowListProps<Row>) {
  const { legend, rows, noun, max = Number.POSITIVE_INFINITY, rowClass, onAdd, onRemove, children } = props;
  const list = useRef<HTMLFieldSetElement>(null);
  /** Where the focus goes once the rows have changed. */
  const next = useRef<{ readonly row: number; readonly isNew: boolean } | undefined>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after a row came or went
  useLayoutEffect(() => {
    if (next.current !== undefined) {
      const { row, isNew } = next.current;
      next.current = undefined;
      const element = list.current?.querySelectorAll(':scope > [data-row]')[row];
      const target = element?.querySelector<HTMLElement>(isNew ? 'input, select' : 'button[data-remove]');
      (target ?? list.current?.querySelector<HTMLElement>(':scope > button'))?.focus();
    }
  }, [rows.length]);

  return (
    <fieldset ref={list} className={classes.list}>
      <legend className={classes.legend}>{legend}</legend>
      {rows.map((row, index) => (
        // Rows have no identity but their place; they are only edited in place, added at the end, or removed.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} data-row className={rowClass === undefined ? classes.row : rowClass}>
          {children(row, index)}
          <IconButton
            icon={Trash2}
            label={`Remove ${noun} ${index + 1}`}
            data-remove
            onClick={() => {
              next.current = { row: Math.min(index, rows.length - 2), isNew: false };
              onRemove(index);
            }}
          />
        </div>
      ))}
      {rows.length < max && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => {
            next.current = { row: rows.length, isNew: true };
            onAdd();
          }}
        >
          Add {noun}
        </Button>
      )}
    </fieldset>
  );
}
