import {
  isCopyKey,
  isMenuKey,
  type ListMove,
  listMove,
  type PressedKey,
} from '#renderer/ui/virtual/list-keys.ts';

/** What a key means in the tree, by the tree pattern of the WAI-ARIA Authoring Practices. */
export type TreeCommand =
  | { readonly kind: 'move'; readonly to: ListMove }
  /** Opens a closed node, or goes to the first child of an open one. */
  | { readonly kind: 'right' }
  /** Closes an open node, or goes to the parent of a closed one. */
  | { readonly kind: 'left' }
  | { readonly kind: 'select' }
  | { readonly kind: 'expand-siblings' }
  | { readonly kind: 'below'; readonly expanded: boolean }
  | { readonly kind: 'copy' }
  | { readonly kind: 'menu' }
  | { readonly kind: 'type'; readonly character: string };

/** The command of a key press, or `undefined` when the tree does not know it. */
export function treeCommand(pressed: PressedKey): TreeCommand | undefined {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = pressed;
  const mod = ctrlKey || metaKey;
  if (isCopyKey(pressed)) {
    return { kind: 'copy' };
  }
  if (mod || altKey) {
    return undefined;
  }
  if (isMenuKey(pressed)) {
    return { kind: 'menu' };
  }
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const isRight = key === 'ArrowRight';
    return shiftKey ? { kind: 'below', expanded: isRight } : { kind: isRight ? 'right' : 'left' };
  }
  const to = listMove(key);
  if (to !== undefined) {
    return { kind: 'move', to };
  }
  if (key === 'Enter' || key === ' ') {
    return { kind: 'select' };
  }
  if (key === '*') {
    return { kind: 'expand-siblings' };
  }
  // A slash never occurs in a segment; it is left to the app, which looks for the filter with it.
  return [...key].length === 1 && key !== '/' ? { kind: 'type', character: key } : undefined;
}
