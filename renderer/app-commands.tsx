import { formatQuantity } from '#app/base/format.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { cyclePanes, focusPane } from './commands/focus-panes.ts';
import { notify } from './commands/notify.tsx';
import { useCommand } from './commands/use-command.ts';
import { requestClose } from './features/connections/close-session.ts';
import {
  clearMessages,
  connectSession,
  disconnectSession,
  openDemo,
  setTheme,
  stepTab,
} from './state/actions.ts';
import { isActive } from './state/connection-words.ts';
import { useEngineData, useProfiles } from './state/engine-data.ts';
import { editProfile, newConnection } from './state/home.ts';
import { type FoldablePane, resetLayout, setCollapsed, togglePane, useIsCollapsed } from './state/layout.ts';
import { activateTab, useWorkspace } from './state/workspace.ts';

/** The session whose tab is open. */
function useActiveSession(): SessionSummary | undefined {
  const activeTab = useWorkspace((state) => state.activeTab);
  return useEngineData((state) => state.sessions?.find(({ sessionId }) => sessionId === activeTab));
}

/** Registers the commands of the window itself; panes register their own. Renders nothing. */
export function AppCommands() {
  useConnectionCommands(useActiveSession());
  useTabCommands();
  useThemeCommands();
  return undefined;
}

function useConnectionCommands(session: SessionSummary | undefined): void {
  const profiles = useProfiles();
  const group = 'Connection';
  useCommand({
    id: 'connection.new',
    label: 'New connection',
    group,
    shortcut: 'alt+N',
    run: () => newConnection(),
  });
  useCommand({
    id: 'connection.demo',
    label: 'Demo broker',
    group,
    keywords: ['example', 'sample', 'plant'],
    run: openDemo,
  });
  useCommand({
    id: 'connection.connect',
    label: 'Connect',
    group,
    shortcut: 'alt+shift+C',
    keywords: ['retry', 'reconnect'],
    enabled: () => session !== undefined && (!isActive(session.state) || session.state.kind === 'waiting'),
    run: () => connectSession(session?.sessionId ?? ''),
  });
  useCommand({
    id: 'connection.disconnect',
    label: 'Disconnect',
    group,
    shortcut: 'alt+shift+D',
    enabled: () => session !== undefined && isActive(session.state),
    run: () => disconnectSession(session?.sessionId ?? ''),
  });
  useCommand({
    id: 'connection.edit',
    label: 'Edit this connection',
    group,
    keywords: ['profile', 'settings', 'certificate', 'password'],
    enabled: () => profiles.some(({ id }) => id === session?.profileId),
    run: () => editProfile(session?.profileId ?? ''),
  });
  useCommand({
    id: 'connection.close',
    label: 'Close this tab',
    group,
    enabled: () => session !== undefined,
    run: () => {
      if (session !== undefined) {
        requestClose(session);
      }
    },
  });
  useCommand({
    id: 'messages.clear',
    label: 'Clear messages',
    group: 'Messages',
    keywords: ['empty', 'delete', 'history'],
    enabled: () => session !== undefined,
    run: async () => {
      const { cleared } = await clearMessages(session?.sessionId ?? '');
      notify({
        level: 'ok',
        message: `Cleared ${formatQuantity(cleared, 'message')}. The tree keeps the newest of each topic.`,
      });
    },
  });
}

function useTabCommands(): void {
  const group = 'Window';
  const hasSession = useWorkspace((state) => state.activeTab !== 'home');
  const enabled = () => hasSession;
  useCommand({
    id: 'tab.next',
    label: 'Next tab',
    group,
    shortcut: 'alt+PageDown',
    repeats: true,
    run: () => stepTab(1),
  });
  useCommand({
    id: 'tab.previous',
    label: 'Previous tab',
    group,
    shortcut: 'alt+PageUp',
    repeats: true,
    run: () => stepTab(-1),
  });
  useCommand({
    id: 'tab.home',
    label: 'Home',
    group,
    keywords: ['connections', 'profiles'],
    run: () => activateTab('home'),
  });
  useCommand({
    id: 'pane.next',
    label: 'Next pane',
    group,
    shortcut: 'F6',
    repeats: true,
    enabled,
    run: () => void cyclePanes(1),
  });
  useCommand({
    id: 'pane.previous',
    label: 'Previous pane',
    group,
    shortcut: 'shift+F6',
    repeats: true,
    enabled,
    run: () => void cyclePanes(-1),
  });
  usePaneCommand('topics', 'Topics', 'alt+1');
  usePaneCommand('inspector', 'Message', 'alt+2');
  usePaneCommand(undefined, 'Messages', 'alt+3');
  usePaneCommand('publish', 'Publish', 'alt+4');
  usePaneCommand('subscriptions', 'Subscriptions', 'alt+5');
  usePaneCommand('will', 'Last will', 'alt+6');
  useFoldCommand('topics', 'the topics', 'mod+B');
  useFoldCommand('side', 'the right column', 'mod+J');
  useCommand({ id: 'layout.reset', label: 'Reset the layout', group, enabled, run: resetLayout });
}

/** Goes to a pane, unfolding what hides it. */
function usePaneCommand(pane: FoldablePane | undefined, name: string, shortcut: string): void {
  const hasSession = useWorkspace((state) => state.activeTab !== 'home');
  useCommand({
    id: `pane.${name.toLowerCase().replace(' ', '-')}`,
    label: `Go to ${name}`,
    group: 'Go to',
    shortcut,
    enabled: () => hasSession,
    run: () => {
      if (pane !== undefined) {
        setCollapsed(pane, false);
        if (pane === 'publish' || pane === 'subscriptions' || pane === 'will') {
          setCollapsed('side', false);
        }
      }
      // What was folded has to be drawn before it can take the focus.
      setTimeout(() => focusPane(name), pane === undefined ? 0 : 50);
    },
  });
}

function useFoldCommand(pane: FoldablePane, name: string, shortcut: string): void {
  const hasSession = useWorkspace((state) => state.activeTab !== 'home');
  const isFolded = useIsCollapsed(pane);
  useCommand({
    id: `layout.${pane}`,
    label: `${isFolded ? 'Show' : 'Hide'} ${name}`,
    group: 'Window',
    shortcut,
    keywords: ['collapse', 'expand', 'panel', 'toggle'],
    enabled: () => hasSession,
    run: () => togglePane(pane),
  });
}

function useThemeCommands(): void {
  const group = 'Theme';
  useCommand({ id: 'theme.system', label: 'Theme: as the system', group, run: () => setTheme('system') });
  useCommand({ id: 'theme.light', label: 'Theme: light', group, run: () => setTheme('light') });
  useCommand({
    id: 'theme.dark',
    label: 'Theme: dark',
    group,
    run: () => setTheme('dark'),
  });
}
