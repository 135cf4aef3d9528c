// biome-ignore-all lint/a11y: a virtual grid cannot be a table, and its borders are moved
import type { KeyboardEvent, PointerEvent } from 'react';
import { type ColumnId, type ColumnLayout, columnIds, columns, shownColumns, widthOf } from './columns.ts';
import classes from './messages.module.css';

interface MessagesHeaderProps {
  readonly layout: ColumnLayout;
  /** While a border is dragged; not kept yet. */
  readonly onResizing: (id: ColumnId, width: number) => void;
  /** The border was let go, or moved by a key. */
  readonly onResized: (id: ColumnId, width: number) => void;
  readonly onReset: (id: ColumnId) => void;
}

/** Pixels by which a key moves a border. */
const KEY_STEP = 8;

/** The names of the columns, with borders to drag. */
export function MessagesHeader({ layout, onResizing, onResized, onReset }: MessagesHeaderProps) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {shownColumns(layout).map((id) => (
          <div
            key={id}
            role="columnheader"
            aria-label={columns[id].label}
            aria-colindex={columnIds.indexOf(id) + 1}
            className={classes.headCell}
            data-number={columns[id].isNumber || undefined}
            data-flag={columns[id].isFlag || undefined}
          >
            <span className={id === 'direction' ? 'visually-hidden' : classes.headLabel}>
              {columns[id].label}
            </span>
            {id !== 'value' && id !== 'direction' && (
              <Border
                id={id}
                width={widthOf(layout, id)}
                onResizing={onResizing}
                onResized={onResized}
                onReset={onReset}
              />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

interface BorderProps extends Omit<MessagesHeaderProps, 'layout'> {
  readonly id: ColumnId;
  readonly width: number | undefined;
}

function Border({ id, width, onResizing, onResized, onReset }: BorderProps) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) {
      return;
    }
    event.preventDefault();
    const border = event.currentTarget;
    border.setPointerCapture(event.pointerId);
    const startX = event.clientX;
    const start = drawnWidth(border);
    let last = start;
    const onMove = (move: globalThis.PointerEvent) => {
      last = start + move.clientX - startX;
      onResizing(id, last);
    };
    const onEnd = () => {
      border.removeEventListener('pointermove', onMove);
      border.removeEventListener('lostpointercapture', onEnd);
      onResized(id, last);
    };
    border.addEventListener('pointermove', onMove);
    border.addEventListener('lostpointercapture', onEnd);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? KEY_STEP : event.key === 'ArrowLeft' ? -KEY_STEP : 0;
    if (step !== 0) {
      event.preventDefault();
      event.stopPropagation();
      onResized(id, drawnWidth(event.currentTarget) + step);
    }
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${columns[id].label}`}
      aria-valuenow={width ?? columns[id].minWidth}
      aria-valuetext={width === undefined ? 'what is left' : `${width} pixels`}
      aria-valuemin={columns[id].minWidth}
      aria-valuemax={2000}
      tabIndex={0}
      className={classes.border}
      onPointerDown={onPointerDown}
      onDoubleClick={() => onReset(id)}
      onKeyDown={onKeyDown}
    />
  );
}

/** Pixels that the column of a border has on screen. */
function drawnWidth(border: HTMLElement): number {
  return border.parentElement?.offsetWidth ?? 0;
}
