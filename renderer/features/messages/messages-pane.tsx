import { Menu } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { ArrowDown, Columns3, Eraser, Inbox, Pause, Play, SearchX, Unplug } from 'lucide-react';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import { CommandButton } from '#renderer/commands/command-button.tsx';
import { ExportButton } from '#renderer/commands/export-messages.tsx';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { useKept } from '#renderer/state/kept.ts';
import { useStreamFilterRequest } from '#renderer/state/pane-requests.ts';
import { useSelection } from '#renderer/state/workspace.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import {
  type ColumnLayout,
  columnIds,
  columnLayoutSchema,
  columns,
  defaultColumns,
  resetWidth,
  resized,
  shownColumns,
  toggled,
} from './columns.ts';
import { FilterBar } from './filter-bar.tsx';
import classes from './messages.module.css';
import { MessagesGrid } from './messages-grid.tsx';
import { MessagesHeader } from './messages-header.tsx';
import { isFiltering, noFilter, type StreamFilter, toFeedFilter } from './stream-filter.ts';
import { StreamState } from './stream-state.tsx';
import { type Stream, useStream } from './use-stream.ts';

/** Milliseconds without a key before the engine filters. */
const FILTER_DELAY = 150;

/** All messages of a session as they came and went, newest at the bottom. */
export function MessagesPane({ sessionId }: { readonly sessionId: string }) {
  const [filter, setFilter] = useState(noFilter);
  const [wanted] = useDebouncedValue(filter, FILTER_DELAY);
  const [kept, keep] = useKept('messages.columns', columnLayoutSchema, defaultColumns);
  const [resizing, setResizing] = useState<ColumnLayout | undefined>(undefined);
  const layout = resizing ?? kept;
  const stream = useStream(sessionId, wanted);
  const field = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const request = useStreamFilterRequest(sessionId);

  // Once for each request: effects run again when a hidden tab is shown.
  const served = useRef(request?.serial);
  useEffect(() => {
    if (request !== undefined && request.serial !== served.current) {
      served.current = request.serial;
      setFilter({ ...noFilter, topicFilter: request.topicFilter });
    }
  }, [request]);

  const { isPaused, setPaused } = stream;
  const togglePause = useCallback(() => setPaused(!isPaused), [isPaused, setPaused]);
  useStreamCommands(stream, togglePause, field, grid);
  const toGrid = useCallback(() => grid.current?.focus(), []);
  const setMuted = useCallback(
    (includeMuted: boolean) => setFilter((last) => ({ ...last, includeMuted })),
    [],
  );
  const showOnly = useCallback((topicFilter: string) => setFilter({ ...noFilter, topicFilter }), []);
  const header = useMemo(
    () => (
      <MessagesHeader
        layout={layout}
        onResizing={(id, width) => setResizing(resized(kept, id, width))}
        onResized={(id, width) => {
          keep(resized(kept, id, width));
          setResizing(undefined);
        }}
        onReset={(id) => keep(resetWidth(kept, id))}
      />
    ),
    [layout, kept, keep],
  );

  return (
    <Pane role="region" aria-label="Message stream">
      <PaneHeader
        title="Messages"
        count={stream.window?.total}
        actions={
          <StreamActions
            isPaused={isPaused}
            onPause={togglePause}
            layout={kept}
            onLayout={keep}
            includeMuted={filter.includeMuted}
            onIncludeMuted={setMuted}
            sessionId={sessionId}
            filter={wanted}
          />
        }
      >
        <StreamState sessionId={sessionId} stream={stream} />
      </PaneHeader>
      <FilterBar
        ref={field}
        filter={filter}
        onChange={setFilter}
        isScanning={stream.window?.scanning === true && isFiltering(wanted)}
        onLeave={toGrid}
      />
      {stream.failure !== undefined && <FailureNote failure={stream.failure} />}
      <MessagesGrid
        ref={grid}
        sessionId={sessionId}
        stream={stream}
        layout={layout}
        onShowOnly={showOnly}
        header={header}
        overlay={<JumpToNewest stream={stream} />}
        empty={
          <NoMessages
            sessionId={sessionId}
            isFiltered={isFiltering(wanted)}
            isScanning={stream.window?.scanning === true}
          />
        }
      />
    </Pane>
  );
}

interface StreamActionsProps extends ColumnsMenuProps {
  readonly isPaused: boolean;
  readonly onPause: () => void;
  readonly sessionId: string;
  readonly filter: StreamFilter;
}

