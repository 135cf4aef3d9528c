// biome-ignore-all lint/a11y/useFocusableInteractive: rows are reached by aria-activedescendant
import { memo, useLayoutEffect, useRef } from 'react';
import { formatCount } from '#app/base/format.ts';
import type { TreeRow } from '#app/contract/feeds/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { colorValue } from '#renderer/ui/color-mark.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { formatRate } from '#renderer/ui/numbers.tsx';
import { flash } from './flash.ts';
import classes from './topics.module.css';
import { areSameRows, shownSegment } from './tree-rows.ts';

interface TopicRowProps {
  readonly row: TreeRow;
  /** Number of the row in the list; read back by the tree's event handlers. */
  readonly index: number;
  readonly id: string;
  /** How long ago the newest message came, in words. */
  readonly age: string;
  readonly isSelected: boolean;
  /** The keyboard is here. */
  readonly isCurrent: boolean;
}

/** Levels that are indented; deeper ones stay in line, so that something of them is seen. */
const MAX_INDENT = 24;
/** Counts from here on are shown in millions. */
const MILLIONS_FROM = 10_000_000;

/** One row of the tree. Plain elements without handlers: it is drawn again with every message that it shows. */
export const TopicRow = memo(TopicRowView, (last, next) => {
  return (
    last.index === next.index &&
    last.age === next.age &&
    last.isSelected === next.isSelected &&
    last.isCurrent === next.isCurrent &&
    last.id === next.id &&
    areSameRows(last.row, next.row)
  );
});

function TopicRowView({ row, index, id, age, isSelected, isCurrent }: TopicRowProps) {
  const value = useRef<HTMLSpanElement>(null);
  const shownSequence = useRef(row.lastSequence);
  useLayoutEffect(() => {
    if (shownSequence.current !== row.lastSequence) {
      shownSequence.current = row.lastSequence;
      if (value.current !== null) {
        flash(value.current);
      }
    }
  }, [row.lastSequence]);

  const segment = shownSegment(row);
  const isBranch = row.children > 0;
  return (
    <div
      role="treeitem"
      id={id}
      aria-label={rowLabel(segment, row)}
      aria-level={row.level}
      aria-expanded={isBranch ? row.expanded : undefined}
      aria-selected={isSelected}
      aria-setsize={row.siblings}
      aria-posinset={row.position}
      data-index={index}
      data-current={isCurrent || undefined}
      className={classes.row}
    >
      {row.color !== undefined && (
        <span className={classes.bar} style={{ background: colorValue(row.color) }} />
      )}
      <span className={classes.indent} style={{ width: Math.min(row.level - 1, MAX_INDENT) * 12 }} />
      <span className={classes.chevron} data-part={isBranch ? 'chevron' : undefined}>
        {isBranch && (
          <svg viewBox="0 0 16 16" aria-hidden="true" data-open={row.expanded || undefined}>
            <path d="m6 3.5 4.5 4.5L6 12.5" />
          </svg>
        )}
      </span>
      <span className={classes.segment} data-empty={row.segmentLength === 0 || undefined}>
        <CutText text={segment} />
      </span>
      {row.muted === true && (
        <svg viewBox="0 0 16 16" aria-hidden="true" className={classes.muted}>
          <title>Muted: not shown in the stream</title>
          <path d="M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM8 6.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zM3 13 13 3" />
        </svg>
      )}
      {row.label !== undefined && <span className={classes.label}>{visibleText(row.label)}</span>}
      <span className={classes.value} data-gone={row.notKept}>
        <span ref={value}>{shownValue(row)}</span>
      </span>
      <span
        className={classes.retained}
        title={row.retained ? 'Retained: when it was published is not known' : undefined}
      >
        {row.retained && (
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4.5 2.5h7v11L8 10.8l-3.5 2.7z" />
          </svg>
        )}
      </span>
      <span className={classes.messages}>{compactCount(row.messages)}</span>
      <span className={classes.topics}>{isBranch ? compactCount(row.topics) : ''}</span>
      <span className={classes.rate}>{row.rate < 0.1 ? '' : `${formatRate(row.rate)}/s`}</span>
      <span className={classes.age}>{age}</span>
    </div>
  );
}

function rowLabel(segment: string, row: TreeRow): string {
  const label = row.label === undefined ? '' : ` (${visibleText(row.label)})`;
  const text = shownValue(row);
  const value = text === '' ? '' : `: ${text}`;
  const count = `${formatCount(row.messages)} ${row.messages === 1 ? 'message' : 'messages'}`;
  return `${segment}${label}${value}, ${count}${row.retained ? ', retained' : ''}${row.muted === true ? ', muted' : ''}`;
}

/** `21.4 °C` */
function shownValue({ preview, unit, notKept }: TreeRow): string {
  if (notKept === true) {
    return 'not kept';
  }
  return unit === undefined ? preview : `${preview} ${visibleText(unit)}`;
}

/** `1,234,567`, and `12.3M` where that would not fit its column. */
function compactCount(count: number): string {
  return count < MILLIONS_FROM ? formatCount(count) : `${(count / 1_000_000).toFixed(1)}M`;
}
