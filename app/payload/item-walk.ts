import { formatCount } from '../base/format.ts';
import { type ItemCursor, ItemStop } from './item-cursor.ts';
import type { ItemVisitor, OpenItem, ReadOne } from './item-visitor.ts';

/** Items between two looks at the clock. */
const ITEMS_PER_LOOK = 1024;

/** What reading may cost. */
export interface WalkLimits {
  readonly maxDepth: number;
  readonly isOver: () => boolean;
}

/** Reads one item with all that it holds, without recursion. Throws an {@link ItemStop}. */
export function walkItem(
  cursor: ItemCursor,
  visitor: ItemVisitor,
  readOne: ReadOne,
  { maxDepth, isOver }: WalkLimits,
): void {
  const open: OpenItem[] = [];
  let count = 0;
  do {
    count += 1;
    if (count % ITEMS_PER_LOOK === 0 && isOver()) {
      throw new ItemStop('timeout', cursor.offset, 'It took too long to read');
    }
    const at = cursor.offset;
    const item = readOne(cursor, visitor, open.at(-1));
    if (item === 'end') {
      open.pop();
      visitor.close();
    } else if (item !== 'value') {
      if (item.left > 0) {
        open.push(item);
        if (open.length > maxDepth) {
          throw new ItemStop('deep', at, `Nested deeper than ${formatCount(maxDepth)}`);
        }
        continue;
      }
      visitor.close();
    }
    closeFull(open, visitor);
  } while (open.length > 0);
}

/** An item ended: so do the containers of which it was the last. */
function closeFull(open: OpenItem[], visitor: ItemVisitor): void {
  for (let parent = open.at(-1); parent !== undefined; parent = open.at(-1)) {
    parent.left -= 1;
    parent.seen += 1;
    if (parent.left > 0) {
      return;
    }
    open.pop();
    visitor.close();
  }
}
