import { Button } from '@mantine/core';
import { memo, useEffect, useRef, useState } from 'react';
import { formatBytes } from '#app/base/format.ts';
import type { ByteRange } from '#app/mqtt/packets/packet.ts';
import classes from './packets.module.css';

interface PacketBytesProps {
  readonly bytes: Uint8Array;
  readonly secrets: readonly ByteRange[];
  readonly marked: ByteRange | undefined;
  /** In one row. */
  readonly perRow: 8 | 16;
  readonly onChoose: (at: number) => void;
}

/** Bytes that are drawn before all of them are asked for, and then at most. */
const FIRST_BYTES = 1024;
const MAX_BYTES = 16 * 1024;

/** Bytes as hex and ASCII, with a range marked. */
export function PacketBytes({ bytes, secrets, marked, perRow, onChoose }: PacketBytesProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = Math.min(bytes.length, isWhole ? MAX_BYTES : FIRST_BYTES);
  const box = useRef<HTMLElement>(null);
  const first = marked === undefined ? undefined : Math.floor(marked.start / perRow);
  useEffect(() => {
    if (first !== undefined) {
      box.current?.querySelector(`[data-row="${first}"]`)?.scrollIntoView({ block: 'nearest' });
    }
  }, [first]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: bytes lead to their field, which the list offers to the keyboard
    <section
      ref={box}
      aria-label="Bytes"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      className={classes.bytes}
      onClick={({ target }) => {
        const at = target instanceof HTMLElement ? target.dataset.at : undefined;
        if (at !== undefined) {
          onChoose(Number(at));
        }
      }}
    >
      {Array.from({ length: Math.ceil(shown / perRow) }, (_, row) => (
        <BytesRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are their number
          key={row}
          row={row}
          bytes={bytes}
          secrets={secrets}
          perRow={perRow}
          from={Math.max(0, Math.min(perRow, (marked?.start ?? 0) - row * perRow))}
          end={Math.max(0, Math.min(perRow, (marked?.end ?? 0) - row * perRow))}
        />
      ))}
      {shown < bytes.length && (
        <p className={classes.more}>
          The first {formatBytes(shown)} of {formatBytes(bytes.length)}.
          {shown < MAX_BYTES && (
            <Button size="compact-xs" variant="default" onClick={() => setWhole(true)}>
              Show {formatBytes(Math.min(bytes.length, MAX_BYTES))}
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

interface BytesRowProps {
  readonly row: number;
  readonly bytes: Uint8Array;
  readonly secrets: readonly ByteRange[];
  readonly perRow: 8 | 16;
  /** Columns that are marked. */
  readonly from: number;
  readonly end: number;
}

const BytesRow = memo(function BytesRow({ row, bytes, secrets, perRow, from, end }: BytesRowProps) {
  const start = row * perRow;
  const cells = Array.from(bytes.subarray(start, start + perRow), (byte, column) => {
    const at = start + column;
    const isHidden = secrets.some((range) => range.start <= at && at < range.end);
    const isMarked = (column >= from && column < end) || undefined;
    return { at, byte, isHidden, isMarked };
  });
  return (
    <div className={classes.bytesRow} data-row={row}>
      <span className={classes.offset}>{start.toString(16).padStart(4, '0')}</span>
      <span className={classes.hex} data-narrow={perRow === 8 || undefined}>
        {cells.map(({ at, byte, isHidden, isMarked }) => (
          <span key={at} data-at={at} data-marked={isMarked}>
            {isHidden ? '··' : byte.toString(16).padStart(2, '0')}
          </span>
        ))}
      </span>
      <span aria-hidden className={classes.ascii}>
        {cells.map(({ at, byte, isHidden, isMarked }) => (
          <span key={at} data-at={at} data-marked={isMarked}>
            {isHidden ? '·' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'}
          </span>
        ))}
      </span>
    </div>
  );
});
