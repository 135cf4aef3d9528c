import { z } from 'zod';

/** The columns of the stream from left to right. Topic and value share what is left. */
export const columnIds = ['time', 'direction', 'topic', 'qos', 'retain', 'dup', 'size', 'value'] as const;
export type ColumnId = (typeof columnIds)[number];

interface Column {
  readonly label: string;
  /** Pixels as it comes; without it, a share of what is left. */
  readonly width?: number;
  readonly share?: number;
  readonly minWidth: number;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
  /** One sign stands in the middle. */
  readonly isFlag?: boolean;
  /** Without it a row would say nothing. */
  readonly isNeeded?: boolean;
}

export const columns: Readonly<Record<ColumnId, Column>> = {
  time: { label: 'Time', width: 96, minWidth: 40 },
  direction: { label: 'Direction', width: 24, minWidth: 24 },
  topic: { label: 'Topic', share: 1, minWidth: 80, isNeeded: true },
  qos: { label: 'QoS', width: 34, minWidth: 32, isFlag: true },
  retain: { label: 'Retain', width: 46, minWidth: 32, isFlag: true },
  dup: { label: 'Dup', width: 34, minWidth: 32, isFlag: true },
  size: { label: 'Size', width: 60, minWidth: 48, isNumber: true },
  value: { label: 'Value', share: 1, minWidth: 120, isNeeded: true },
};

const MAX_WIDTH = 2000;

/** What the user changed of the columns; kept in the settings. */
export const columnLayoutSchema = z.object({
  hidden: z.array(z.enum(columnIds)).max(columnIds.length),
  /** Pixels, by column. */
  widths: z.partialRecord(z.enum(columnIds), z.number().min(0).max(MAX_WIDTH)),
});
export type ColumnLayout = z.output<typeof columnLayoutSchema>;

export const defaultColumns: ColumnLayout = { hidden: [], widths: {} };

/** The columns that are shown, in order. */
export function shownColumns({ hidden }: ColumnLayout): readonly ColumnId[] {
  return columnIds.filter((id) => columns[id].isNeeded === true || !hidden.includes(id));
}

/** Pixels of a column; `undefined` while it takes a share of what is left. */
export function widthOf(layout: ColumnLayout, id: ColumnId): number | undefined {
  const width = layout.widths[id] ?? columns[id].width;
  return width === undefined ? undefined : clampWidth(id, width);
}

/** The layout with a column resized, within what it can be. */
export function resized(layout: ColumnLayout, id: ColumnId, width: number): ColumnLayout {
  return { ...layout, widths: { ...layout.widths, [id]: clampWidth(id, Math.round(width)) } };
}

/** The layout with a column as wide as it came. */
export function resetWidth(layout: ColumnLayout, id: ColumnId): ColumnLayout {
  const { [id]: _, ...widths } = layout.widths;
  return { ...layout, widths };
}

/** The layout with a column shown or hidden. Columns that are needed stay. */
export function toggled(layout: ColumnLayout, id: ColumnId): ColumnLayout {
  const hidden = layout.hidden.filter((other) => other !== id);
  return columns[id].isNeeded === true || hidden.length < layout.hidden.length
    ? { ...layout, hidden }
    : { ...layout, hidden: [...hidden, id] };
}

/** For `grid-template-columns`. */
export function columnTemplate(layout: ColumnLayout): string {
  return shownColumns(layout)
    .map((id) => {
      const { share = 1, minWidth } = columns[id];
      const width = widthOf(layout, id);
      return width === undefined ? `minmax(${minWidth}px, ${share}fr)` : `${width}px`;
    })
    .join(' ');
}

/** Pixels below which the columns don't fit and the list scrolls sideways. */
export function minTotalWidth(layout: ColumnLayout): number {
  return shownColumns(layout).reduce((sum, id) => sum + (widthOf(layout, id) ?? columns[id].minWidth), 0);
}

function clampWidth(id: ColumnId, width: number): number {
  return Math.min(MAX_WIDTH, Math.max(columns[id].minWidth, width));
}
