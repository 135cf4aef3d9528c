import {
  type RefCallback,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Disposable } from '#app/base/disposable.ts';
import { type RowRange, type RowWindow, rowShift } from './row-window.ts';
import { type ScrollerElements, VirtualScroller } from './virtual-scroller.ts';

interface VirtualRowsOptions<Row, Window extends RowWindow<Row>> {
  readonly window: Window | undefined;
  readonly keyOf: (row: Row) => number;
  /** Keep the end of the list in view, whatever comes. */
  readonly pinned?: boolean;
  /** Keys of rows that must not move on screen; the first that is known before and after counts. */
  readonly anchors: (last: Window) => readonly (number | undefined)[];
  /** By how much the rows moved when no anchor is left. */
  readonly lostShift?: (last: Window, next: Window) => number;
}

interface VirtualRows {
  readonly rendered: RowRange;
  readonly refs: Readonly<Record<keyof ScrollerElements, RefCallback<HTMLDivElement>>>;
}

/** A scroller for the life of the component. Heights in pixels. */
export function useVirtualScroller(rowHeight: number, headerHeight = 0): VirtualScroller {
  const [scroller] = useState(() => new VirtualScroller(rowHeight, headerHeight));
  return scroller;
}

/** Draws a list of the engine through a {@link VirtualScroller}: says which rows to render, and keeps them in their place. */
export function useVirtualRows<Row, Window extends RowWindow<Row>>(
  scroller: VirtualScroller,
  { window, keyOf, pinned = false, anchors, lostShift }: VirtualRowsOptions<Row, Window>,
): VirtualRows {
  useSyncExternalStore(scroller.subscribe, scroller.rendered);
  const last = useRef<Window | undefined>(undefined);
  const change = {
    token: window,
    total: window?.total ?? 0,
    shift: shiftOf(last.current, window, keyOf, anchors, lostShift),
    pinned,
  };
  const rendered = scroller.preview(change);

  // Before the browser paints, so that rows and layer move together.
  useLayoutEffect(() => {
    last.current = window;
    scroller.commit(change, rendered);
  });
  return { rendered, refs: useElements(scroller) };
}

function shiftOf<Row, Window extends RowWindow<Row>>(
  last: Window | undefined,
  next: Window | undefined,
  keyOf: (row: Row) => number,
  anchors: (last: Window) => readonly (number | undefined)[],
  lostShift: ((last: Window, next: Window) => number) | undefined,
): number {
  if (last === undefined || next === undefined || last === next) {
    return 0;
  }
  return rowShift(last, next, anchors(last), keyOf) ?? lostShift?.(last, next) ?? 0;
}

/** Attaches the scroller once its three elements are there, and releases it with the first that goes. */
function useElements(scroller: VirtualScroller): VirtualRows['refs'] {
  const elements = useRef<Partial<Record<keyof ScrollerElements, HTMLElement>>>({});
  const attachment = useRef<Disposable | undefined>(undefined);
  const set = useCallback(
    (part: keyof ScrollerElements, element: HTMLElement | null) => {
      attachment.current?.dispose();
      attachment.current = undefined;
      if (element === null) {
        delete elements.current[part];
        return;
      }
      elements.current[part] = element;
      const { view, content, layer } = elements.current;
      if (view !== undefined && content !== undefined && layer !== undefined) {
        attachment.current = scroller.attach({ view, content, layer });
      }
    },
    [scroller],
  );
  const view = useCallback((element: HTMLElement | null) => set('view', element), [set]);
  const content = useCallback((element: HTMLElement | null) => set('content', element), [set]);
  const layer = useCallback((element: HTMLElement | null) => set('layer', element), [set]);
  return { view, content, layer };
}
