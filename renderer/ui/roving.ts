import type { KeyboardEvent } from 'react';

/**
 * Arrow keys along a row of elements that share one tab stop or stand close together; Home and End go to its ends.
 * True when the key moved the focus.
 */
export function moveAlong(event: KeyboardEvent, elements: readonly HTMLElement[]): boolean {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const index = elements.indexOf(event.target as HTMLElement);
  const next = nextPlace(key, index, elements.length);
  if (next === undefined || altKey || ctrlKey || metaKey || shiftKey) {
    return false;
  }
  event.preventDefault();
  elements[next]?.focus();
  return true;
}

/** The place that a key goes to from `index`, around the ends; `undefined` for any other key, or from outside. */
export function nextPlace(key: string, index: number, count: number): number | undefined {
  if (index < 0 || index >= count) {
    return undefined;
  }
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % count;
    case 'ArrowLeft':
      return (index - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
