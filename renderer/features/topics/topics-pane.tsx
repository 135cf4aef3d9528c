import { Button, Menu } from '@mantine/core';
import {
  ArrowDownUp,
  ChevronsDownUp,
  History,
  ListFilter,
  ListTree,
  Radio,
  SearchX,
  Unplug,
} from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { z } from 'zod';
import { formatCount, formatTime } from '#app/base/format.ts';
import { treeSorts } from '#app/contract/feeds/session.ts';
import { attempt } from '#renderer/commands/run.ts';
import { subscribeTo } from '#renderer/commands/topic-actions.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { useKept } from '#renderer/state/kept.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { useSettledText } from '#renderer/ui/use-settled-text.ts';
import { TopicTree } from './topic-tree.tsx';
import { expandNode } from './tree-actions.ts';
import { sortedBy } from './tree-header.tsx';
import type { TreeFacts } from './tree-parts.ts';
import type { TreeSort } from './use-tree-feed.ts';

const sortSchema = z.object({ by: z.enum(treeSorts), descending: z.boolean() });
const byName: TreeSort = { by: 'name', descending: false };
const unknown: TreeFacts = { matched: undefined, filterProblem: undefined, failure: undefined };
/** Milliseconds without a key before the engine filters again; the first key after a pause counts at once. */
const FILTER_DELAY = 60;

const sortNames: Readonly<Record<TreeSort['by'], string>> = {
  name: 'Name',
  recent: 'Most recent',
  count: 'Messages',
  rate: 'Rate',
};

/** All topics of a session as a tree, with the newest value of each. */
export function TopicsPane({ sessionId }: { readonly sessionId: string }) {
  const [sort, setSort] = useKept('topics.sort', sortSchema, byName);
  const [filter, wanted, setFilter] = useSettledText(FILTER_DELAY);
  const [facts, setFacts] = useState(unknown);
  const onFacts = useCallback((next: TreeFacts) => setFacts(next), []);
  const field = useRef<HTMLInputElement>(null);
  const tree = useRef<HTMLDivElement>(null);
  const collapseAll = () => expandNode(sessionId, 0, false, true);

  useCommand({
    id: 'topics.filter',
    label: 'Filter topics',
    group: 'Topics',
    shortcut: '/',
    keywords: ['find', 'search', 'tree'],
    run: () => field.current?.select(),
  });
  useCommand({
    id: 'topics.focus',
    label: 'Go to the topic tree',
    group: 'Topics',
    run: () => tree.current?.focus(),
  });
  useCommand({
    id: 'topics.collapse',
    label: 'Collapse all topics',
    group: 'Topics',
    run: collapseAll,
  });
  useCommand({
    id: 'topics.expand',
    label: 'Expand all topics',
    group: 'Topics',
    run: () => expandNode(sessionId, 0, true, true),
  });

  return (
    <Pane aria-label="Topic tree" role="region">
      <PaneHeader
        title="Topics"
        actions={
          <>
            <SortMenu sort={sort} onSort={setSort} />
            <IconButton
              icon={ChevronsDownUp}
              label="Collapse all topics"
              onClick={() => attempt(collapseAll)}
            />
          </>
        }
      >
        <FilterField
          ref={field}
          label="Filter topics"
          icon={ListFilter}
          mono
          value={filter}
          onChange={setFilter}
          problem={filter === '' ? undefined : facts.filterProblem}
          note={
            filter !== '' && facts.matched !== undefined ? (
              <span title={`${formatCount(facts.matched)} topics match`}>{formatCount(facts.matched)}</span>
            ) : undefined
          }
          onLeave={() => tree.current?.focus()}
        />
      </PaneHeader>
      {facts.failure !== undefined && <FailureNote failure={facts.failure} />}
      <TopicTree
        ref={tree}
        sessionId={sessionId}
        sort={sort}
        onSort={setSort}
        filter={wanted}
        onFacts={onFacts}
        empty={
          <NoTopics sessionId={sessionId} isFiltered={wanted !== ''} onClearFilter={() => setFilter('')} />
        }
      />
    </Pane>
  );
}

function SortMenu({ sort, onSort }: { readonly sort: TreeSort; readonly onSort: (sort: TreeSort) => void }) {
  return (
    <Menu position="bottom-end" width="max-content">
      <Menu.Target>
        <IconButton icon={ArrowDownUp} label="Sort topics" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={sort.by}
          onChange={(value) => {
            const by = treeSorts.find((candidate) => candidate === value);
            if (by !== undefined) {
              onSort(sortedBy(by));
            }
          }}
        >
          {treeSorts.map((by) => (
            <Menu.RadioItem key={by} value={by}>
              {sortNames[by]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.RadioGroup
          value={sort.descending ? 'descending' : 'ascending'}
          onChange={(value) => onSort({ ...sort, descending: value === 'descending' })}
        >
          <Menu.RadioItem value="ascending">Ascending</Menu.RadioItem>
          <Menu.RadioItem value="descending">Descending</Menu.RadioItem>
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

interface NoTopicsProps {
  readonly sessionId: string;
  readonly isFiltered: boolean;
  readonly onClearFilter: () => void;
}

/** Why there are no rows, and what to do about it. */
function NoTopics({ sessionId, isFiltered, onClearFilter }: NoTopicsProps) {
  const session = useSession(sessionId);
  const moment = useMoment(sessionId);
  if (isFiltered) {
    return (
      <EmptyState icon={SearchX} text="No topic matches the filter.">
        <Button variant="default" onClick={onClearFilter}>
          Clear filter
        </Button>
      </EmptyState>
    );
  }
  if (moment !== undefined) {
    return <EmptyState icon={History} text={`No message had come by ${formatTime(moment.at)}.`} />;
  }
  if (session?.state.kind !== 'connected') {
    return <EmptyState icon={Unplug} text="Not connected. Topics appear here with their first message." />;
  }
  if (session.profile.subscriptions.some(({ enabled }) => enabled)) {
    return <EmptyState icon={ListTree} text="Subscribed. Topics appear here with their first message." />;
  }
  return (
    <EmptyState icon={Radio} text="Subscribe to a topic, or to everything with #.">
      <Button variant="default" onClick={() => attempt(() => subscribeTo(sessionId, '#'))}>
        Subscribe to #
      </Button>
    </EmptyState>
  );
}
