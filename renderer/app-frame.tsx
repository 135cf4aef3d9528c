import { Activity } from 'react';
import classes from './app-frame.module.css';
import { useEngine } from './client/engine.ts';
import { useSessions } from './state/engine-data.ts';
import { useWorkspace } from './state/workspace.ts';

/** Tabs on top, the chosen tab's view below. */
export function AppFrame() {
  const activeTab = useWorkspace((state) => state.activeTab);
  const sessions = useSessions();
  const isLost = useEngine((state) => state.kind === 'connecting' && state.epoch > 0);
  return (
    <div className={classes.frame}>
      {isLost && (
        <div role="status" className={classes.lost}>
          Engine lost, reconnecting…
        </div>
      )}
      <main className={classes.view}>
        {sessions.map(({ sessionId }) => (
          <Activity key={sessionId} mode={sessionId === activeTab ? 'visible' : 'hidden'}>
            <div />
          </Activity>
        ))}
      </main>
    </div>
  );
}
