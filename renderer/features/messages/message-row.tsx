// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { memo, type ReactNode } from 'react';
import { formatBytes, formatCount, formatTime } from '#app/base/format.ts';
import type { MessageRow } from '#app/contract/feeds/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { colorValue } from '#renderer/ui/color-mark.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { type ColumnId, columnIds } from './columns.ts';
import classes from './messages.module.css';
import type { StreamRow } from './stream-plan.ts';

interface MessageRowProps {
  readonly row: StreamRow;
  /** Number of the row in the list; read back by the grid's event handlers. */
  readonly index: number;
  readonly id: string;
  readonly columns: readonly ColumnId[];
  readonly isSelected: boolean;
  /** The keyboard is here. */
  readonly isCurrent: boolean;
}

/** One row of the stream. Plain elements without handlers; in a busy stream its elements serve row after row. */
export const StreamRowView = memo(StreamRowElement, (last, next) => {
  return (
    last.index === next.index &&
    last.id === next.id &&
    last.columns === next.columns &&
    last.isSelected === next.isSelected &&
    last.isCurrent === next.isCurrent &&
    areSame(last.row, next.row)
  );
});

/** A message never changes; its sequence number comes again only when a session was started anew. */
function areSame(one: StreamRow, other: StreamRow): boolean {
  return (
    one === other ||
    (one.sequence === other.sequence &&
      one.receivedAt === other.receivedAt &&
      one.kind === other.kind &&
      (one.kind === 'gap' ||
        other.kind === 'gap' ||
        (one.color === other.color &&
          one.label === other.label &&
          one.unit === other.unit &&
          one.preview === other.preview)))
  );
}

function StreamRowElement({ row, index, id, columns, isSelected, isCurrent }: MessageRowProps) {
  const common = {
    role: 'row',
    id,
    'aria-rowindex': index + 2,
    'aria-selected': isSelected,
    'data-index': index,
    'data-current': isCurrent || undefined,
  } as const;
  if (row.kind === 'gap') {
    return (
      <div {...common} className={classes.gap}>
        <div role="gridcell" aria-colindex={1} aria-colspan={columnIds.length} className={classes.gapText}>
          {formatTime(row.receivedAt).slice(0, 8)} {visibleText(row.text)}
        </div>
      </div>
    );
  }
  return (
    <div {...common} className={classes.row}>
      {row.color !== undefined && (
        <span role="presentation" className={classes.bar} style={{ background: colorValue(row.color) }} />
      )}
      {columns.map((column) => (
        <div
          key={column}
          role="gridcell"
          aria-colindex={columnIds.indexOf(column) + 1}
          className={classes[column]}
          // Its two parts would be read as two words.
          aria-label={column === 'topic' ? topicName(row) : undefined}
        >
          {cells[column](row)}
        </div>
      ))}
    </div>
  );
}

const cells: Readonly<Record<ColumnId, (row: MessageRow) => ReactNode>> = {
  time: (row) => formatTime(row.receivedAt),
  direction: (row) => <Direction direction={row.direction} />,
  topic: (row) =>
    row.label === undefined ? (
      <CutText text={visibleText(row.topic)} maxTail={32} />
    ) : (
      <span className={classes.labelled}>
        <span className={classes.label}>{visibleText(row.label)}</span>
        <CutText text={visibleText(row.topic)} maxTail={32} />
      </span>
    ),
  qos: (row) => row.qos,
  retain: (row) => row.retain && 'retain',
  dup: (row) => row.dup && 'dup',
  size: (row) => formatBytes(row.size),
  value: (row) => valueText(row),
};

/** What a cell says whole, as the tooltip of the cell under the pointer: made only then, not for each row that passes. */
export function cellTitle(column: ColumnId | undefined, row: StreamRow): string {
  if (row.kind === 'gap') {
    return '';
  }
  switch (column) {
    case 'time':
      return new Date(row.receivedAt).toLocaleString();
    case 'topic':
      return topicName(row);
    case 'size':
      return `${formatCount(row.size)} bytes`;
    case 'value':
      return valueText(row);
    default:
      return '';
  }
}

/** `plant/line1/temp, Oven`: the topic first, the rule's label behind it. */
function topicName({ topic, label }: MessageRow): string {
  return visibleText(label === undefined ? topic : `${topic}, ${label}`);
}

/** `21.4 °C` */
function valueText({ preview, unit }: MessageRow): string {
  return unit === undefined ? preview : `${preview} ${visibleText(unit)}`;
}

function Direction({ direction }: Pick<MessageRow, 'direction'>) {
  const isReceived = direction === 'received';
  return (
    <>
      <svg viewBox="0 0 16 16" aria-hidden="true" className={classes.arrow} data-direction={direction}>
        <path d={isReceived ? 'M8 3v10M4 9l4 4 4-4' : 'M8 13V3M4 7l4-4 4 4'} />
      </svg>
      <span className="visually-hidden">{isReceived ? 'received' : 'published'}</span>
    </>
  );
}
