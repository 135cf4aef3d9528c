import { Activity, useEffect, useRef, useState } from 'react';
import { AppCommands } from './app-commands.tsx';
import classes from './app-frame.module.css';
import { EngineNotices } from './app-notices.tsx';
import { AppSession } from './app-session.tsx';
import { useTabFocus } from './app-tab-focus.ts';
import { useEngine } from './client/engine.ts';
import { AskCredentials } from './features/connections/ask-credentials.tsx';
import { Home } from './features/connections/home.tsx';
import { ConnectionTabs } from './features/connections/tabs.tsx';
import { CopyAsDialog } from './features/copy-as/copy-as-dialog.tsx';
import { EnvironmentsDialog } from './features/environments/environments-dialog.tsx';
import { Palette } from './features/palette/palette.tsx';
import { SettingsMenu } from './features/settings/settings-menu.tsx';
import { Transfer } from './features/transfer/transfer.tsx';
import { Welcome } from './features/welcome/welcome.tsx';
import { useSessions } from './state/engine-data.ts';
import { useLayout } from './state/layout.ts';
import { useWorkspace } from './state/workspace.ts';

/** Milliseconds before a window that was just opened says that it waits. */
const PATIENCE = 1500;

/** Says that the engine is away, without standing in the way. */
function EngineLine() {
  const isAway = useEngine((state) => state.kind === 'connecting');
  const isFirst = useEngine((state) => state.epoch === 0);
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!isAway || (isFirst && !isLate)) {
    return undefined;
  }
  return (
    <div role="status" className={classes.lost}>
      {isFirst ? 'Reaching the engine…' : 'Engine lost, reconnecting…'}
    </div>
  );
}

/** The window's title names the connection in view. */
function useTitle(name: string | undefined): void {
  useEffect(() => {
    document.title = name === undefined ? 'Topicscope' : `${name} – Topicscope`;
  }, [name]);
}

/**
 * Tabs on top, the chosen tab's view below. Hidden tabs keep what was typed and scrolled, but their feeds are
 * closed: what nobody sees costs nothing.
 */
export function AppFrame() {
  const activeTab = useWorkspace((state) => state.activeTab);
  const sessions = useSessions();
  const isLayoutLoaded = useLayout((state) => state.isLoaded);
  const view = useRef<HTMLElement>(null);
  useTabFocus(view, activeTab);
  useTitle(sessions.find(({ sessionId }) => sessionId === activeTab)?.profile.name);
  return (
    <div className={classes.frame}>
      <AppCommands />
      <EngineNotices />
      <Palette />
      <Transfer />
      <EnvironmentsDialog />
      <CopyAsDialog />
      <AskCredentials />
      <ConnectionTabs>
        <SettingsMenu />
      </ConnectionTabs>
      <EngineLine />
      <main ref={view} className={classes.view}>
        <Activity mode={activeTab === 'home' ? 'visible' : 'hidden'}>
          <Home welcome={<Welcome />} />
        </Activity>
        {isLayoutLoaded &&
          sessions.map((session) => (
            <Activity key={session.sessionId} mode={session.sessionId === activeTab ? 'visible' : 'hidden'}>
              <AppSession session={session} />
            </Activity>
          ))}
      </main>
    </div>
  );
}
