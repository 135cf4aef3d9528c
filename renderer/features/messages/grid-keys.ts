import {
  isCopyKey,
  isMenuKey,
  type ListMove,
  listMove,
  type PressedKey,
} from '#renderer/ui/virtual/list-keys.ts';

/** What a key means in the stream. */
export type GridCommand =
  | { readonly kind: 'move'; readonly to: ListMove }
  | { readonly kind: 'open' }
  | { readonly kind: 'copy' }
  | { readonly kind: 'menu' };

/** The command of a key press, or `undefined` when the grid does not know it. */
export function gridCommand(pressed: PressedKey): GridCommand | undefined {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = pressed;
  const mod = ctrlKey || metaKey;
  if (isCopyKey(pressed)) {
    return { kind: 'copy' };
  }
  const to = listMove(key);
  // Control+Home and Control+End are the grid pattern's own way to the first and last row.
  if (to !== undefined && !altKey && !shiftKey && (!mod || to === 'first' || to === 'last')) {
    return { kind: 'move', to };
  }
  if (mod || altKey) {
    return undefined;
  }
  if (isMenuKey(pressed)) {
    return { kind: 'menu' };
  }
  return key === 'Enter' || key === ' ' ? { kind: 'open' } : undefined;
}
