import { useSyncExternalStore } from 'react';

/** One timer for everything on screen that shows time passing; it stands still while nobody looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  now = Date.now();
  for (const listener of [...listeners]) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(tick, 1000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
    }
  };
}

/** Milliseconds since the epoch; changes once a second, at the same moment for every component that uses it. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
