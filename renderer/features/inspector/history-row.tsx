// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and points at the option that is chosen
import { formatBytes, formatCount, formatDuration, formatTime } from '#app/base/format.ts';
import type { FieldChangeText, HistoryRow as Row } from '#app/contract/feeds/readers.ts';
import classes from './history.module.css';

interface HistoryRowProps {
  readonly id: string;
  readonly row: Row;
  readonly index: number;
  readonly total: number;
  readonly isSelected: boolean;
}

/** One message of the history, or several with the same payload, and what changed since the one before. */
export function HistoryRow({ id, row, index, total, isSelected }: HistoryRowProps) {
  const { changes, count } = row;
  const after =
    row.beforeAt === undefined ? '' : `+${formatDuration(Math.max(0, row.firstAt - row.beforeAt))}`;
  return (
    <div
      role="option"
      id={id}
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-index={index}
      className={classes.row}
    >
      <span className={classes.time} title={new Date(row.receivedAt).toLocaleString()}>
        {formatTime(row.receivedAt)}
      </span>
      <span className={classes.delta}>{after}</span>
      <span className={classes.flags}>
        {row.qos}
        {row.retain && (
          <abbr title="Retained: when it was published is not known" className={classes.flag}>
            R
          </abbr>
        )}
        {row.direction === 'published' && (
          <abbr title="Published from here" className={classes.flag}>
            ↑
          </abbr>
        )}
      </span>
      <span className={classes.size}>{formatBytes(row.size)}</span>
      {count > 1 && (
        <span
          className={classes.count}
          title={`${formatCount(count)} messages with this payload, from ${formatTime(row.firstAt)} on`}
        >
          ×{formatCount(count)}
        </span>
      )}
      {changes !== undefined && (
        <span className={classes.changes}>
          {changes.length === 0 ? (
            <span className={classes.same}>no field changed</span>
          ) : (
            changes.map((change, place) => (
              <Change key={change.path} change={change} isLast={place === changes.length - 1} />
            ))
          )}
          {row.moreChanges > 0 && (
            <span className={classes.same}>; {formatCount(row.moreChanges)} more fields</span>
          )}
        </span>
      )}
      <span className={classes.preview} title={row.preview}>
        {row.preview}
      </span>
    </div>
  );
}

/** `temp 21.4 → 21.6`, `err appeared: "E7"`, `unit gone`. */
function Change({ change, isLast }: { readonly change: FieldChangeText; readonly isLast: boolean }) {
  const name = change.path === '$' ? '' : `${change.path} `;
  return (
    <span className={classes.change} data-kind={change.kind}>
      <span className={classes.field}>{name}</span>
      {change.kind === 'changed' && `${change.before} → ${change.after}`}
      {change.kind === 'appeared' && `appeared: ${change.after}`}
      {change.kind === 'gone' && 'gone'}
      {!isLast && '; '}
    </span>
  );
}
