import { useRef } from 'react';
import { useNow } from './clock.ts';

/** Milliseconds by which two clocks may differ before they are another machine's: a window takes its time to come. */
const SAME_CLOCK = 1000;

/**
 * The time of the engine's clock. On the same machine it is the time that all ages here are counted by; of another machine's
 * clock, which may be set otherwise, the window tells. Moves once a second.
 */
export function useEngineNow(window: { readonly at: number } | undefined): number {
  const now = useNow();
  const last = useRef<{ readonly window: typeof window; readonly ahead: number }>(undefined);
  if (last.current === undefined || last.current.window !== window) {
    const ahead = window === undefined ? 0 : window.at - Date.now();
    last.current = { window, ahead: Math.abs(ahead) < SAME_CLOCK ? 0 : ahead };
  }
  // The timer may be behind the window.
  return Math.max(now + last.current.ahead, window?.at ?? 0);
}
