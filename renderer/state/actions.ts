import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { Settings } from '#app/contract/settings.ts';
import { engineClient } from '../client/engine.ts';
import { useEngineData } from './engine-data.ts';
import { activateTab, useWorkspace } from './workspace.ts';

/** What the user does to connections. All reject with a `FailureError`; run them through `attempt` of `renderer/commands`. */

/** Opens the profile's tab and connects. */
export async function openProfile(profileId: string): Promise<void> {
  const { sessionId } = await engineClient().main('sessions.open', { profileId, connect: true });
  activateTab(sessionId);
}

/** Starts the embedded broker and opens its tab. */
export async function openDemo(): Promise<void> {
  const { sessionId } = await engineClient().main('sessions.openDemo', {});
  activateTab(sessionId);
}

/** Connects with what the user entered; the engine keeps it for this session alone. */
export function signIn(sessionId: string, entered: { username: string; password: string }): Promise<void> {
  return engineClient().main('sessions.connect', { sessionId, signIn: entered });
}

/** Begins to connect, or tries again at once between two tries. */
export function connectSession(sessionId: string): Promise<void> {
  return engineClient().main('sessions.connect', { sessionId });
}

export function disconnectSession(sessionId: string): Promise<void> {
  return engineClient().main('sessions.disconnect', { sessionId });
}

/** Keeps the profile of a temporary session, with the password of its address. */
export async function saveTemporary({ profile }: SessionSummary): Promise<void> {
  await engineClient().main('profiles.save', { profile });
}

/** Closes the tab: disconnects and forgets its messages. */
export function closeSession(sessionId: string): Promise<void> {
  return engineClient().main('sessions.close', { sessionId });
}

/** Empties stream and history of a session; its tree keeps the newest of each topic. Says how many went. */
export function clearMessages(sessionId: string): Promise<{ readonly cleared: number }> {
  return engineClient().session(sessionId, 'log.clear', {});
}

/** Changes the theme for all windows. */
export async function setTheme(theme: Settings['theme']): Promise<void> {
  const settings = await engineClient().main('settings.change', { theme });
  useEngineData.setState({ settings });
}

/** The tabs in their order: home first. */
function tabOrder(): readonly string[] {
  return ['home', ...(useEngineData.getState().sessions ?? []).map(({ sessionId }) => sessionId)];
}

/** Goes `step` tabs on, around the ends. */
export function stepTab(step: 1 | -1): void {
  const tabs = tabOrder();
  const index = Math.max(0, tabs.indexOf(useWorkspace.getState().activeTab));
  activateTab(tabs[(index + step + tabs.length) % tabs.length] ?? 'home');
}
