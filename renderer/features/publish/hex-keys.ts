import { encodeText } from '#app/payload/text.ts';
import { isMac } from '#renderer/ui/shortcut.ts';
import {
  type HexEdit,
  moveTo,
  putBytes,
  redo,
  remove,
  selectAll,
  toggleInserting,
  typeDigit,
  undo,
} from './hex-edit.ts';

/** Whether hex digits are typed, or characters. */
export type HexSide = 'hex' | 'ascii';

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** What a key makes of an edit; `undefined` for a key that is none of its own. */
export function afterKey(
  edit: HexEdit,
  event: Key,
  side: HexSide,
  columns: number,
  rowsPerPage: number,
  mac = isMac(),
): HexEdit | undefined {
  const { key, shiftKey, altKey } = event;
  const isMod = event.ctrlKey || event.metaKey;
  if (altKey) {
    // On a Mac, Option is how characters such as @ and [ are typed in many layouts.
    return mac && !isMod && side === 'ascii' ? typed(edit, key, side) : undefined;
  }
  const target = targetOf(edit, key, isMod, columns, rowsPerPage);
  if (target !== undefined) {
    return moveTo(edit, target, shiftKey);
  }
  if (isMod) {
    switch (key.toLowerCase()) {
      case 'a':
        return selectAll(edit);
      case 'z':
        return shiftKey ? redo(edit) : undo(edit);
      case 'y':
        return redo(edit);
      default:
        return undefined;
    }
  }
  switch (key) {
    case 'Backspace':
      return remove(edit, -1);
    case 'Delete':
      return remove(edit, 0);
    case 'Insert':
      return toggleInserting(edit);
    case 'Escape':
      return edit.anchor === undefined ? undefined : moveTo(edit, edit.cursor, false);
    default:
      return typed(edit, key, side);
  }
}

function typed(edit: HexEdit, key: string, side: HexSide): HexEdit | undefined {
  if ([...key].length !== 1) {
    return undefined;
  }
  if (side === 'ascii') {
    return putBytes(edit, encodeText(key));
  }
  // Blanks between bytes are typed along by habit.
  return /^[\da-f]$/i.test(key) ? typeDigit(edit, Number.parseInt(key, 16)) : key === ' ' ? edit : undefined;
}

/** The byte that a key goes to. */
function targetOf(
  { bytes, cursor }: HexEdit,
  key: string,
  isMod: boolean,
  columns: number,
  rowsPerPage: number,
): number | undefined {
  const { length } = bytes;
  const column = cursor % columns;
  const page = Math.max(1, rowsPerPage) * columns;
  switch (key) {
    case 'ArrowLeft':
      return cursor - 1;
    case 'ArrowRight':
      return cursor + 1;
    case 'ArrowUp':
      return cursor < columns ? cursor : cursor - columns;
    case 'ArrowDown':
      return Math.min(length, cursor + columns);
    case 'PageUp':
      return Math.max(column, cursor - page);
    case 'PageDown':
      return Math.min(length, cursor + page);
    case 'Home':
      return isMod ? 0 : cursor - column;
    case 'End':
      return isMod ? length : Math.min(length, cursor - column + columns - 1);
    default:
      return undefined;
  }
}
