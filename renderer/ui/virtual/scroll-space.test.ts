import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clampTop,
  followScroll,
  MAX_SCROLL_HEIGHT,
  maxTop,
  nativeHeight,
  toScrollTop,
} from './scroll-space.ts';

const small = { content: 24_000, view: 600 };
const million = { content: 24_000_000, view: 600 };

describe('a list that fits into an element', () => {
  test('is scrolled pixel by pixel', () => {
    expect(nativeHeight(small)).toBe(24_000);
    expect(toScrollTop(small, 480)).toBe(480);
    expect(followScroll(small, { scrollTop: 480, top: 480 }, 500)).toBe(500);
    expect(followScroll(small, { scrollTop: 0, top: 0 }, 20_000)).toBe(20_000);
  });

  test('keeps a correction that was made while the user scrolls', () => {
    // 240 px of rows came before the view: the browser stands at 480, the content at 720.
    expect(followScroll(small, { scrollTop: 480, top: 720 }, 500)).toBe(740);
  });
});

test('the end of the scroll bar is the end of a list that has grown since it was drawn', () => {
  const grown = { content: 48_000, view: 600 };
  expect(followScroll(grown, { scrollTop: 23_000, top: 40_000 }, 23_400, 23_400)).toBe(47_400);
  expect(followScroll(grown, { scrollTop: 23_400, top: 47_400 }, 23_300, 23_400)).toBe(47_300);
});

describe('a list taller than any element', () => {
  test('is laid out no taller than the limit', () => {
    expect(nativeHeight(million)).toBe(MAX_SCROLL_HEIGHT);
  });

  test('moves by the notch of the wheel, not by the scale', () => {
    expect(followScroll(million, { scrollTop: 7_000_000, top: 11_200_000 }, 7_000_100)).toBe(11_200_100);
  });

  test('goes to the place of the thumb', () => {
    const top = followScroll(million, { scrollTop: 0, top: 0 }, MAX_SCROLL_HEIGHT / 2);
    expect(top / million.content).toBeCloseTo(0.5, 3);
  });

  test('reaches both ends with the scroll bar', () => {
    const end = MAX_SCROLL_HEIGHT - million.view;
    expect(followScroll(million, { scrollTop: end - 50, top: 23_000_000 }, end)).toBe(maxTop(million));
    expect(followScroll(million, { scrollTop: 50, top: 900 }, 0)).toBe(0);
  });
});

test('scroll bar and content lead to each other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000_000 }),
      fc.integer({ min: 24, max: 2000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, view, part) => {
        const space = { content: rows * 24, view };
        const top = maxTop(space) * part;
        const scrollTop = toScrollTop(space, top);
        expect(scrollTop).toBeGreaterThanOrEqual(0);
        expect(scrollTop).toBeLessThanOrEqual(Math.max(0, nativeHeight(space) - view) + 1e-6);
        const scrolled = followScroll(space, { scrollTop: scrollTop + 10_000, top: 0 }, scrollTop);
        expect(scrolled).toBeGreaterThanOrEqual(0);
        expect(scrolled).toBeLessThanOrEqual(maxTop(space));
      },
    ),
  );
});

test('a place outside of the content is brought back', () => {
  expect(clampTop(small, -5)).toBe(0);
  expect(clampTop(small, 30_000)).toBe(23_400);
  expect(clampTop({ content: 100, view: 600 }, 50)).toBe(0);
});