/** Apart from the pane, which is drawn with every window of a busy stream. */
const StreamActions = memo(function StreamActions({
  isPaused,
  onPause,
  sessionId,
  filter,
  ...columnsMenu
}: StreamActionsProps) {
  const { message } = useSelection(sessionId);
  return (
    <>
      <IconButton
        icon={isPaused ? Play : Pause}
        label={isPaused ? 'Resume' : 'Pause'}
        shortcut="alt+P"
        data-active={isPaused || undefined}
        onClick={onPause}
      />
      <CommandButton command="messages.clear" icon={Eraser} label="Clear" />
      <ExportButton
        sessionId={sessionId}
        label="Export the messages that pass the filters"
        what={() => {
          const { includeMuted: _, topicId: __, ...query } = toFeedFilter(filter);
          return { query };
        }}
        selected={typeof message === 'number' ? message : undefined}
      />
      <ColumnsMenu {...columnsMenu} />
    </>
  );
});

function useStreamCommands(
  stream: Stream,
  togglePause: () => void,
  field: { readonly current: HTMLInputElement | null },
  grid: { readonly current: HTMLDivElement | null },
): void {
  const group = 'Messages';
  useCommand({
    id: 'messages.pause',
    label: stream.isPaused ? 'Resume the message stream' : 'Pause the message stream',
    group,
    shortcut: 'alt+P',
    run: togglePause,
  });
  useCommand({
    id: 'messages.newest',
    label: 'Jump to the newest message',
    group,
    keywords: ['follow', 'end', 'bottom'],
    enabled: () => !stream.isFollowing,
    run: stream.follow,
  });
  useCommand({
    id: 'messages.filter',
    label: 'Filter messages by topic',
    group,
    keywords: ['find', 'search'],
    run: () => field.current?.select(),
  });
  useCommand({
    id: 'messages.focus',
    label: 'Go to the messages',
    group,
    run: () => grid.current?.focus(),
  });
}

/** The way back to the newest row, with how many came since. */
function JumpToNewest({ stream }: { readonly stream: Stream }) {
  if (stream.isFollowing || stream.window === undefined || stream.window.total === 0) {
    return undefined;
  }
  return (
    <button type="button" className={classes.jump} onClick={stream.follow}>
      <ArrowDown size={14} strokeWidth={1.75} aria-hidden />
      Jump to newest
      {stream.newRows > 0 && <span className={classes.jumpCount}>{formatCount(stream.newRows)} new</span>}
    </button>
  );
}

interface ColumnsMenuProps {
  readonly layout: ColumnLayout;
  readonly onLayout: (layout: ColumnLayout) => void;
  readonly includeMuted: boolean;
  readonly onIncludeMuted: (includeMuted: boolean) => void;
}

function ColumnsMenu({ layout, onLayout, includeMuted, onIncludeMuted }: ColumnsMenuProps) {
  const shown = shownColumns(layout);
  return (
    <Menu position="bottom-end" width="max-content" closeOnItemClick={false}>
      <Menu.Target>
        <IconButton icon={Columns3} label="Columns" />
      </Menu.Target>
      <Menu.Dropdown>
        {columnIds
          .filter((id) => columns[id].isNeeded !== true)
          .map((id) => (
            <Menu.CheckboxItem
              key={id}
              checked={shown.includes(id)}
              onChange={() => onLayout(toggled(layout, id))}
            >
              {columns[id].label}
            </Menu.CheckboxItem>
          ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onLayout({ ...layout, widths: {} })}>Reset column widths</Menu.Item>
        <Menu.CheckboxItem checked={includeMuted} onChange={onIncludeMuted}>
          Show muted messages
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}

interface NoMessagesProps {
  readonly sessionId: string;
  readonly isFiltered: boolean;
  readonly isScanning: boolean;
}

/** Why there are no rows, and what to do about it. */
function NoMessages({ sessionId, isFiltered, isScanning }: NoMessagesProps) {
  const session = useSession(sessionId);
  if (isFiltered) {
    return (
      <EmptyState
        icon={SearchX}
        text={isScanning ? 'Searching…' : 'No message passes the filters. Change or clear them above.'}
      />
    );
  }
  if (session?.state.kind !== 'connected') {
    return <EmptyState icon={Unplug} text="Not connected. Messages appear here as they come and go." />;
  }
  return (
    <EmptyState
      icon={Inbox}
      text={
        session.profile.subscriptions.some(({ enabled }) => enabled)
          ? 'Subscribed. Messages appear here as they come.'
          : 'No messages yet. Subscribe to a topic, or publish one.'
      }
    />
  );
}
