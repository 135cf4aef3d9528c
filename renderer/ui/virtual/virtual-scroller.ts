import { type Disposable, toDisposable } from '#app/base/disposable.ts';
import { Emitter } from '#app/base/event.ts';
import { type RowRange, renderedRange, visibleRange } from './row-window.ts';
import {
  clampTop,
  followScroll,
  maxScrollTop,
  maxTop,
  nativeHeight,
  type ScrollSpace,
  toScrollTop,
} from './scroll-space.ts';

/** Milliseconds after the last scroll event until scrolling counts as over. */
const SETTLE_DELAY = 160;

/**
 * Milliseconds between two updates of the scroll bar while a list only grows. Writing height and scroll position
 * makes the browser lay out the page; the rows themselves don't need it.
 */
const BAR_INTERVAL = 400;

/** The elements of a virtual list. */
export interface ScrollerElements {
  /** Scrolls. */
  readonly view: HTMLElement;
  /** As tall as all rows, inside of `view`. */
  readonly content: HTMLElement;
  /** Holds the rendered rows one below the other, inside of `content`, absolutely positioned at its top. */
  readonly layer: HTMLElement;
}

/** New facts about the list, to be drawn together with their rows. */
export interface ListChange {
  /** Facts with the same token are applied once. */
  readonly token: unknown;
  readonly total: number;
  /** Rows that came (or, negative, went) before the view: the view moves along, so that its rows stay where they are. */
  readonly shift: number;
  /** The view stays at the end of the list. */
  readonly pinned: boolean;
}

/**
 * Keeps the place in a list of any length. The DOM holds only the rows around the view; they lie in a layer that is
 * moved as a whole. While the user scrolls, only the layer is corrected, never the browser's own scroll position:
 * writing that would stop a scroll that is under way.
 */
export class VirtualScroller {
  readonly rowHeight: number;
  /** Pixels at the top of the view that a sticky header takes. */
  readonly #headerHeight: number;
  #elements: ScrollerElements | undefined;
  #viewHeight = 0;
  #total = 0;
  #top = 0;
  #scrollTop = 0;
  #isPinned = false;
  #isScrolling = false;
  #token: unknown;
  #settleTimer: ReturnType<typeof setTimeout> | undefined;
  /** Height that the content element has. */
  #drawnHeight = 0;
  #barDrawnAt = Number.NEGATIVE_INFINITY;
  #barTimer: ReturnType<typeof setTimeout> | undefined;
  #rendered: RowRange = { first: 0, end: 0 };
  /** First of the rows that are in the DOM; behind `#rendered` until React has followed. */
  #drawnFirst = 0;
  readonly #changed = new Emitter<void>();
  readonly #userScrolled = new Emitter<{ readonly isAtEnd: boolean; readonly isUp: boolean }>();

  /** Fires when the user, not the code, moved the view. */
  readonly onDidUserScroll = this.#userScrolled.event;

  constructor(rowHeight: number, headerHeight = 0) {
    this.rowHeight = rowHeight;
    this.#headerHeight = headerHeight;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const subscription = this.#changed.event(listener);
    return () => subscription.dispose();
  };
  /** The rows to draw. The same object as long as they are the same. */
  readonly rendered = (): RowRange => this.#rendered;

