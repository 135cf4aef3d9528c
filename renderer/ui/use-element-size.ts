import { type RefCallback, useCallback, useState } from 'react';

/** Pixels of an element's content box; 0 until it was measured. */
export interface ElementSize {
  readonly width: number;
  readonly height: number;
}

/** Follows the size of the element that the returned ref is put on. Renders again only when whole pixels change. */
export function useElementSize<T extends HTMLElement>(): readonly [RefCallback<T>, ElementSize] {
  const [size, setSize] = useState<ElementSize>({ width: 0, height: 0 });
  const ref = useCallback((element: T | null) => {
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) {
        const width = Math.floor(entry.contentRect.width);
        const height = Math.floor(entry.contentRect.height);
        setSize((last) => (last.width === width && last.height === height ? last : { width, height }));
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
