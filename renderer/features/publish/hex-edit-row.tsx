// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual and laid out by flex; a table cannot do that
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and points at the cell of the cursor
import { memo } from 'react';
import { asciiOf, formatOffset, hexOf } from '#renderer/ui/hex-geometry.ts';
import styles from './hex-field.module.css';

interface HexEditRowProps {
  readonly id: string;
  readonly row: number;
  readonly columns: number;
  readonly digits: number;
  readonly bytes: Uint8Array;
  /** The place behind the last byte is in this row. */
  readonly hasEnd: boolean;
  /** Columns that are selected, the end not included. */
  readonly from: number;
  readonly to: number;
  /** Column of the cursor. */
  readonly cursor: number | undefined;
  /** Its first digit is typed. */
  readonly isHalf: boolean;
}

/** The id of a byte's cell, for `aria-activedescendant`. */
export function byteCellId(gridId: string, offset: number): string {
  return `${gridId}-${offset}`;
}

/** One row of bytes that are edited: offset, hex, ASCII. Plain elements without handlers. */
export const HexEditRow = memo(HexEditRowView, (last, next) => {
  const { bytes: before, ...lastRest } = last;
  const { bytes: now, ...nextRest } = next;
  return (
    before.length === now.length &&
    before.every((byte, index) => byte === now[index]) &&
    Object.entries(lastRest).every(([key, value]) => nextRest[key as keyof typeof nextRest] === value)
  );
});

function HexEditRowView(props: HexEditRowProps) {
  const { id, row, columns, digits, bytes, hasEnd, from, to, cursor, isHalf } = props;
  const first = row * columns;
  const places = Array.from({ length: bytes.length + (hasEnd ? 1 : 0) }, (_, column) => column);
  const isEnd = (column: number) => column === bytes.length;
  const marks = (column: number) => ({
    'data-offset': first + column,
    'data-cursor': column === cursor || undefined,
    'data-half': (column === cursor && isHalf) || undefined,
    'data-end': isEnd(column) || undefined,
  });
  const isSelected = (column: number) => column >= from && column < to;
  return (
    <div role="row" aria-rowindex={row + 1} className={styles.row}>
      <span role="rowheader" className={styles.offset}>
        {formatOffset(first, digits)}
      </span>
      <span className={styles.bytes} role="presentation" style={{ width: `${columns * 3 + 1}ch` }}>
        {places.map((column) => (
          <span
            key={column}
            role="gridcell"
            id={byteCellId(id, first + column)}
            aria-selected={isSelected(column)}
            aria-label={isEnd(column) ? 'Behind the last byte' : undefined}
            data-gap={column === columns / 2 || undefined}
            className={styles.byte}
            {...marks(column)}
          >
            {isEnd(column) ? '··' : hexOf[bytes[column] ?? 0]}
          </span>
        ))}
      </span>
      <span className={styles.ascii} aria-hidden>
        {places.map((column) => {
          const byte = bytes[column] ?? 0;
          return (
            <span
              key={column}
              data-side="ascii"
              data-selected={isSelected(column) || undefined}
              data-hidden={byte < 0x20 || byte >= 0x7f || undefined}
              {...marks(column)}
            >
              {isEnd(column) ? ' ' : asciiOf(byte)}
            </span>
          );
        })}
      </span>
    </div>
  );
}
