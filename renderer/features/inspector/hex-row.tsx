// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual and laid out by flex; a table cannot do that
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and points at the cell of the cursor
import { memo } from 'react';
import { asciiOf, formatOffset, hexOf, ROW_BYTES } from '#renderer/ui/hex-geometry.ts';
import classes from './hex-grid.module.css';

interface HexRowProps {
  readonly id: string;
  readonly row: number;
  readonly digits: number;
  /** `undefined` while they are fetched. */
  readonly bytes: Uint8Array | undefined;
  /** Columns that are selected. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Column of the cursor. */
  readonly cursor: number | undefined;
}

/** The id of a byte's cell, for `aria-activedescendant`. */
export function cellId(gridId: string, offset: number): string {
  return `${gridId}-${offset}`;
}

/** One row of the grid: offset, sixteen bytes in two groups, their ASCII. Plain elements without handlers. */
export const HexRow = memo(
  HexRowView,
  (last, next) =>
    last.row === next.row &&
    last.digits === next.digits &&
    last.from === next.from &&
    last.to === next.to &&
    last.cursor === next.cursor &&
    areEqual(last.bytes, next.bytes),
);

function areEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined
    ? a === b
    : a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;
}

function HexRowView({ id, row, digits, bytes, from, to, cursor }: HexRowProps) {
  const first = row * ROW_BYTES;
  const isSelected = (column: number) =>
    from !== undefined && to !== undefined && column >= from && column < to;
  const columns = Array.from({ length: bytes?.length ?? 0 }, (_, column) => column);
  return (
    <div role="row" aria-rowindex={row + 1} className={classes.row}>
      <span role="rowheader" className={classes.offset}>
        {formatOffset(first, digits)}
      </span>
      <span className={classes.bytes} role="presentation">
        {columns.map((column) => (
          <span
            key={column}
            role="gridcell"
            id={cellId(id, first + column)}
            aria-selected={isSelected(column)}
            data-offset={first + column}
            data-cursor={column === cursor || undefined}
            className={classes.byte}
          >
            {hexOf[bytes?.[column] ?? 0]}
          </span>
        ))}
      </span>
      <span className={classes.ascii} role="presentation">
        {columns.map((column) => {
          const byte = bytes?.[column] ?? 0;
          return (
            <span
              key={column}
              aria-hidden
              data-offset={first + column}
              data-selected={isSelected(column) || undefined}
              data-cursor={column === cursor || undefined}
              data-hidden={byte < 0x20 || byte >= 0x7f || undefined}
            >
              {asciiOf(byte)}
            </span>
          );
        })}
      </span>
    </div>
  );
}
