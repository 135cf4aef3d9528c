import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_SCROLL_HEIGHT } from './scroll-space.ts';
import { VirtualScroller } from './virtual-scroller.ts';

const ROW = 20;
const VIEW = 200;

/** As much of an element as the scroller uses: it clamps its scroll position as a browser does. */
class FakeView {
  clientHeight = VIEW;
  writes = 0;
  #scrollTop = 0;
  readonly #listeners = new Map<string, () => void>();
  readonly content: { style: Record<string, string> };

  constructor(content: { style: Record<string, string> }) {
    this.content = content;
  }
  get scrollTop(): number {
    return this.#scrollTop;
  }
  set scrollTop(value: number) {
    this.writes += 1;
    this.#scrollTop = this.#clamp(value);
    // As in a browser, the event comes with the next frame.
    setTimeout(() => this.emit('scroll'), 16);
  }
  /** The user scrolls. */
  scroll(to: number): void {
    this.#scrollTop = this.#clamp(to);
    this.emit('scroll');
  }
  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, listener);
  }
  removeEventListener(type: string): void {
    this.#listeners.delete(type);
  }
  emit(type: string): void {
    this.#listeners.get(type)?.();
  }
  #clamp(value: number): number {
    const height = Number.parseFloat(this.content.style.height ?? '0');
    return Math.max(0, Math.min(value, height - this.clientHeight));
  }
}

function setUp(total: number, pinned = false) {
  const content = { style: {} as Record<string, string> };
  const layer = { style: {} as Record<string, string> };
  const view = new FakeView(content);
  const scroller = new VirtualScroller(ROW);
  const elements = { view, content, layer } as unknown as Parameters<VirtualScroller['attach']>[0];
  const attachment = scroller.attach(elements);
  let facts = { token: {}, total, shift: 0, pinned };
  const draw = () => scroller.commit(facts, scroller.preview(facts));
  const change = (next: number, shift = 0) => {
    facts = { token: {}, total: next, shift, pinned };
    draw();
  };
  // As a component does it: draws anew when other rows are needed.
  scroller.subscribe(draw);
  draw();
  /** Pixels from the top of the view to the top of a row, as the browser would draw it. */
  const place = (row: number) => {
    const offset = Number.parseFloat(/translateY\((-?\d+)px\)/.exec(layer.style.transform ?? '')?.[1] ?? '0');
    return offset + (row - scroller.rendered().first) * ROW - view.scrollTop;
  };
  return { scroller, view, content, change, place, attachment };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a list that the user scrolls', () => {
  test('draws the rows where the scroll bar says', () => {
    const { view, scroller, place } = setUp(1000);
    view.scroll(5000);
    expect(scroller.visible).toEqual({ first: 250, end: 260 });
    expect(place(250)).toBe(0);
  });

  test('keeps its rows in place while rows come before them, without stopping the scroll', () => {
    const { view, change, place } = setUp(1000);
    view.scroll(5000);
    const before = view.writes;
    change(1300, 300);
    expect(place(550)).toBe(0);
    expect(view.writes).toBe(before);
    view.scroll(5100);
    expect(place(550)).toBe(-100);
    vi.advanceTimersByTime(1000);
    expect(view.scrollTop).toBe(11_100);
    expect(place(550)).toBe(-100);
  });

  test('tells what the user did from what it did itself', () => {
    const { view, scroller } = setUp(1000);
    const seen: boolean[] = [];
    scroller.onDidUserScroll(({ isAtEnd }) => seen.push(isAtEnd));
    scroller.reveal(500);
    vi.advanceTimersByTime(20);
    expect(seen).toEqual([]);
    view.scroll(1000 * ROW - VIEW);
    view.scroll(0);
    expect(seen).toEqual([true, false]);
  });
});

describe('a list that is followed', () => {
  test('shows its end, and leaves the scroll bar alone most of the time', () => {
    const { view, change, place } = setUp(1000, true);
    vi.advanceTimersByTime(500);
    const before = view.writes;
    for (let total = 1050; total <= 1500; total += 50) {
      change(total);
      expect(place(total - 10)).toBe(0);
      vi.advanceTimersByTime(20);
    }
    expect(view.writes - before).toBeLessThanOrEqual(1);
    vi.advanceTimersByTime(1000);
    expect(view.scrollTop).toBe(1500 * ROW - VIEW);
    expect(place(1490)).toBe(0);
  });

  test('a view that grows is not the user scrolling', () => {
    const { view, scroller, place } = setUp(1000, true);
    const seen: unknown[] = [];
    scroller.onDidUserScroll((event) => seen.push(event));
    view.clientHeight = 300;
    view.scroll(1000 * ROW - 300);
    expect(seen).toEqual([]);
    expect(place(985)).toBe(0);
  });
});

test('a list that is emptied has no scroll bar left', () => {
  const { view, content, change, scroller } = setUp(1000);
  view.scroll(5000);
  change(0);
  expect(content.style.height).toBe('0px');
  expect(scroller.visible).toEqual({ first: 0, end: 0 });
});

test('rows of a list taller than any element lie where they belong', () => {
  const { view, content, scroller, place } = setUp(5_000_000);
  expect(content.style.height).toBe(`${MAX_SCROLL_HEIGHT}px`);
  scroller.reveal(3_000_000, 'start');
  expect(place(3_000_000)).toBeCloseTo(0, 0);
  view.scroll(view.scrollTop + 40);
  expect(place(3_000_002)).toBeCloseTo(0, 0);
  vi.advanceTimersByTime(1000);
  expect(place(3_000_002)).toBeCloseTo(0, 0);
  scroller.reveal(4_999_999);
  expect(place(4_999_999)).toBeCloseTo(VIEW - ROW, 0);
});

test('a detached list writes nothing', () => {
  const { attachment, view, change } = setUp(1000, true);
  attachment.dispose();
  const before = view.writes;
  change(2000);
  vi.advanceTimersByTime(1000);
  expect(view.writes).toBe(before);
});
