import { History, PanelLeft, PanelRight } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { Group, type Layout, Separator } from 'react-resizable-panels';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { AppPanel } from './app-panel.tsx';
import classes from './app-session.module.css';
import { AppViews } from './app-views.tsx';
import { CommandButton } from './commands/command-button.tsx';
import { AutomationCommands } from './features/automation/automation-commands.tsx';
import { ChartsPanel } from './features/charts/charts-panel.tsx';
import { ConnectionHeader } from './features/connections/connection-header.tsx';
import { GuardBand } from './features/connections/guard-band.tsx';
import { CopyAsCommand } from './features/copy-as/copy-as-command.tsx';
import { InspectorPane } from './features/inspector/inspector-pane.tsx';
import { LibraryCommands } from './features/library/library-commands.tsx';
import { PublishPane } from './features/publish/publish-pane.tsx';
import { RepliesCommands } from './features/replies/replies-commands.tsx';
import { StatusBar } from './features/stats/status-bar.tsx';
import { SubscriptionsPane } from './features/subscriptions/subscriptions-pane.tsx';
import { Timeline } from './features/timeline/timeline.tsx';
import { TopicsPane } from './features/topics/topics-pane.tsx';
import { WillPane } from './features/will/will-pane.tsx';
import { keepSizes, useIsCollapsed, useLayout } from './state/layout.ts';
import { useMoment } from './state/timeline.ts';

/** One connection: its header, the panes, its status bar. */
export function AppSession({ session }: { readonly session: SessionSummary }) {
  const isTopicsFolded = useIsCollapsed('topics');
  const isSideFolded = useIsCollapsed('side');
  const isTimelineOpen = useIsTimelineOpen(session.sessionId);
  // After a restart of the worker all ids are void: the panes begin anew.
  const key = `${session.sessionId}-${session.generation}`;
  return (
    <div className={classes.session}>
      <GuardBand guard={session.profile.guard} />
      <ConnectionHeader session={session}>
        <CommandButton command="timeline.toggle" icon={History} pressed={isTimelineOpen} />
        <CommandButton command="layout.topics" icon={PanelLeft} pressed={!isTopicsFolded} />
        <CommandButton command="layout.side" icon={PanelRight} pressed={!isSideFolded} />
      </ConnectionHeader>
      <Panes key={key} sessionId={session.sessionId} />
      <Timeline key={`timeline-${key}`} sessionId={session.sessionId} />
      <CopyAsCommand sessionId={session.sessionId} />
      <AutomationCommands key={`automation-${key}`} sessionId={session.sessionId} />
      <RepliesCommands key={`replies-${key}`} sessionId={session.sessionId} />
      <LibraryCommands key={`library-${key}`} session={session} />
      <StatusBar session={session} />
    </div>
  );
}

function useIsTimelineOpen(sessionId: string): boolean {
  const isShown = useLayout((state) => state.timeline);
  return useMoment(sessionId) !== undefined || isShown;
}

/** Left topics, centre inspector above stream, right publish, subscriptions and will. */
const Panes = memo(function Panes({ sessionId }: { readonly sessionId: string }) {
  const panel = { sessionId };
  return (
    <Group
      className={classes.panes}
      orientation="horizontal"
      onLayoutChanged={(layout) => keep('columns', sessionId, layout)}
    >
      <AppPanel {...panel} group="columns" name="topics" defaultSize={26} minSize={200} foldedSize={0}>
        <Slot name="Topics">
          <TopicsPane sessionId={sessionId} />
        </Slot>
      </AppPanel>
      <Separator className={classes.columnLine} aria-label="Width of the topics" />
      <AppPanel {...panel} group="columns" name="centre" defaultSize={50} minSize={320}>
        <Group orientation="vertical" onLayoutChanged={(layout) => keep('centre', sessionId, layout)}>
          <AppPanel {...panel} group="centre" name="inspector" defaultSize={50} minSize={96} foldedSize={32}>
            <Slot name="Message">
              <InspectorPane sessionId={sessionId} chart={<ChartsPanel sessionId={sessionId} />} />
            </Slot>
          </AppPanel>
          <Separator className={classes.rowLine} aria-label="Height of the message" />
          <AppPanel {...panel} group="centre" name="messages" defaultSize={50} minSize={96}>
            <Slot name="Messages">
              <AppViews sessionId={sessionId} />
            </Slot>
          </AppPanel>
        </Group>
      </AppPanel>
      <Separator className={classes.columnLine} aria-label="Width of the right column" />
      <AppPanel {...panel} group="columns" name="side" defaultSize={24} minSize={288} foldedSize={0}>
        <Group orientation="vertical" onLayoutChanged={(layout) => keep('side', sessionId, layout)}>
          <AppPanel {...panel} group="side" name="publish" defaultSize={54} minSize={120} foldedSize={32}>
            <Slot name="Publish">
              <PublishPane sessionId={sessionId} />
            </Slot>
          </AppPanel>
          <Separator className={classes.rowLine} aria-label="Height of publish" />
          <AppPanel
            {...panel}
            group="side"
            name="subscriptions"
            defaultSize={26}
            minSize={96}
            foldedSize={32}
          >
            <Slot name="Subscriptions">
              <SubscriptionsPane sessionId={sessionId} />
            </Slot>
          </AppPanel>
          <Separator className={classes.rowLine} aria-label="Height of the subscriptions" />
          <AppPanel {...panel} group="side" name="will" defaultSize={20} minSize={96} foldedSize={32}>
            <Slot name="Last will">
              <WillPane sessionId={sessionId} />
            </Slot>
          </AppPanel>
        </Group>
      </AppPanel>
    </Group>
  );
});

/** Where F6 stops. */
function Slot({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.slot} data-pane={name}>
      {children}
    </div>
  );
}

/** Keeps the sizes of the panels that are open; a folded one comes back as large as it was. */
function keep(group: string, sessionId: string, layout: Layout): void {
  const { sizes, collapsed } = useLayout.getState();
  const next = { ...sizes[group] };
  for (const [id, size] of Object.entries(layout)) {
    const name = id.slice(sessionId.length + 1);
    if (collapsed[name] !== true) {
      next[name] = Math.round(size * 100) / 100;
    }
  }
  keepSizes(group, next);
}
