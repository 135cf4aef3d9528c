import { Search, Send, Workflow } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { formatCount } from '#app/base/format.ts';
import {
  MAX_REQUEST_ROWS,
  MAX_TOPIC_PAIRS,
  type RequestRow,
  topicPairSchema,
} from '#app/contract/feeds/requests.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { useKept } from '#renderer/state/kept.ts';
import { Choice } from '#renderer/ui/choice.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';
import { NewRequest } from './new-request.tsx';
import classes from './requests.module.css';
import { RequestsGrid } from './requests-grid.tsx';
import { summaryText } from './requests-words.ts';
import { TopicPairs } from './topic-pairs.tsx';

const pairsSchema = z.array(topicPairSchema).max(MAX_TOPIC_PAIRS);
const noPairs: z.output<typeof pairsSchema> = [];

const states = {
  all: 'All',
  waiting: 'Waiting',
  unanswered: 'Without answer',
  answered: 'Answered',
} as const satisfies Record<'all' | RequestRow['state'], string>;
const orders = { newest: 'Newest first', slowest: 'Slowest first' } as const;

/** Requests with their answers and round-trip times: by the response topic of MQTT 5, or by pairs of topics. */
export function RequestsPane({ sessionId }: { readonly sessionId: string }) {
  const { plan, follow } = useWindowPlan(MAX_REQUEST_ROWS);
  const session = useSession(sessionId);
  const profileId = session?.profile.id ?? '';
  const [pairs, setPairs] = useKept(`requests.pairs.${profileId}`, pairsSchema, noPairs);
  const [isEditing, setEditing] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [text, setText] = useState('');
  const [state, setState] = useState<keyof typeof states>('all');
  const [order, setOrder] = useState<keyof typeof orders>('newest');
  const [seconds, setSeconds] = useState(10);
  const { window, failure } = useReadersFeed('requests', {
    sessionId,
    pairs,
    timeout: seconds * 1000,
    state,
    text,
    order,
    ...plan,
  });
  const held =
    window === undefined ? 0 : window.counts.answered + window.counts.waiting + window.counts.unanswered;
  return (
    <Pane role="region" aria-label="Requests">
      <PaneHeader
        title="Requests"
        actions={
          <>
            <IconButton
              icon={Send}
              label="New request"
              pressed={isAsking}
              onClick={() => setAsking(!isAsking)}
            />
            <IconButton
              icon={Workflow}
              label="Topic pairs"
              pressed={isEditing}
              onClick={() => setEditing(!isEditing)}
            />
          </>
        }
      >
        {window !== undefined && held > 0 && (
          <span role="status" aria-label="Round trips" className={classes.note}>
            {summaryText(window)}
          </span>
        )}
      </PaneHeader>
      <div className={classes.bar}>
        <FilterField
          label="Topic of request or answer"
          icon={Search}
          mono
          value={text}
          onChange={(next) => setText(next.slice(0, 1000))}
          note={
            window === undefined || window.total === held
              ? undefined
              : `${formatCount(window.total)} of ${formatCount(held)}`
          }
        />
        <Choice label="State of the requests" names={states} value={state} onChange={setState} />
        <Choice label="Order of the requests" names={orders} value={order} onChange={setOrder} />
        <div className={classes.limit}>
          No answer after
          <RangeInput
            aria-label="Seconds after which a request counts as unanswered"
            className={classes.seconds ?? ''}
            min={0.1}
            max={86_400}
            value={seconds}
            onChange={setSeconds}
          />
          s
        </div>
      </div>
      {isAsking && session !== undefined && <NewRequest session={session} />}
      {isEditing && <TopicPairs pairs={pairs} onChange={(next) => setPairs([...next])} />}
      {failure !== undefined && <FailureNote failure={failure} />}
      <RequestsGrid
        sessionId={sessionId}
        window={window}
        follow={(rendered) => follow(rendered, window?.total ?? 0)}
        empty={
          window === undefined || window.progress < 1 ? (
            <EmptyState icon={Workflow} text="Reading what is kept…" />
          ) : held > 0 ? (
            <EmptyState icon={Workflow} text="No request fits. Choose another state or topic." />
          ) : (
            <EmptyState
              icon={Workflow}
              text="No request yet. Messages with a response topic (MQTT 5) are paired with their answers; for others, name the topics under Topic pairs."
            />
          )
        }
      />
    </Pane>
  );
}