  /** The rows that are in view at this moment. */
  get visible(): RowRange {
    return visibleRange(this.#top, this.#viewHeight, this.rowHeight, this.#total);
  }

  /** Pixels of the content above the view. */
  get top(): number {
    return this.#top;
  }

  /** Whole rows that fit into the view; a page for the keyboard. */
  get rowsPerPage(): number {
    return Math.max(1, Math.floor(this.#viewHeight / this.rowHeight) - 1);
  }

  /** The rows to draw once a change is applied, without applying it: what a render draws before {@link commit}. */
  preview(change: ListChange): RowRange {
    const { top, total } = this.#after(change);
    return this.#rangeAt(top, total);
  }

  /** Applies a change after React has drawn its rows; moves the layer to where these rows belong. */
  commit(change: ListChange, drawn: RowRange): void {
    const { top, total } = this.#after(change);
    this.#token = change.token;
    this.#isPinned = change.pinned;
    this.#top = top;
    this.#total = total;
    this.#rendered = drawn;
    this.#drawnFirst = drawn.first;
    this.#draw(false);
  }

  /** Brings a row into view with the least movement, or to the start or end of it. */
  reveal(index: number, align: 'nearest' | 'start' | 'center' = 'nearest'): void {
    const rowTop = index * this.rowHeight;
    const rowEnd = rowTop + this.rowHeight;
    if (align === 'start') {
      this.scrollTo(rowTop);
    } else if (align === 'center') {
      this.scrollTo(rowTop - (this.#viewHeight - this.rowHeight) / 2);
    } else if (rowTop < this.#top) {
      this.scrollTo(rowTop);
    } else if (rowEnd > this.#top + this.#viewHeight) {
      this.scrollTo(rowEnd - this.#viewHeight);
    }
  }

  scrollTo(top: number): void {
    this.#isScrolling = false;
    this.#top = clampTop(this.#space(), top);
    this.#draw();
    this.#publish();
  }

  attach(elements: ScrollerElements): Disposable {
    this.#elements = elements;
    const onScroll = () => this.#onScroll();
    const onSettled = () => this.#settle();
    elements.view.addEventListener('scroll', onScroll, { passive: true });
    elements.view.addEventListener('scrollend', onSettled);
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(elements.view);
    this.#measure();
    return toDisposable(() => {
      observer.disconnect();
      clearTimeout(this.#settleTimer);
      clearTimeout(this.#barTimer);
      this.#barTimer = undefined;
      elements.view.removeEventListener('scroll', onScroll);
      elements.view.removeEventListener('scrollend', onSettled);
      this.#elements = undefined;
    });
  }

  #space(total = this.#total): ScrollSpace {
    return { content: total * this.rowHeight, view: this.#viewHeight };
  }

  #after({ token, total, shift, pinned }: ListChange): { readonly top: number; readonly total: number } {
    const space = this.#space(total);
    const moved = token === this.#token ? this.#top : this.#top + shift * this.rowHeight;
    return { total, top: pinned ? maxTop(space) : clampTop(space, moved) };
  }

  #rangeAt(top: number, total: number): RowRange {
    const next = renderedRange(visibleRange(top, this.#viewHeight, this.rowHeight, total), total);
    return next.first === this.#rendered.first && next.end === this.#rendered.end ? this.#rendered : next;
  }

  #measuredHeight(): number {
    return Math.max(0, (this.#elements?.view.clientHeight ?? 0) - this.#headerHeight);
  }

  #measure(): void {
    const height = this.#measuredHeight();
    // A hidden pane keeps what it knew.
    if (height > 0 && height !== this.#viewHeight) {
      this.#viewHeight = height;
      const space = this.#space();
      this.#top = this.#isPinned ? maxTop(space) : clampTop(space, this.#top);
    }
    this.#draw();
    this.#publish();
  }

  #onScroll(): void {
    const { scrollTop } = this.#elements?.view ?? { scrollTop: this.#scrollTop };
    // What we wrote ourselves comes back as an event too, rounded to device pixels.
    if (Math.abs(scrollTop - this.#scrollTop) < 1) {
      return;
    }
    // A view that grew at the end of its list is moved by the browser, not by the user.
    if (this.#measuredHeight() !== this.#viewHeight) {
      this.#scrollTop = scrollTop;
      this.#measure();
      return;
    }
    const space = this.#space();
    const last = this.#top;
    const end = maxScrollTop({ content: this.#drawnHeight, view: this.#viewHeight });
    this.#top = followScroll(space, { scrollTop: this.#scrollTop, top: last }, scrollTop, end);
    this.#scrollTop = scrollTop;
    this.#isScrolling = true;
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => this.#settle(), SETTLE_DELAY);
    this.#userScrolled.fire({ isAtEnd: this.#top >= maxTop(space) - 1, isUp: this.#top < last });
    this.#draw(false);
    this.#publish();
  }

  #settle(): void {
    clearTimeout(this.#settleTimer);
    this.#isScrolling = false;
    this.#draw();
  }

  /** Moves the layer to where its rows belong; brings the scroll bar up to date, at once or soon. */
  #draw(isUrgent = true): void {
    if (this.#elements === undefined || this.#viewHeight === 0) {
      return;
    }
    const height = nativeHeight(this.#space());
    // A list that got shorter, or taller than its view, needs its scroll bar now.
    const isOther = height < this.#drawnHeight || this.#drawnHeight < 2 * this.#viewHeight;
    const wait = this.#barDrawnAt + BAR_INTERVAL - performance.now();
    if (isUrgent || isOther || wait <= 0) {
      this.#drawBar(this.#elements, height);
    } else {
      this.#barTimer ??= setTimeout(() => {
        this.#barTimer = undefined;
        this.#draw();
      }, wait);
    }
    const offset = Math.round(this.#scrollTop - this.#top) + this.#drawnFirst * this.rowHeight;
    setStyle(this.#elements.layer, 'transform', `translateY(${offset}px)`);
  }

  /** Writes height and scroll position, each only where it changed. */
  #drawBar({ view, content }: ScrollerElements, height: number): void {
    this.#barDrawnAt = performance.now();
    this.#drawnHeight = height;
    setStyle(content, 'height', `${height}px`);
    const wanted = toScrollTop(this.#space(), this.#top);
    if (!this.#isScrolling && Math.abs(wanted - this.#scrollTop) >= 0.5) {
      view.scrollTop = wanted;
      this.#scrollTop = view.scrollTop;
    }
  }

  #publish(): void {
    const next = this.#rangeAt(this.#top, this.#total);
    if (next !== this.#rendered) {
      this.#rendered = next;
      this.#changed.fire();
    }
  }
}

function setStyle(element: HTMLElement, property: 'height' | 'transform', value: string): void {
  if (element.style[property] !== value) {
    element.style[property] = value;
  }
}
