import { useEffect, useRef, useState } from 'react';

/**
 * The value, changing at most once in `milliseconds`: the first change at once, the last one always. A change of `key`
 * counts as another thing and is never held back.
 */
export function useThrottled<T>(value: T, key: string, milliseconds: number): T {
  const [shown, setShown] = useState({ value, key });
  const changedAt = useRef(0);
  useEffect(() => {
    if (shown.key === key && Object.is(shown.value, value)) {
      return undefined;
    }
    const show = () => {
      changedAt.current = performance.now();
      setShown({ value, key });
    };
    const wait = shown.key === key ? changedAt.current + milliseconds - performance.now() : 0;
    if (wait <= 0) {
      show();
      return undefined;
    }
    const timer = setTimeout(show, wait);
    return () => clearTimeout(timer);
  }, [value, key, milliseconds, shown]);
  return shown.key === key ? shown.value : value;
}
