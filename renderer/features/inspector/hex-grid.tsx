// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual; a table cannot do that
import { useMergedRef } from '@mantine/hooks';
import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import { z } from 'zod';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useKept } from '#renderer/state/kept.ts';
import { meaningOf } from '#renderer/ui/byte-meaning.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import {
  type ByteSelection,
  columnsInRow,
  formatOffset,
  moveCursor,
  offsetDigits,
  ROW_BYTES,
  rowCount,
  selectedRange,
} from '#renderer/ui/hex-geometry.ts';
import type { RowWindow } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import { BytePages } from './byte-pages.ts';
import { READING_BYTES } from './byte-readings.ts';
import { DataInspector } from './data-inspector.tsx';
import { HexBar } from './hex-bar.tsx';
import classes from './hex-grid.module.css';
import { cellId, HexRow } from './hex-row.tsx';
import { copyBytes, readBytes } from './payload-bytes.ts';

interface HexGridProps {
  readonly sessionId: string;
  readonly sequence: number;
  readonly size: number;
  /** The topic: place and selection stay as long as it is the same. */
  readonly contentId: string;
}

const ROW_HEIGHT = 20;
const noKey = () => 0;
const noAnchors = () => [];

/** The bytes of a payload of any size: only what is in view is fetched and drawn. */
export function HexGrid({ sessionId, sequence, size, contentId }: HexGridProps) {
  const id = useId();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [selection, setSelection] = useState<ByteSelection | undefined>(undefined);
  const [isInspecting, setInspecting] = useKept('hex.inspector', z.boolean(), false);
  const scroller = useVirtualScroller(ROW_HEIGHT);
  const grid = useRef<HTMLDivElement>(null);
  const isDragging = useRef(false);

  const pages = useMemo(() => {
    setFailure(undefined);
    return new BytePages(
      size,
      (offset, length) => readBytes(sessionId, sequence, offset, length),
      redraw,
      (error) => setFailure(toFailure(error)),
    );
  }, [sessionId, sequence, size]);
  /** Shown until the bytes of the next message are here. */
  const lastPages = useRef(pages);

  const total = rowCount(size);
  const window = useMemo<RowWindow<never>>(() => ({ offset: 0, total, rows: [] }), [total]);
  const { rendered, refs } = useVirtualRows<never, RowWindow<never>>(scroller, {
    window,
    keyOf: noKey,
    anchors: noAnchors,
  });
  useEffect(() => pages.want(rendered.first * ROW_BYTES, rendered.end * ROW_BYTES), [pages, rendered]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another topic begins at its top
  useEffect(() => {
    scroller.scrollTo(0);
    setSelection(undefined);
  }, [scroller, contentId]);

  const bytesOf = (row: number) => {
    const [start, end] = [row * ROW_BYTES, (row + 1) * ROW_BYTES];
    const bytes = pages.peek(start, end);
    if (bytes !== undefined) {
      lastPages.current = pages;
    }
    return bytes ?? lastPages.current.peek(start, end);
  };

  const place = (cursor: number, isExtending: boolean) => {
    setSelection((last) => ({ anchor: isExtending ? (last?.anchor ?? cursor) : cursor, cursor }));
    scroller.reveal(Math.floor(cursor / ROW_BYTES));
  };
  const copy = (as: 'hex' | 'ascii') =>
    attempt(() => copyBytes(sessionId, sequence, range ?? { start: 0, end: size }, as));
  const onKeyDown = (event: KeyboardEvent) => {
    const isMod = event.ctrlKey || event.metaKey;
    const moved = event.altKey
      ? undefined
      : moveCursor(selection?.cursor ?? 0, event, size, scroller.rowsPerPage);
    if (moved !== undefined) {
      place(moved, event.shiftKey);
    } else if (isMod && event.key.toLowerCase() === 'a') {
      setSelection({ anchor: 0, cursor: size - 1 });
    } else if (isMod && event.key.toLowerCase() === 'c') {
      copy(event.shiftKey ? 'ascii' : 'hex');
    } else if (event.key === 'Escape' && selection !== undefined && selection.anchor !== selection.cursor) {
      setSelection({ anchor: selection.cursor, cursor: selection.cursor });
    } else {
      return;
    }
    event.preventDefault();
  };
  const offsetAt = (event: PointerEvent) => {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const offset = target?.closest<HTMLElement>('[data-offset]')?.dataset.offset;
    return offset === undefined ? undefined : Number(offset);
  };

  const cursor = selection?.cursor;
  const isCursorDrawn =
    cursor !== undefined && cursor >= rendered.first * ROW_BYTES && cursor < rendered.end * ROW_BYTES;
  const range = selection === undefined ? undefined : selectedRange(selection);
  const digits = offsetDigits(size);
  const selected =
    range === undefined ? undefined : pages.peek(range.start, Math.min(range.end, range.start + 8));
  const inspected = range === undefined ? undefined : pages.peek(range.start, inspectedEnd(range, size));
  const viewRef = useMergedRef(grid, refs.view);
  return (
    <div className={classes.frame}>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div className={classes.columns} aria-hidden>
        <span className={classes.offset} style={{ width: `${digits}ch` }}>
          Offset
        </span>
        <span className={classes.bytes}>
          {Array.from({ length: ROW_BYTES }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change
            <span key={column} className={classes.byte}>
              {formatOffset(column, 2)}
            </span>
          ))}
        </span>
        <span className={classes.ascii}>ASCII</span>
      </div>
      <div
        ref={viewRef}
        role="grid"
        aria-label="Value"
        aria-description="Bytes in hex. Arrow keys move, Shift selects, Control+C copies as hex, Control+Shift+C as ASCII."
        aria-readonly
        aria-multiselectable
        aria-rowcount={total}
        aria-colcount={ROW_BYTES + 1}
        aria-activedescendant={isCursorDrawn ? cellId(id, cursor) : undefined}
        tabIndex={0}
        className={classes.grid}
        onKeyDown={onKeyDown}
        onFocus={() => setSelection((last) => last ?? { anchor: 0, cursor: 0 })}
        onPointerDown={(event) => {
          const offset = event.button === 0 ? offsetAt(event) : undefined;
          if (offset !== undefined) {
            isDragging.current = true;
            event.currentTarget.setPointerCapture(event.pointerId);
            place(offset, event.shiftKey);
          }
        }}
        onPointerMove={(event) => {
          const offset = isDragging.current ? offsetAt(event) : undefined;
          if (offset !== undefined && offset !== cursor) {
            place(offset, true);
          }
        }}
        onPointerUp={() => {
          isDragging.current = false;
        }}
        onPointerCancel={() => {
          isDragging.current = false;
        }}
      >
        <div ref={refs.content} role="presentation" className={classes.content}>
          <div ref={refs.layer} role="presentation" className={classes.layer}>
            {Array.from({ length: rendered.end - rendered.first }, (_, index) => {
              const row = rendered.first + index;
              const columns = range === undefined ? undefined : columnsInRow(range, row);
              const isCursorRow = cursor !== undefined && Math.floor(cursor / ROW_BYTES) === row;
              return (
                <HexRow
                  key={row}
                  id={id}
                  row={row}
                  digits={digits}
                  bytes={bytesOf(row)}
                  from={columns?.start}
                  to={columns?.end}
                  cursor={isCursorRow ? cursor % ROW_BYTES : undefined}
                />
              );
            })}
          </div>
        </div>
      </div>
      {isInspecting && inspected !== undefined && <DataInspector bytes={inspected} />}
      <HexBar
        size={size}
        isInspecting={isInspecting}
        onInspect={() => {
          setInspecting(!isInspecting);
          // Without a selection there would be nothing to read.
          setSelection((last) => last ?? { anchor: 0, cursor: 0 });
        }}
        onGo={(offset) => {
          place(offset, false);
          scroller.reveal(Math.floor(offset / ROW_BYTES), 'center');
          grid.current?.focus({ preventScroll: true });
        }}
        onCopy={copy}
        canCopy={range !== undefined}
        meaning={selected === undefined ? '' : meaningOf(selected)}
      >
        {range === undefined || cursor === undefined ? (
          formatQuantity(size, 'byte')
        ) : (
          <>
            <span className={classes.strong}>0x{formatOffset(cursor, 1)}</span> ({formatCount(cursor)})
            {range.end - range.start > 1 && (
              <> · {formatQuantity(range.end - range.start, 'byte')} selected</>
            )}
          </>
        )}
      </HexBar>
    </div>
  );
}

/** One byte is a place: what begins there is read. Several are what is meant, and no more. */
function inspectedEnd(
  { start, end }: { readonly start: number; readonly end: number },
  size: number,
): number {
  return Math.min(size, end - start === 1 ? start + READING_BYTES : Math.min(end, start + READING_BYTES));
}
