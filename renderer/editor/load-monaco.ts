import { useEffect, useState } from 'react';
import { followTheme } from './theme.ts';

/** Monaco's API with all editor features, JSON, XML and plain text. */
export type Monaco = typeof import('./monaco.ts').monaco;

let loading: Promise<Monaco> | undefined;
let loaded: Monaco | undefined;

/** Loads the editor once; a failed load is tried again with the next call. */
function loadMonaco(): Promise<Monaco> {
  loading ??= import('./monaco.ts').then(
    ({ monaco }) => {
      followTheme(monaco);
      loaded = monaco;
      return monaco;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Fetches the editor while nothing else is to do, so that the first payload does not wait for it. */
export function preloadEditor(): void {
  // A failure shows where the editor is then used.
  requestIdleCallback(() => void loadMonaco().catch(() => {}), { timeout: 3000 });
}

type MonacoState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly monaco: Monaco }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retry: () => void };

/** The editor as soon as it is there. */
export function useMonaco(): MonacoState {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<MonacoState>(() =>
    loaded === undefined ? { kind: 'loading' } : { kind: 'ready', monaco: loaded },
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads again
  useEffect(() => {
    if (state.kind === 'ready') {
      return undefined;
    }
    let isGone = false;
    loadMonaco().then(
      (monaco) => !isGone && setState({ kind: 'ready', monaco }),
      (error: unknown) =>
        !isGone && setState({ kind: 'failed', error, retry: () => setAttempt((count) => count + 1) }),
    );
    return () => {
      isGone = true;
    };
  }, [attempt]);
  return state;
}
