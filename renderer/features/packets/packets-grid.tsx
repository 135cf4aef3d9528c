// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { ArrowDownLeft, ArrowUpRight, TriangleAlert } from 'lucide-react';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { formatBytes, formatTime } from '#app/base/format.ts';
import type { PacketMark, PacketRow, PacketsWindow } from '#app/contract/feeds/packets.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { isCopyKey, listMove } from '#renderer/ui/virtual/list-keys.ts';
import { indexOfKey, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useListCursor } from '#renderer/ui/virtual/use-list-cursor.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import type { VirtualScroller } from '#renderer/ui/virtual/virtual-scroller.ts';
import classes from './packets.module.css';
import { flagsText, tieText } from './packets-words.ts';
import type { Packets } from './use-packets.ts';

type Row = PacketRow | PacketMark;

interface PacketsGridProps {
  readonly packets: Packets;
  /** Sequence number of the packet whose exchange is marked. */
  readonly opener: number | undefined;
  readonly onSelect: (row: PacketRow) => void;
  /** Control and C on a packet. */
  readonly onCopy: (row: PacketRow) => void;
  readonly empty: ReactNode;
}

const columns = ['Time', 'Direction', 'Packet', 'ID', 'Topic or summary', 'Size', 'Flags', 'Round trip'];
const numbers: ReadonlySet<string> = new Set(['ID', 'Size', 'Round trip']);
const keyOf = (row: Row) => row.sequence;

