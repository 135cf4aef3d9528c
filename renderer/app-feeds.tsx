import { useEffect } from 'react';
import { useMainFeed } from './client/use-feed.ts';
import { useEngineData } from './state/engine-data.ts';
import { loadLayout } from './state/layout.ts';
import { useWorkspace } from './state/workspace.ts';

const everything = {};

/** Keeps `state/engine-data.ts` up to date. Renders nothing. */
export function EngineFeeds() {
  const profiles = useMainFeed('profiles', everything).window;
  const sessions = useMainFeed('sessions', everything).window;
  const settings = useMainFeed('settings', everything).window;
  const notices = useMainFeed('notices', everything).window;

  useEffect(() => {
    if (profiles !== undefined) {
      useEngineData.setState({ profiles: profiles.profiles });
    }
  }, [profiles]);

  useEffect(() => {
    if (sessions !== undefined) {
      useEngineData.setState({ sessions: sessions.sessions });
      leaveClosedTab(sessions.sessions.map(({ sessionId }) => sessionId));
    }
  }, [sessions]);

  useEffect(() => {
    if (settings !== undefined) {
      useEngineData.setState({ settings });
      loadLayout(settings.layout);
    }
  }, [settings]);

  useEffect(() => {
    if (notices !== undefined) {
      useEngineData.setState({ notices: notices.notices });
    }
  }, [notices]);

  return undefined;
}

const seen = new Set<string>();

/** A tab whose session is gone gives way to home; one that was just opened may not be in the list yet. */
function leaveClosedTab(open: readonly string[]): void {
  const { activeTab } = useWorkspace.getState();
  if (activeTab !== 'home' && seen.has(activeTab) && !open.includes(activeTab)) {
    useWorkspace.setState({ activeTab: open.at(-1) ?? 'home' });
  }
  for (const sessionId of open) {
    seen.add(sessionId);
  }
}
