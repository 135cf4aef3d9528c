import { Search, TimerOff } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { formatCount, formatTime } from '#app/base/format.ts';
import {
  MAX_SILENCE_ROWS,
  type SilenceState,
  type SilenceWindow,
  silenceSorts,
} from '#app/contract/feeds/silence.ts';
import { hasWildcard, topicFilterProblem } from '#app/mqtt/topic.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { useKept } from '#renderer/state/kept.ts';
import { useSilenceFactor } from '#renderer/state/rhythm.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import { Choice } from '#renderer/ui/choice.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import { useEngineNow } from '#renderer/ui/use-engine-now.ts';
import { useFrozen } from '#renderer/ui/virtual/use-frozen.ts';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';
import classes from './silence.module.css';
import { SilenceGrid, sortedBy } from './silence-grid.tsx';
import { stateNames, summaryText } from './silence-words.ts';

const sortSchema = z.object({ by: z.enum(silenceSorts), descending: z.boolean() });
const mostSilent = sortedBy('times');

const states = { all: 'All topics', ...stateNames } as const satisfies Record<'all' | SilenceState, string>;

/** Which topics have been silent for longer than they usually are. Counted while it is open, of all that is kept. */
export function SilencePane({ sessionId }: { readonly sessionId: string }) {
  const { plan, follow } = useWindowPlan(MAX_SILENCE_ROWS);
  const [text, setText] = useState('');
  const [state, setState] = useState<keyof typeof states>('all');
  const [factor, setFactor] = useSilenceFactor();
  const [sort, setSort] = useKept('silence.sort', sortSchema, mostSilent);
  const { frozen, handlers } = useFrozen(false);
  const { window, failure } = useReadersFeed('silence', {
    sessionId,
    text,
    state,
    factor,
    sort,
    frozen,
    ...plan,
  });
  const isPast = useMoment(sessionId) !== undefined;
  const now = useEngineNow(window);
  const problem = hasWildcard(text) ? topicFilterProblem(text) : undefined;
  const topics = window?.topics ?? 0;
  return (
    <Pane role="region" aria-label="Silence">
      <PaneHeader title="Silence">
        {window !== undefined && topics > 0 && (
          <span role="status" aria-label="Silence summary" aria-live="off" className={classes.note}>
            {summaryText(window)}
          </span>
        )}
        {frozen && topics > 1 && (
          <span className={classes.frozen} title="Rows keep their places while the pointer is among them">
            order frozen
          </span>
        )}
      </PaneHeader>
      <div className={classes.bar}>
        <FilterField
          label="Topic or topic filter"
          icon={Search}
          mono
          value={text}
          problem={problem}
          onChange={(next) => setText(next.slice(0, 1000))}
          note={
            window === undefined || window.total === topics
              ? undefined
              : `${formatCount(window.total)} of ${formatCount(topics)}`
          }
        />
        <Choice label="State of the topics" names={states} value={state} neutral="all" onChange={setState} />
        <div className={classes.limit}>
          Quiet after
          <RangeInput
            aria-label="Times the usual interval after which a topic is quiet"
            className={classes.factor ?? ''}
            min={1}
            max={1000}
            value={factor}
            onChange={setFactor}
          />
          × its usual
        </div>
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      {window?.offlineSince !== undefined && topics > 0 && (
        <div role="status" className={classes.offline}>
          Not connected since {formatTime(window.offlineSince).slice(0, 8)}: nothing can be heard, and silence
          is not counted.
        </div>
      )}
      {isPast && (
        <div className={classes.aside}>The timeline shows an earlier moment; this is the silence of now.</div>
      )}
      <div
        className={classes.rows}
        onPointerEnter={handlers.onPointerEnter}
        onPointerLeave={handlers.onPointerLeave}
      >
        <SilenceGrid
          sessionId={sessionId}
          window={window}
          now={now}
          factor={factor}
          sort={sort}
          onSort={setSort}
          follow={(rendered) => follow(rendered, window?.total ?? 0)}
          empty={<EmptyState icon={TimerOff} text={emptyText(window)} />}
        />
      </div>
    </Pane>
  );
}

function emptyText(window: SilenceWindow | undefined): string {
  if (window === undefined || window.progress < 1) {
    return 'Reading what is kept…';
  }
  return window.topics > 0
    ? 'No topic fits. Choose another state or topic.'
    : 'No message yet. Once five came on a topic, its usual interval is known, and its silence is measured by it.';
}
