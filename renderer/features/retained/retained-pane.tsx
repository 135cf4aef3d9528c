import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Archive, Download, ListFilter, Search, SearchX, Unplug, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatBytes, formatCount, formatTime } from '#app/base/format.ts';
import type { RetainedWindow } from '#app/contract/feeds/retained.ts';
import type { RetainedPlan } from '#app/contract/operations/retained.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { Age } from '#renderer/ui/age.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import classes from './retained.module.css';
import { RetainedFooter } from './retained-footer.tsx';
import { RetainedGrid } from './retained-grid.tsx';
import { openSnapshot, saveSnapshot } from './snapshot-files.ts';
import { type RetainedShown, useRetained } from './use-retained.ts';

/** Milliseconds without a key before the engine filters. */
const FILTER_DELAY = 150;

interface OpenPlan {
  readonly kind: 'clear' | 'restore';
  readonly plan: RetainedPlan;
}

/** The messages that the broker retains: listed on request, cleared, brought back, saved and restored. */
export function RetainedPane({ sessionId }: { readonly sessionId: string }) {
  const [wanted, setWanted] = useState('#');
  const [filters, setFilters] = useState({ topicFilter: '', text: '' });
  const [sort, setSort] = useState<RetainedShown['sort']>({ by: 'topic', descending: false });
  const [settled] = useDebouncedValue(filters, FILTER_DELAY);
  const data = useRetained(sessionId, { ...settled, sort });
  const [plan, setPlan] = useState<OpenPlan | undefined>(undefined);
  const chooser = useRef<HTMLInputElement>(null);
  const session = useSession(sessionId);
  const { window, view } = data;
  const isConnected = session?.state.kind === 'connected';
  const isLoading = window?.list?.state === 'loading';
  const problem = wanted === '' ? undefined : topicFilterProblem(wanted);
  const isReadOnly = session?.profile.guard === 'readOnly';

  const load = () => {
    if (problem === undefined && wanted !== '') {
      attempt(() => engineClient().session(sessionId, 'retained.load', { filter: wanted }));
    }
  };
  const saveWhenDone = useSaveWhenDone(sessionId, window);
  const snapshot = () =>
    attempt(async () =>
      saveWhenDone((await engineClient().session(sessionId, 'retained.snapshot', { view })).jobId),
    );
  useCommand({
    id: 'retained.load',
    label: 'Load the retained messages',
    group: 'Retained',
    enabled: () => isConnected && !isLoading,
    run: load,
  });
  useCommand({
    id: 'retained.snapshot',
    label: 'Save a snapshot of the retained messages',
    group: 'Retained',
    keywords: ['file', 'backup', 'export'],
    enabled: () => (window?.total ?? 0) > 0,
    run: snapshot,
  });

  return (
    <Pane role="region" aria-label="Retained">
      <PaneHeader
        title="Retained"
        count={window?.list?.messages}
        actions={
          <>
            {(window?.total ?? 0) > 0 && (
              <IconButton
                icon={Download}
                label={
                  (window?.selected.messages ?? 0) > 0
                    ? 'Save snapshot of the selected messages'
                    : 'Save snapshot of the shown messages'
                }
                onClick={snapshot}
              />
            )}
            {!isReadOnly && (
              <IconButton icon={Upload} label="Restore a snapshot" onClick={() => chooser.current?.click()} />
            )}
          </>
        }
      >
        <ListState window={window} />
      </PaneHeader>
      <input
        ref={chooser}
        type="file"
        accept=".jsonl,.json,.txt"
        aria-label="Snapshot file"
        className="visually-hidden"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) {
            attempt(async () => setPlan({ kind: 'restore', plan: await openSnapshot(sessionId, file) }));
          }
        }}
      />
      <form
        className={classes.bar}
        onSubmit={(event) => {
          event.preventDefault();
          load();
        }}
      >
        <FilterField
          label="Topic filter to load"
          icon={Archive}
          mono
          value={wanted}
          onChange={setWanted}
          problem={problem}
        />
        {isLoading ? (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => attempt(() => engineClient().session(sessionId, 'retained.cancel', {}))}
          >
            Cancel
          </Button>
        ) : (
          <Button type="submit" size="compact-sm">
            Load
          </Button>
        )}
      </form>
      {window?.list !== undefined && (
        <search className={classes.bar}>
          <FilterField
            label="Filter by topic"
            icon={ListFilter}
            mono
            value={filters.topicFilter}
            onChange={(topicFilter) => setFilters((last) => ({ ...last, topicFilter }))}
            problem={window.filterProblem}
          />
          <FilterField
            label="Search topic or payload"
            icon={Search}
            value={filters.text}
            onChange={(text) => setFilters((last) => ({ ...last, text: text.slice(0, 1000) }))}
            note={window.arranging ? 'Searching' : undefined}
          />
        </search>
      )}
      {data.failure !== undefined && <FailureNote failure={data.failure} />}
      {window?.list?.failure !== undefined && <FailureNote failure={window.list.failure} />}
      <RetainedGrid
        sessionId={sessionId}
        data={data}
        sort={sort}
        onSort={setSort}
        empty={<NoRows window={window} isConnected={isConnected} />}
      />
      {window !== undefined && (window.list !== undefined || window.job !== undefined) && (
        <RetainedFooter
          sessionId={sessionId}
          window={window}
          onSelectAll={() =>
            attempt(() => engineClient().session(sessionId, 'retained.select', { view, rows: 'all' }))
          }
          onClear={() =>
            attempt(async () =>
              setPlan({
                kind: 'clear',
                plan: await engineClient().session(sessionId, 'retained.plan', { view }),
              }),
            )
          }
        />
      )}
      {plan !== undefined && (
        <PlanDialog sessionId={sessionId} {...plan} onClose={() => setPlan(undefined)} />
      )}
    </Pane>
  );
}

