import { Menu } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import {
  ArrowDownNarrowWide,
  ArrowUpNarrowWide,
  Bookmark,
  ChevronDown,
  ChevronUp,
  Search,
  SearchX,
  X,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import {
  MAX_RESULT_ROWS,
  type ResultRow,
  type SearchQuery,
  type SearchWindow,
} from '#app/contract/feeds/search.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { ExportButton } from '#renderer/commands/export-messages.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { setFoundTexts } from '#renderer/state/found-texts.ts';
import { useKept } from '#renderer/state/kept.ts';
import { selectMessage, useSelection } from '#renderer/state/workspace.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';
import { isAsking, nameOf, noQuery, savedSearchesSchema } from './query.ts';
import { ResultsGrid } from './results-grid.tsx';
import classes from './search.module.css';
import { SearchForm } from './search-form.tsx';

/** Milliseconds without a key before the search begins. */
const DELAY = 200;

/** Searches all that a session keeps, and goes on with what comes. */
export function SearchPane({ sessionId }: { readonly sessionId: string }) {
  const [query, setQuery] = useState(noQuery);
  /** Counts the saved searches that were taken: the fields begin anew with each. */
  const [chosen, setChosen] = useState(0);
  const [wanted] = useDebouncedValue(query, DELAY);
  const [order, setOrder] = useState<'newest' | 'oldest'>('newest');
  /** The query that was stopped; another one begins again. */
  const [stopped, setStopped] = useState<SearchQuery>();
  /** Row that is meant, though its message may not be known yet. */
  const [goal, setGoal] = useState<number>();
  const selected = useSelection(sessionId).message;
  const message = typeof selected === 'number' ? selected : undefined;
  const { plan, follow } = useWindowPlan(MAX_RESULT_ROWS);
  const isAsked = isAsking(wanted);
  const { window, failure } = useReadersFeed(
    'search',
    isAsked
      ? {
          sessionId,
          query: wanted,
          order,
          ...plan,
          isStopped: stopped === wanted,
          ...(message === undefined ? {} : { near: message }),
        }
      : undefined,
  );
  const field = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const choose = useChosen(sessionId);

  const target = goal === undefined ? undefined : rowAt(window, goal);
  useEffect(() => {
    if (target !== undefined) {
      setGoal(undefined);
      choose(target);
    }
  }, [target, choose]);
  const go = (index: number) => {
    const row = rowAt(window, index);
    setGoal(row === undefined ? index : undefined);
    if (row !== undefined) {
      choose(row);
    }
  };
  const total = window?.total ?? 0;
  const nearRow = window?.nearRow;
  const shown = window?.rows.findIndex((row) => row.sequence === message) ?? -1;
  const current = goal ?? (shown >= 0 && window !== undefined ? window.offset + shown : undefined);
  const step = (by: 1 | -1) => {
    if (total > 0) {
      const from =
        current ?? (nearRow === undefined ? (by === 1 ? -1 : total) : by === 1 ? nearRow - 1 : nearRow);
      go((from + by + total) % total);
    }
  };
  useCommand({
    id: 'search.next',
    label: 'Next result',
    group: 'Search',
    shortcut: 'F3',
    repeats: true,
    enabled: () => total > 0,
    run: () => step(1),
  });
  useCommand({
    id: 'search.previous',
    label: 'Previous result',
    group: 'Search',
    shortcut: 'shift+F3',
    repeats: true,
    enabled: () => total > 0,
    run: () => step(-1),
  });
  useCommand({
    id: 'search.focus',
    label: 'Type what to search for',
    group: 'Search',
    run: () => field.current?.select(),
  });

  return (
    <Pane role="region" aria-label="Search">
      <PaneHeader
        title="Search"
        count={isAsked ? window?.total : undefined}
        actions={
          <>
            {window?.state === 'searching' && (
              <IconButton icon={X} label="Stop the search" onClick={() => setStopped(wanted)} />
            )}
            <IconButton
              icon={ChevronUp}
              label="Previous result"
              shortcut="shift+F3"
              disabled={total === 0}
              onClick={() => step(-1)}
            />
            <IconButton
              icon={ChevronDown}
              label="Next result"
              shortcut="F3"
              disabled={total === 0}
              onClick={() => step(1)}
            />
            <IconButton
              icon={order === 'newest' ? ArrowDownNarrowWide : ArrowUpNarrowWide}
              label={order === 'newest' ? 'Show the oldest first' : 'Show the newest first'}
              onClick={() => setOrder(order === 'newest' ? 'oldest' : 'newest')}
            />
            <SavedMenu
              query={query}
              onChoose={(next) => {
                setChosen((last) => last + 1);
                setQuery(next);
              }}
            />
            {total > 0 && (
              <ExportButton
                sessionId={sessionId}
                label="Export the results"
                what={() => ({ query: wanted })}
                selected={message}
              />
            )}
          </>
        }
      >
        <State window={isAsked ? window : undefined} />
      </PaneHeader>
      <SearchForm
        key={chosen}
        ref={field}
        query={query}
        onChange={setQuery}
        onLeave={() => grid.current?.focus()}
      />
      {failure !== undefined && <FailureNote failure={failure} />}
      {isAsked && window?.failure !== undefined && <FailureNote failure={window.failure} />}
      <ResultsGrid
        ref={grid}
        sessionId={sessionId}
        window={isAsked ? window : undefined}
        follow={(rendered) => follow(rendered, total)}
        onGo={go}
        current={current}
        empty={
          isAsked ? (
            <EmptyState
              icon={SearchX}
              text={window?.state === 'searching' ? 'Searching…' : 'Nothing that is kept matches.'}
            />
          ) : (
            <EmptyState
              icon={Search}
              text="Search all messages that are kept: text, fields, topics, sizes and times."
            />
          )
        }
      />
    </Pane>
  );
}

/** Opens a result in the inspector, and marks it in the stream. The last one that was meant wins. */
function useChosen(sessionId: string): (row: ResultRow) => void {
  const serial = useRef(0);
  const choose = useRef((row: ResultRow) => {
    serial.current += 1;
    const mine = serial.current;
    setFoundTexts(sessionId, row.sequence, row.found);
    attempt(async () => {
      const { topic } = await engineClient().session(sessionId, 'message.get', { sequence: row.sequence });
      if (serial.current === mine) {
        selectMessage(sessionId, topic, row.topicId, row.sequence);
      }
    });
  });
  return choose.current;
}

function State({ window }: { readonly window: SearchWindow | undefined }) {
  if (window === undefined) {
    return undefined;
  }
  const { state, progress, total, partly } = window;
  const found = `${formatQuantity(total, 'result')}`;
  const words = {
    searching: `${Math.floor(progress * 100)} % searched, ${found}`,
    live: `${found}, new ones join`,
    stopped: `Stopped at ${Math.floor(progress * 100)} %, ${found}`,
    failed: 'Stopped by an error',
  }[state];
  return (
    <span role="status" aria-label="Search state" className={classes.state}>
      {words}
      {partly > 0 && `. Of ${formatCount(partly)} large payloads the first 1 MB was searched`}
    </span>
  );
}

interface SavedMenuProps {
  readonly query: SearchQuery;
  readonly onChoose: (query: SearchQuery) => void;
}

/** Searches that are kept for the next time, in all connections. */
function SavedMenu({ query, onChoose }: SavedMenuProps) {
  const [saved, save] = useKept('search.saved', savedSearchesSchema, []);
  const name = nameOf(query);
  return (
    <Menu position="bottom-end" width="max-content">
      <Menu.Target>
        <IconButton icon={Bookmark} label="Saved searches" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={!isAsking(query)}
          onClick={() =>
            save([{ name, query }, ...saved.filter((other) => other.name !== name)].slice(0, 100))
          }
        >
          Save this search
        </Menu.Item>
        {saved.length > 0 && <Menu.Divider />}
        {saved.map((entry) => (
          <Menu.Item key={entry.name} onClick={() => onChoose(entry.query)}>
            {visibleText(entry.name)}
          </Menu.Item>
        ))}
        {saved.some((entry) => entry.name === name) && (
          <Menu.Item onClick={() => save(saved.filter((entry) => entry.name !== name))}>
            Forget “{visibleText(name)}”
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
