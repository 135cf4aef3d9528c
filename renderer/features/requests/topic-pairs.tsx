import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_TOPIC_PAIRS } from '#app/contract/feeds/requests.ts';
import type { TopicPair } from '#app/mqtt/topic-pair.ts';
import { topicPairProblem } from '#app/mqtt/topic-pair.ts';
import { RowList } from '#renderer/ui/row-list.tsx';
import classes from './requests.module.css';

interface TopicPairsProps {
  readonly pairs: readonly TopicPair[];
  /** With the pairs that can be used. */
  readonly onChange: (pairs: readonly TopicPair[]) => void;
}

const isUsable = (pair: TopicPair) => topicPairProblem(pair) === undefined;
const isBegun = ({ request, response }: TopicPair) => request !== '' && response !== '';

/** Pairs of topics, for devices that answer without the response topic of MQTT 5: `line/+/set` and `line/+/state`. */
export function TopicPairs({ pairs, onChange }: TopicPairsProps) {
  // What is being typed stays here until it can be used.
  const [rows, setRows] = useState<readonly TopicPair[]>(() =>
    pairs.length === 0 ? [{ request: '', response: '' }] : pairs,
  );
  const change = (next: readonly TopicPair[]) => {
    setRows(next);
    onChange(next.filter(isUsable));
  };
  const set = (index: number, patch: Partial<TopicPair>) =>
    change(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <div className={classes.pairs}>
      <RowList
        legend="Topic pairs"
        noun="pair"
        rows={rows}
        max={MAX_TOPIC_PAIRS}
        onAdd={() => change([...rows, { request: '', response: '' }])}
        onRemove={(index) => change(rows.filter((_, at) => at !== index))}
      >
        {(row, index) => (
          <>
            <TextInput
              size="xs"
              classNames={{ input: classes.topicField ?? '' }}
              aria-label={`Request topic ${index + 1}`}
              placeholder="line/+/set"
              maxLength={1000}
              spellCheck={false}
              autoComplete="off"
              value={row.request}
              error={isBegun(row) ? topicPairProblem(row) : undefined}
              onChange={(event) => set(index, { request: event.currentTarget.value })}
            />
            <TextInput
              size="xs"
              classNames={{ input: classes.topicField ?? '' }}
              aria-label={`Answer topic ${index + 1}`}
              placeholder="line/+/state"
              maxLength={1000}
              spellCheck={false}
              autoComplete="off"
              value={row.response}
              onChange={(event) => set(index, { response: event.currentTarget.value })}
            />
          </>
        )}
      </RowList>
      <p className={classes.note}>
        The answer’s + and # stand for what the request’s stand for. Messages with a response topic (MQTT 5)
        need no pair.
      </p>
    </div>
  );
}