/** Of which moment the list is: what changed at the broker since is not in it. */
function ListState({ window }: { readonly window: RetainedWindow | undefined }) {
  const list = window?.list;
  if (list === undefined) {
    return undefined;
  }
  const what = `${formatBytes(list.bytes)} under ${visibleText(list.filter)}`;
  return (
    <span role="status" aria-label="Loaded list" className={classes.state} title={list.note}>
      {list.state === 'loading' && `Loading: ${formatCount(list.messages)} so far`}
      {list.state === 'failed' && 'Not loaded'}
      {list.state === 'cancelled' && `Cancelled, not complete: ${what}`}
      {list.state === 'loaded' && list.loadedAt !== undefined && (
        <>
          {what}, as the broker had it at {formatTime(list.loadedAt).slice(0, 8)} (<Age at={list.loadedAt} />{' '}
          ago)
          {list.note !== undefined && `. ${list.note}`}
        </>
      )}
    </span>
  );
}

function NoRows({
  window,
  isConnected,
}: {
  readonly window: RetainedWindow | undefined;
  readonly isConnected: boolean;
}) {
  const list = window?.list;
  if (list?.state === 'loading' || window?.arranging === true) {
    return <EmptyState icon={Archive} text="Loading…" />;
  }
  if (list !== undefined && list.messages > 0) {
    return <EmptyState icon={SearchX} text="No message passes the filters. Change or clear them above." />;
  }
  if (list?.state === 'loaded') {
    return <EmptyState icon={Archive} text="The broker retains nothing under this topic filter." />;
  }
  return isConnected ? (
    <EmptyState
      icon={Archive}
      text="Load asks the broker what it retains. It uses a connection of its own: your subscriptions and the message log stay as they are."
    />
  ) : (
    <EmptyState icon={Unplug} text="Not connected. Connect to see what the broker retains." />
  );
}

/** The snapshot that was asked for in this window is saved as soon as it is complete. */
function useSaveWhenDone(sessionId: string, window: RetainedWindow | undefined): (jobId: string) => void {
  const [wanted, setWanted] = useState<string | undefined>(undefined);
  const job = window?.job;
  const snapshotId = job?.jobId === wanted ? job?.snapshotId : undefined;
  useEffect(() => {
    if (snapshotId !== undefined) {
      setWanted(undefined);
      attempt(() => saveSnapshot(sessionId, snapshotId));
    }
  }, [sessionId, snapshotId]);
  return setWanted;
}
