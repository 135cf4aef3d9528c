// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual; a table cannot do that
import { useMergedRef, useResizeObserver } from '@mantine/hooks';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import { encodeHex } from '#app/payload/hex.ts';
import { meaningOf } from '#renderer/ui/byte-meaning.ts';
import { formatOffset, toHexText } from '#renderer/ui/hex-geometry.ts';
import type { RowWindow } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import { copiedText, pastedBytes } from './hex-clipboard.ts';
import {
  type HexEdit,
  moveTo,
  putBytes,
  remove,
  selectionOf,
  startEdit,
  toggleInserting,
} from './hex-edit.ts';
import { byteCellId, HexEditRow } from './hex-edit-row.tsx';
import styles from './hex-field.module.css';
import { afterKey, type HexSide } from './hex-keys.ts';

interface HexFieldProps {
  /** Bytes in hex. */
  readonly text: string;
  readonly onText: (text: string) => void;
}

const ROW_HEIGHT = 20;
/** Pixels from which on sixteen bytes have room in a row, instead of eight. */
const WIDE = 500;
const noKey = () => 0;
const noAnchors = () => [];

/** A payload as a grid of bytes to type in, in hex or in ASCII. The text has to be hex. */
export function HexField({ text, onText }: HexFieldProps) {
  const id = useId();
  const [edit, setEdit] = useState<HexEdit>(() => startEdit(encodeHex(text)));
  const latest = useRef(edit);
  const told = useRef(text);
  const [side, setSide] = useState<HexSide>('hex');
  const [frameRef, { width }] = useResizeObserver<HTMLDivElement>();
  const columns = width >= WIDE ? 16 : 8;
  const scroller = useVirtualScroller(ROW_HEIGHT);
  const grid = useRef<HTMLDivElement>(null);
  const isDragging = useRef(false);

  const show = (next: HexEdit) => {
    latest.current = next;
    setEdit(next);
  };
  const apply = (next: HexEdit) => {
    const isChanged = next.bytes !== latest.current.bytes;
    show(next);
    scroller.reveal(Math.floor(next.cursor / columns));
    if (isChanged) {
      told.current = toHexText(next.bytes);
      onText(told.current);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came from outside is another payload
  useEffect(() => {
    if (text !== told.current) {
      told.current = text;
      show({ ...startEdit(encodeHex(text)), isInserting: latest.current.isInserting });
    }
  }, [text]);

  const { bytes, cursor } = edit;
  // The place behind the last byte has a cell too.
  const total = Math.floor(bytes.length / columns) + 1;
  const window = useMemo<RowWindow<never>>(() => ({ offset: 0, total, rows: [] }), [total]);
  const { rendered, refs } = useVirtualRows<never, RowWindow<never>>(scroller, {
    window,
    keyOf: noKey,
    anchors: noAnchors,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F2') {
      setSide(side === 'hex' ? 'ascii' : 'hex');
      event.preventDefault();
      return;
    }
    const next = afterKey(latest.current, event, side, columns, scroller.rowsPerPage);
    if (next !== undefined) {
      event.preventDefault();
      apply(next);
    }
  };
  const onCopy = (event: ClipboardEvent, isCut: boolean) => {
    const { start, end } = selectionOf(latest.current);
    if (end > start) {
      const part = latest.current.bytes.subarray(start, end);
      event.clipboardData.setData('text/plain', copiedText(part, side));
      event.preventDefault();
      if (isCut) {
        apply(remove(latest.current, 0));
      }
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    const pasted = pastedBytes(event.clipboardData.getData('text/plain'), side);
    if (pasted !== undefined) {
      apply(putBytes(latest.current, pasted));
    }
  };
  const cellAt = (event: PointerEvent) => {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const cell = target?.closest<HTMLElement>('[data-offset]');
    return cell === null || cell === undefined || !event.currentTarget.contains(cell)
      ? undefined
      : ({
          offset: Number(cell.dataset.offset),
          side: cell.dataset.side === 'ascii' ? 'ascii' : 'hex',
        } as const);
  };

  const range = selectionOf(edit);
  const isCursorDrawn = cursor >= rendered.first * columns && cursor < rendered.end * columns;
  const digits = Math.max(4, bytes.length.toString(16).length);
  const viewRef = useMergedRef(grid, refs.view);
  return (
    <div ref={frameRef} className={styles.frame}>
      <div
        ref={viewRef}
        role="grid"
        aria-label="Payload"
        aria-description="Bytes in hex. Type digits; arrow keys move, Shift selects, Insert changes between inserting and overwriting, F2 between hex and text, Control+Z undoes."
        aria-multiselectable
        aria-rowcount={total}
        aria-colcount={columns + 1}
        aria-activedescendant={isCursorDrawn ? byteCellId(id, cursor) : undefined}
        tabIndex={0}
        data-side={side}
        data-inserting={edit.isInserting || undefined}
        className={styles.grid}
        onKeyDown={onKeyDown}
        onCopy={(event) => onCopy(event, false)}
        onCut={(event) => onCopy(event, true)}
        onPaste={onPaste}
        onPointerDown={(event) => {
          const cell = event.button === 0 ? cellAt(event) : undefined;
          if (cell !== undefined) {
            isDragging.current = true;
            event.currentTarget.setPointerCapture(event.pointerId);
            setSide(cell.side);
            apply(moveTo(latest.current, cell.offset, event.shiftKey));
          }
        }}
        onPointerMove={(event) => {
          const cell = isDragging.current ? cellAt(event) : undefined;
          if (cell !== undefined && cell.offset !== latest.current.cursor) {
            apply(moveTo(latest.current, cell.offset, true));
          }
        }}
        onPointerUp={() => {
          isDragging.current = false;
        }}
        onPointerCancel={() => {
          isDragging.current = false;
        }}
      >
        <div ref={refs.content} role="presentation" className={styles.content}>
          <div ref={refs.layer} role="presentation" className={styles.layer}>
            {Array.from({ length: rendered.end - rendered.first }, (_, index) => {
              const row = rendered.first + index;
              const first = row * columns;
              const isCursorRow = Math.floor(cursor / columns) === row;
              return (
                <HexEditRow
                  key={row}
                  id={id}
                  row={row}
                  columns={columns}
                  digits={digits}
                  bytes={bytes.subarray(first, first + columns)}
                  hasEnd={bytes.length - first < columns}
                  from={Math.max(0, Math.min(columns, range.start - first))}
                  to={Math.max(0, Math.min(columns, range.end - first))}
                  cursor={isCursorRow ? cursor - first : undefined}
                  isHalf={isCursorRow && edit.isHalf}
                />
              );
            })}
          </div>
        </div>
      </div>
      <div className={styles.bar}>
        <span className={styles.facts} title={facts(edit)}>
          {facts(edit)}
        </span>
        <button
          type="button"
          className={styles.action}
          aria-pressed={edit.isInserting}
          title="Insert key"
          onClick={() => {
            apply(toggleInserting(latest.current));
            grid.current?.focus();
          }}
        >
          {edit.isInserting ? 'Inserting' : 'Overwriting'}
        </button>
      </div>
    </div>
  );
}

/** `0x10 (16)`, how much is selected, and what that is as a number. */
function facts(edit: HexEdit): string {
  const { start, end } = selectionOf(edit);
  const { bytes, cursor } = edit;
  const at = `0x${formatOffset(cursor, 1)}`;
  const meaning = meaningOf(bytes.subarray(start, end > start ? end : start + 1));
  return [
    end - start > 1 ? `${at}, ${formatQuantity(end - start, 'byte')}` : `${at} (${formatCount(cursor)})`,
    ...(meaning === '' ? [] : [meaning]),
  ].join(' · ');
}
