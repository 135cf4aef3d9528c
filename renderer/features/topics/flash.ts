import { Bustle } from './bustle.ts';

/** Changes a second, in all rows together, beyond which none is lit up: where all is in motion it says nothing, and costs frames. */
const MAX_PER_SECOND = 24;
/** Milliseconds that a row rests between two flashes. */
const REST = 1000;
const DURATION = 700;

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
const lastFlash = new WeakMap<Element, number>();
const bustle = new Bustle(MAX_PER_SECOND);

/** Lights an element up briefly because its value changed. Does nothing with reduced motion or too much going on. */
export function flash(element: HTMLElement): void {
  const now = performance.now();
  const isBusy = bustle.note(now);
  if (
    isBusy ||
    calm.matches ||
    document.hidden ||
    now - (lastFlash.get(element) ?? Number.NEGATIVE_INFINITY) < REST
  ) {
    return;
  }
  lastFlash.set(element, now);
  // In steps: a few paints of one row instead of one in every frame.
  element.animate([{ backgroundColor: 'var(--surface-flash)' }, { backgroundColor: 'transparent' }], {
    duration: DURATION,
    easing: 'steps(6, end)',
  });
}
