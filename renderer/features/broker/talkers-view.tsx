// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant

import { Megaphone } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '#app/base/format.ts';
import type { TalkerRow, TalkersWindow } from '#app/contract/feeds/broker.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import choice from '#renderer/ui/choice.module.css';
import { Choice } from '#renderer/ui/choice.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { formatRate } from '#renderer/ui/numbers.tsx';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import { rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useListCursor } from '#renderer/ui/virtual/use-list-cursor.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './broker.module.css';
import { floodText, shareText } from './broker-words.ts';
import { showInTree } from './show-in-tree.ts';

const MAX_ROWS = 200;
const depths = [1, 2, 3, 4, 5, 6, 7, 8];
const spans = {
  '10s': 'Last 10 s',
  '1min': 'Last minute',
  '5min': 'Last 5 min',
  session: 'Whole session',
} as const;
const orders = { messages: 'By messages', bytes: 'By bytes' } as const;
const columns = ['Topic', 'Messages', 'Messages/s', 'Bytes', 'Bytes/s', 'Share'];
const keyOf = (row: TalkerRow) => row.nodeId;
const none: TalkersWindow = {
  counted: 0,
  messages: 0,
  bytes: 0,
  offset: 0,
  total: 0,
  active: 0,
  rows: [],
  flooding: 0,
};

/** Who sends most: topics, or branches of the tree. Counted while it is open; Enter shows the topic in the tree. */
export function TalkersView({ sessionId }: { readonly sessionId: string }) {
  const { plan, follow } = useWindowPlan(MAX_ROWS);
  const [scope, setScope] = useState('topic');
  const [span, setSpan] = useState<keyof typeof spans>('10s');
  const [order, setOrder] = useState<keyof typeof orders>('messages');
  const [floodRate, setFloodRate] = useState(100);
  const depth = Number(scope);
  const { window, failure } = useSessionFeed(sessionId, 'talkers', {
    ...plan,
    span,
    order,
    floodRate,
    ...(Number.isNaN(depth) ? { by: 'topic' } : { by: 'branch', depth }),
  });
  const scroller = useVirtualScroller(24, 22);
  const { rendered, refs } = useVirtualRows<TalkerRow, TalkersWindow>(scroller, {
    window,
    keyOf,
    anchors: () => [],
  });
  useEffect(() => follow(rendered, window?.total ?? 0));
  const { props, rowProps } = useListCursor(window, scroller, keyOf, (row) =>
    showInTree(sessionId, row.nodeId),
  );
  const shown = window ?? none;
  return (
    <>
      <div className={classes.bar}>
        <select
          aria-label="Rank"
          className={choice.choice}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
        >
          <option value="topic">Topics</option>
          {depths.map((levels) => (
            <option key={levels} value={levels}>
              Branches, {formatQuantity(levels, 'level')}
            </option>
          ))}
        </select>
        <Choice label="Span" names={spans} value={span} onChange={setSpan} />
        <Choice label="Order" names={orders} value={order} onChange={setOrder} />
        <label className={classes.limit}>
          Flooding from
          <RangeInput
            aria-label="Flooding from, messages per second"
            className={classes.rate ?? ''}
            min={0.1}
            max={1_000_000}
            value={floodRate}
            onChange={setFloodRate}
          />
          per second
        </label>
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div className={classes.verdict} data-flooding={shown.flooding > 0 || undefined}>
        <span role="status" aria-label="Flooding">
          {window === undefined ? 'Counting…' : floodText(shown, flooder(shown), floodRate)}
        </span>
        {window !== undefined && (
          <span className={classes.note}>
            {formatCount(shown.messages)} messages, {formatBytes(shown.bytes)} of payload in{' '}
            {formatDuration(shown.counted)}; {formatQuantity(shown.active, 'sender')}
            {shown.active > shown.total && `, the first ${formatCount(shown.total)} shown`}
          </span>
        )}
      </div>
      <div className={classes.frame}>
        <div
          ref={refs.view}
          role="grid"
          aria-label="Top talkers"
          aria-rowcount={shown.total + 1}
          aria-colcount={columns.length}
          className={`${classes.view} ${classes.talkers}`}
          {...props}
        >
          <div role="row" className={classes.head}>
            {columns.map((name) => (
              <div key={name} role="columnheader" data-number={name !== 'Topic' || undefined}>
                {name}
              </div>
            ))}
          </div>
          <div ref={refs.content} role="rowgroup" className={virtualList.content}>
            <div ref={refs.layer} role="presentation" className={virtualList.layer}>
              {Array.from({ length: rendered.end - rendered.first }, (_, step) => {
                const index = rendered.first + step;
                const row = rowAt(window, index);
                if (row === undefined) {
                  return <div key={`unknown-${index}`} role="presentation" className={classes.row} />;
                }
                const topic = visibleText(row.topic) + (row.isBranch ? '/#' : '');
                return (
                  <div
                    key={row.nodeId}
                    {...rowProps(row, index)}
                    className={classes.row}
                    data-floods={row.floods || undefined}
                  >
                    {/* Its two parts would be read as two words. */}
                    <div
                      role="gridcell"
                      title={topic}
                      aria-label={`${topic}${row.floods ? ', floods' : ''}`}
                      className={classes.topic}
                    >
                      <CutText text={topic} maxTail={32} />
                      {row.floods && <span className={classes.flag}>floods</span>}
                    </div>
                    <div role="gridcell" className={classes.number}>
                      {formatCount(row.messages)}
                    </div>
                    <div role="gridcell" className={classes.number}>
                      {formatRate(row.messagesPerSecond)}
                    </div>
                    <div role="gridcell" className={classes.number}>
                      {formatBytes(row.bytes)}
                    </div>
                    <div role="gridcell" className={classes.number}>
                      {formatBytes(row.bytesPerSecond)}
                    </div>
                    <div role="gridcell" className={classes.share}>
                      <span
                        aria-hidden
                        className={classes.shareBar}
                        style={{ width: `${row.share * 60}px` }}
                      />
                      {shareText(row.share)}
                    </div>
                  </div>
                );
              })}
            </div>
          </div>
        </div>
        {window?.total === 0 && (
          <div className={classes.empty}>
            <EmptyState
              icon={Megaphone}
              text="Nothing came in this span. What comes from now on is ranked here."
            />
          </div>
        )}
      </div>
    </>
  );
}

/** The first of the window that floods, by the order that was chosen. */
function flooder({ rows }: TalkersWindow): TalkerRow | undefined {
  return rows.find(({ floods }) => floods);
}
