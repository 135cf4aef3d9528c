import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * A text field's value, and the same value for what is costly to work out from it: the first key after a pause counts
 * at once, in the same rendering; keys that follow within `delay` milliseconds count together when they pause.
 */
export function useSettledText(delay: number): readonly [string, string, (text: string) => void] {
  const [state, setState] = useState({ text: '', settled: '' });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      // What was typed last counts when the field is shown again.
      setState(({ text }) => ({ text, settled: text }));
    },
    [],
  );
  const set = useCallback(
    (text: string) => {
      const isFirst = timer.current === undefined;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        timer.current = undefined;
        setState((last) => (last.settled === last.text ? last : { text: last.text, settled: last.text }));
      }, delay);
      setState((last) => ({ text, settled: isFirst ? text : last.settled }));
    },
    [delay],
  );
  return [state.text, state.settled, set];
}
