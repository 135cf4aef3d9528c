/** Where a key moves the cursor of a list to. */
export type ListMove = 'previous' | 'next' | 'first' | 'last' | 'page-up' | 'page-down';

/** What of a key press says which command is meant. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const moves: Readonly<Record<string, ListMove>> = {
  ArrowUp: 'previous',
  ArrowDown: 'next',
  Home: 'first',
  End: 'last',
  PageUp: 'page-up',
  PageDown: 'page-down',
};

/** The move of a key, whatever else is held down; `undefined` when it moves nothing. */
export function listMove(key: string): ListMove | undefined {
  return moves[key];
}

/** Control or Command and C. */
export function isCopyKey({ key, altKey, ctrlKey, metaKey, shiftKey }: PressedKey): boolean {
  return (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'c';
}

/** The two ways to a context menu without a mouse. */
export function isMenuKey({ key, shiftKey }: PressedKey): boolean {
  return key === 'ContextMenu' || (key === 'F10' && shiftKey);
}
