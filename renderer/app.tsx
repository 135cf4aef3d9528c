import { MantineProvider } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { useEffect, useSyncExternalStore } from 'react';
import { EngineFeeds } from './app-feeds.tsx';
import { AppFrame } from './app-frame.tsx';
import { AppRefused } from './app-refused.tsx';
import { useEngine } from './client/engine.ts';
import { listenForKeys } from './commands/keys.ts';
import { useSettings } from './state/engine-data.ts';
import { noColorSchemeStorage, theme, tokenVariables } from './theme.ts';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function useSystemScheme(): 'light' | 'dark' {
  return useSyncExternalStore(
    (listener) => {
      systemDark.addEventListener('change', listener);
      return () => systemDark.removeEventListener('change', listener);
    },
    () => (systemDark.matches ? 'dark' : 'light'),
  );
}

/** The window: theme, notifications, keys, and either the frame or the question for the access password. */
export function App() {
  const systemScheme = useSystemScheme();
  const chosen = useSettings().theme;
  const isCalm = useReducedMotion();
  const refusal = useEngine((state) => (state.kind === 'refused' ? state.failure : undefined));

  useEffect(() => {
    const keys = listenForKeys(window);
    return () => keys.dispose();
  }, []);

  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={tokenVariables}
      colorSchemeManager={noColorSchemeStorage}
      forceColorScheme={chosen === 'system' ? systemScheme : chosen}
    >
      <EngineFeeds />
      {refusal === undefined ? <AppFrame /> : <AppRefused failure={refusal} />}
      <Notifications position="bottom-right" limit={4} transitionDuration={isCalm === true ? 0 : 120} />
    </MantineProvider>
  );
}
