import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { formatTime } from '#app/base/format.ts';
import classes from './topics.module.css';
import type { TreeSort } from './use-tree-feed.ts';

interface TreeHeaderProps {
  readonly sort: TreeSort;
  readonly onSort: (sort: TreeSort) => void;
  readonly frozen: boolean;
  /** The rows are of this moment; `undefined`: as messages come. Milliseconds since the epoch. */
  readonly asOf: number | undefined;
}

type SortKey = TreeSort['by'];

/** How an order begins: names from A, numbers and times from the largest. */
export function sortedBy(by: SortKey): TreeSort {
  return { by, descending: by !== 'name' };
}

/** The line above the rows: names of the columns, and the order by one of them. Not drawn with every window below it. */
export const TreeHeader = memo(function TreeHeader({ sort, onSort, frozen, asOf }: TreeHeaderProps) {
  const column = (by: SortKey, label: string, className: string | undefined) => (
    <button
      type="button"
      className={className}
      aria-pressed={sort.by === by}
      title={`Sort by ${label.toLowerCase()}`}
      onClick={() => onSort(sort.by === by ? { by, descending: !sort.descending } : sortedBy(by))}
    >
      {label}
      {sort.by === by &&
        (sort.descending ? (
          <ArrowDown size={11} strokeWidth={1.75} aria-label="descending" />
        ) : (
          <ArrowUp size={11} strokeWidth={1.75} aria-label="ascending" />
        ))}
    </button>
  );
  return (
    <div role="toolbar" aria-label="Columns" className={classes.columns}>
      {column('name', 'Topic', classes.name)}
      {asOf === undefined ? (
        <span
          className={classes.frozen}
          data-shown={frozen || undefined}
          title="Rows keep their places while the pointer or the keyboard is in the tree"
        >
          order frozen
        </span>
      ) : (
        <span
          className={classes.frozen}
          data-shown
          data-past
          title="The tree is shown as it was at this time"
        >
          as of {formatTime(asOf)}
        </span>
      )}
      <span className={classes.retained} />
      {column('count', 'Messages', classes.messages)}
      <span className={classes.topics}>Topics</span>
      {column('rate', 'Rate', classes.rate)}
      {column('recent', 'Age', classes.age)}
    </div>
  );
});
