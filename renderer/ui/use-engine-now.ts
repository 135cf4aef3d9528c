import { useRef } from 'react';
import { useNow } from './clock.ts';

/**
 * The time of the engine's clock, which another machine may have: what a window said, and what has passed here since it
 * came. Moves once a second.
 */
export function useEngineNow(window: { readonly at: number } | undefined): number {
  const now = useNow();
  const last = useRef<{ readonly window: typeof window; readonly cameAt: number }>(undefined);
  if (last.current === undefined || last.current.window !== window) {
    last.current = { window, cameAt: Date.now() };
  }
  return (window?.at ?? now) + Math.max(0, now - last.current.cameAt);
}
