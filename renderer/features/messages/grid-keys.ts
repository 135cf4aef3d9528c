/** What a key means in the stream. */
export type GridCommand =
  | { readonly kind: 'move'; readonly to: 'previous' | 'next' | 'first' | 'last' | 'page-up' | 'page-down' }
  | { readonly kind: 'open' }
  | { readonly kind: 'copy' }
  | { readonly kind: 'menu' };

type PressedKey = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const moves: Readonly<Record<string, Extract<GridCommand, { kind: 'move' }>['to']>> = {
  ArrowUp: 'previous',
  ArrowDown: 'next',
  Home: 'first',
  End: 'last',
  PageUp: 'page-up',
  PageDown: 'page-down',
};

/** The command of a key press, or `undefined` when the grid does not know it. */
export function gridCommand({
  key,
  altKey,
  ctrlKey,
  metaKey,
  shiftKey,
}: PressedKey): GridCommand | undefined {
  const mod = ctrlKey || metaKey;
  if (mod && !altKey && !shiftKey && key.toLowerCase() === 'c') {
    return { kind: 'copy' };
  }
  const to = moves[key];
  // Control+Home and Control+End are the grid pattern's own way to the first and last row.
  if (to !== undefined && !altKey && !shiftKey && (!mod || to === 'first' || to === 'last')) {
    return { kind: 'move', to };
  }
  if (mod || altKey) {
    return undefined;
  }
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
    return { kind: 'menu' };
  }
  return key === 'Enter' || key === ' ' ? { kind: 'open' } : undefined;
}
