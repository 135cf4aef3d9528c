/**
 * The tallest element that all browsers lay out exactly. Chromium ends at 33 million pixels, Firefox below 18 million;
 * a million rows of 24 px are taller than that.
 */
export const MAX_SCROLL_HEIGHT = 15_000_000;

/** Height of all rows and of the part of them that is in view, in pixels. */
export interface ScrollSpace {
  readonly content: number;
  readonly view: number;
}

/** A place in the list: what the browser says (`scrollTop`) and the pixel of the content that is at the top of the view. */
export interface ScrollPlace {
  readonly scrollTop: number;
  readonly top: number;
}

/** Height that the scrolled element really gets. */
export function nativeHeight(space: ScrollSpace): number {
  return Math.min(space.content, MAX_SCROLL_HEIGHT);
}

/** The largest possible `top`. */
export function maxTop(space: ScrollSpace): number {
  return Math.max(0, space.content - space.view);
}

/** The largest `scrollTop` of the element as tall as {@link nativeHeight}. */
export function maxScrollTop(space: ScrollSpace): number {
  return Math.max(0, nativeHeight(space) - space.view);
}

function scale(space: ScrollSpace): number {
  const native = maxScrollTop(space);
  return native === 0 ? 1 : maxTop(space) / native;
}

/** `top` kept within the content. */
export function clampTop(space: ScrollSpace, top: number): number {
  return Math.min(maxTop(space), Math.max(0, top));
}

/** Where the browser's scroll bar stands for a place in the content. */
export function toScrollTop(space: ScrollSpace, top: number): number {
  return clampTop(space, top) / scale(space);
}

/**
 * The place in the content after the browser scrolled. As long as the content is not scaled, it moves pixel by pixel.
 * In a scaled one a step of less than a view (wheel, keys) moves as many pixels as the browser did, so that a notch of
 * the wheel means the same in every list; a longer one (the scroll bar's thumb) goes to the thumb's place.
 * At the two ends of the scroll bar are the two ends of the content, whatever was before; `end` is where the element
 * as it is drawn at the moment ends.
 */
export function followScroll(
  space: ScrollSpace,
  last: ScrollPlace,
  scrollTop: number,
  end = maxScrollTop(space),
): number {
  if (scrollTop <= 0) {
    return 0;
  }
  // Browsers round the last place of a fractional height down.
  if (scrollTop >= end - 1) {
    return maxTop(space);
  }
  const step = scrollTop - last.scrollTop;
  const isScaled = space.content > MAX_SCROLL_HEIGHT;
  if (isScaled && Math.abs(step) > space.view) {
    return clampTop(space, scrollTop * scale(space));
  }
  return clampTop(space, last.top + step);
}
