import { Menu, Tabs } from '@mantine/core';
import { ChevronsUpDown } from 'lucide-react';
import { Activity, type ComponentType, useEffect, useRef } from 'react';
import classes from './app-views.module.css';
import { useCommand } from './commands/use-command.ts';
import { AutomationPane } from './features/automation/automation-pane.tsx';
import { BrokerPane } from './features/broker/broker-pane.tsx';
import { LibraryPane } from './features/library/library-pane.tsx';
import { LoadPane } from './features/load/load-pane.tsx';
import { MessagesPane } from './features/messages/messages-pane.tsx';
import { PacketsPane } from './features/packets/packets-pane.tsx';
import { RepliesPane } from './features/replies/replies-pane.tsx';
import { RequestsPane } from './features/requests/requests-pane.tsx';
import { RetainedPane } from './features/retained/retained-pane.tsx';
import { RulesPane } from './features/rules/rules-pane.tsx';
import { ScriptsPane } from './features/scripts/scripts-pane.tsx';
import { SearchPane } from './features/search/search-pane.tsx';
import { SilencePane } from './features/silence/silence-pane.tsx';
import { SparkplugPane } from './features/sparkplug/sparkplug-pane.tsx';
import { showView, useView, type ViewName, viewNames } from './state/views.ts';
import { IconButton } from './ui/icon-button.tsx';

type Pane = ComponentType<{ readonly sessionId: string }>;

/** What each tab shows; a tab without a pane is not there. */
const panes: Partial<Readonly<Record<ViewName, Pane>>> = {
  Messages: MessagesPane,
  Search: SearchPane,
  Retained: RetainedPane,
  Broker: BrokerPane,
  Requests: RequestsPane,
  Silence: SilencePane,
  Packets: PacketsPane,
  Sparkplug: SparkplugPane,
  Library: LibraryPane,
  Automation: AutomationPane,
  Load: LoadPane,
  Replies: RepliesPane,
  Scripts: ScriptsPane,
  Rules: RulesPane,
};
const shownNames = viewNames.filter((name) => panes[name] !== undefined);

/** The lower centre pane: the message stream, and what else looks at a session as a whole. */
export function AppViews({ sessionId }: { readonly sessionId: string }) {
  const view = useView(sessionId);
  const visited = useRef(new Set<ViewName>());
  visited.current.add(view);
  const list = useRef<HTMLDivElement>(null);
  // Not all tabs fit into a narrow pane.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after another tab was chosen
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [view]);
  return (
    <Tabs
      value={view}
      onChange={(value) => showView(sessionId, shownNames.find((name) => name === value) ?? 'Messages')}
      className={classes.views}
      classNames={{ list: classes.list ?? '', tab: classes.tab ?? '', panel: classes.panel ?? '' }}
    >
      <div className={classes.bar}>
        <Tabs.List ref={list} aria-label="Views">
          {shownNames.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Menu position="bottom-end" returnFocus>
          <Menu.Target>
            <IconButton icon={ChevronsUpDown} label="All views" />
          </Menu.Target>
          <Menu.Dropdown>
            {shownNames.map((name) => (
              <Menu.Item
                key={name}
                aria-current={name === view || undefined}
                onClick={() => showView(sessionId, name)}
              >
                {name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {shownNames.map((name) => {
        const Pane = panes[name];
        return (
          <Tabs.Panel key={name} value={name} keepMounted>
            {/* Out of sight it keeps what was typed and chosen there, but its feeds are closed. */}
            {Pane !== undefined && visited.current.has(name) && (
              <Activity mode={name === view ? 'visible' : 'hidden'}>
                <Pane sessionId={sessionId} />
              </Activity>
            )}
          </Tabs.Panel>
        );
      })}
      {shownNames.map((name) => (
        <ViewCommand key={name} sessionId={sessionId} name={name} />
      ))}
    </Tabs>
  );
}

function ViewCommand({ sessionId, name }: { readonly sessionId: string; readonly name: ViewName }) {
  useCommand({
    id: `view.${name.toLowerCase()}`,
    label: `Show ${name}`,
    group: 'Views',
    keywords: ['tab', 'pane'],
    run: () => showView(sessionId, name),
  });
  return undefined;
}
