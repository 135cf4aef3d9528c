/** Flashes that may begin in one second, in all rows together: more would only be noise, and cost frames. */
const MAX_PER_SECOND = 24;
/** Milliseconds that a row rests between two flashes. */
const REST = 1000;
const DURATION = 700;

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
const lastFlash = new WeakMap<Element, number>();
let second = 0;
let flashes = 0;

/** Lights an element up briefly because its value changed. Does nothing with reduced motion or too much going on. */
export function flash(element: HTMLElement): void {
  const now = performance.now();
  if (calm.matches || document.hidden || now - (lastFlash.get(element) ?? Number.NEGATIVE_INFINITY) < REST) {
    return;
  }
  const current = Math.floor(now / 1000);
  flashes = current === second ? flashes + 1 : 1;
  second = current;
  if (flashes > MAX_PER_SECOND) {
    return;
  }
  lastFlash.set(element, now);
  // In steps: a few paints of one row instead of one in every frame.
  element.animate([{ backgroundColor: 'var(--surface-flash)' }, { backgroundColor: 'transparent' }], {
    duration: DURATION,
    easing: 'steps(6, end)',
  });
}
