import { useEffect } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { useMainFeed } from './client/use-feed.ts';
import { useEngineData } from './state/engine-data.ts';
import { loadLayout } from './state/layout.ts';
import { returnToLive } from './state/timeline.ts';
import { activateTab, clearSelection, forgetSession, useWorkspace } from './state/workspace.ts';

const everything = {};

/** Keeps `state/engine-data.ts` up to date. Renders nothing. */
export function EngineFeeds() {
  const profiles = useMainFeed('profiles', everything).window;
  const sessions = useMainFeed('sessions', everything).window;
  const settings = useMainFeed('settings', everything).window;
  const environments = useMainFeed('environments', everything).window;
  const notices = useMainFeed('notices', everything).window;

  useEffect(() => {
    if (profiles !== undefined) {
      useEngineData.setState({ profiles: profiles.profiles });
    }
  }, [profiles]);

  useEffect(() => {
    if (sessions !== undefined) {
      dropVoidSelections(useEngineData.getState().sessions, sessions.sessions);
      useEngineData.setState({ sessions: sessions.sessions });
      returnToTab(sessions.sessions.map(({ sessionId }) => sessionId));
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
    if (environments !== undefined) {
      useEngineData.setState({ environments: environments.environments });
    }
  }, [environments]);

  useEffect(() => {
    if (notices !== undefined) {
      useEngineData.setState({ notices: notices.notices });
    }
  }, [notices]);

  return undefined;
}

/**
 * A restarted worker counts topics and messages anew: what was selected by its old ids is not there any more. Of a
 * closed session nothing is kept.
 */
function dropVoidSelections(
  before: readonly SessionSummary[] | undefined,
  now: readonly SessionSummary[],
): void {
  for (const { sessionId, generation } of before ?? []) {
    const session = now.find((candidate) => candidate.sessionId === sessionId);
    if (session === undefined) {
      forgetSession(sessionId);
    } else if (session.generation !== generation) {
      clearSelection(sessionId);
      returnToLive(sessionId);
    }
  }
}

let hasReturned = false;

/**
 * Once, with the first list: a reloaded window opens the tab it had (kept in the history entry, which lives as long
 * as the window's tab), a new one the newest session, if there is any.
 */
function returnToTab(open: readonly string[]): void {
  if (hasReturned) {
    return;
  }
  hasReturned = true;
  const { tab } = (history.state ?? {}) as { readonly tab?: unknown };
  const wanted = typeof tab === 'string' ? tab : open.at(-1);
  if (useWorkspace.getState().activeTab === 'home' && wanted !== undefined && open.includes(wanted)) {
    activateTab(wanted);
  }
  useWorkspace.subscribe(({ activeTab }) => history.replaceState({ tab: activeTab }, ''));
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