/** The packets, one a row, newest at the bottom. */
export function PacketsGrid({ packets, opener, onSelect, onCopy, empty }: PacketsGridProps) {
  const { window, isFollowing, follow, hold, cover } = packets;
  const scroller = useVirtualScroller(22, 22);
  const { rendered, refs } = useVirtualRows<Row, PacketsWindow>(scroller, {
    window,
    keyOf,
    pinned: isFollowing,
    anchors: (last) => {
      const { first, end } = scroller.visible;
      return Array.from({ length: end - first }, (_, place) => rowAt(last, first + place)?.sequence);
    },
    lostShift: (last, next) => last.evictedRows - next.evictedRows,
  });
  useEffect(() => cover(rendered));
  useEffect(() => {
    const scrolling = scroller.onDidUserScroll(({ isAtEnd }) => (isAtEnd ? follow() : hold()));
    return () => scrolling.dispose();
  });
  const select = (row: Row | undefined) => {
    if (row?.kind === 'packet') {
      onSelect(row);
    }
  };
  const frame = useRef<HTMLDivElement>(null);
  const { props, rowProps, chosen } = useListCursor<Row>(window, scroller, keyOf, select);
  const chosenRow = window?.rows.find((row) => row.sequence === chosen);
  // Arrows choose as a click does: the details follow.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each row that is chosen
  useEffect(() => select(chosenRow), [chosen, chosenRow === undefined]);
  useRevealAfterResize(frame, scroller, indexOfKey(window, chosen, keyOf));
  const total = window?.total ?? 0;
  return (
    <div ref={frame} className={classes.frame}>
      <div
        ref={refs.view}
        role="grid"
        aria-label="Packets"
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        className={`${virtualList.view ?? ''} ${classes.view}`}
        {...props}
        onMouseDown={(event) => {
          hold();
          props.onMouseDown(event);
        }}
        onWheel={(event) => {
          if (event.deltaY < 0 && scroller.top > 0) {
            hold();
          }
        }}
        onKeyDown={(event) => {
          const move = listMove(event.key);
          if (move === 'last') {
            follow();
          } else if (move !== undefined) {
            hold();
          } else if (isCopyKey(event) && chosenRow?.kind === 'packet') {
            event.preventDefault();
            onCopy(chosenRow);
            return;
          }
          props.onKeyDown(event);
        }}
      >
        <div role="row" aria-rowindex={1} className={classes.head}>
          {columns.map((name) => (
            <div key={name} role="columnheader" data-number={numbers.has(name) || undefined}>
              {name === 'Direction' ? <span className="visually-hidden">{name}</span> : name}
            </div>
          ))}
        </div>
        <div ref={refs.content} role="rowgroup" className={virtualList.content}>
          <div ref={refs.layer} role="presentation" className={virtualList.layer}>
            {Array.from({ length: rendered.end - rendered.first }, (_, step) => {
              const index = rendered.first + step;
              const row = rowAt(window, index);
              if (row === undefined) {
                return <div key={`unknown-${index}`} role="presentation" className={classes.row} />;
              }
              if (row.kind === 'mark') {
                return (
                  <div
                    key={row.sequence}
                    {...rowProps(row, index)}
                    className={classes.mark}
                    data-bad={row.isBad || undefined}
                  >
                    <div role="gridcell">{formatTime(row.at)}</div>
                    <div role="gridcell" title={row.text} aria-colspan={columns.length - 1}>
                      {visibleText(row.text)}
                    </div>
                  </div>
                );
              }
              const isTied = opener !== undefined && openerOf(row) === opener;
              return (
                <div
                  key={row.sequence}
                  {...rowProps(row, index)}
                  className={classes.row}
                  data-tied={isTied || undefined}
                  data-problem={row.problem !== undefined || undefined}
                >
                  <Cells row={row} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {total === 0 && <div className={classes.empty}>{empty}</div>}
    </div>
  );
}

/** Keeps the chosen row in view when the list gets lower: the details open beneath it where there is no room beside. */
function useRevealAfterResize(
  frame: { readonly current: HTMLElement | null },
  scroller: VirtualScroller,
  index: number | undefined,
): void {
  const latest = useRef(index);
  latest.current = index;
  useEffect(() => {
    const element = frame.current;
    if (element === null) {
      return undefined;
    }
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const isLower = element.clientHeight < height;
      height = element.clientHeight;
      const row = latest.current;
      if (isLower && row !== undefined) {
        // The scroller measures itself in the same turn.
        requestAnimationFrame(() => scroller.reveal(row));
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, scroller]);
}

/** Sequence number of the packet that began the exchange. */
export function openerOf({ tie, sequence }: PacketRow): number | undefined {
  return tie === undefined ? undefined : tie.kind === 'follows' ? tie.opener : sequence;
}

const Cells = memo(
  function Cells({ row }: { readonly row: PacketRow }) {
    const summary = visibleText(row.summary);
    const problem = row.problem === undefined ? undefined : visibleText(row.problem);
    const isSent = row.direction === 'sent';
    const Arrow = isSent ? ArrowUpRight : ArrowDownLeft;
    return (
      <>
        <div role="gridcell">{formatTime(row.at)}</div>
        <div role="gridcell" aria-label={isSent ? 'sent' : 'received'} data-direction={row.direction}>
          <Arrow size={14} strokeWidth={1.75} aria-hidden />
        </div>
        <div role="gridcell" className={classes.type}>
          {row.type}
        </div>
        <div role="gridcell" className={classes.number}>
          {row.packetId}
        </div>
        <div
          role="gridcell"
          title={problem === undefined ? summary : `${summary}\n${problem}`}
          aria-label={problem === undefined ? summary : `${summary}, ${problem}`}
          className={classes.summary}
        >
          {row.type === 'PUBLISH' ? <CutText text={summary} maxTail={24} /> : <span>{summary}</span>}
          {problem !== undefined && (
            <span className={classes.problem}>
              <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />
              {problem}
            </span>
          )}
        </div>
        <div role="gridcell" className={classes.number}>
          {formatBytes(row.size)}
        </div>
        <div role="gridcell">{flagsText(row)}</div>
        <div role="gridcell" className={classes.number} data-tie={row.tie?.kind}>
          {tieText(row.tie)}
        </div>
      </>
    );
  },
  (last, next) => JSON.stringify(last.row) === JSON.stringify(next.row),
);
