import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { Play, Square } from 'lucide-react';
import { useId, useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import { expandTopics } from '#app/generate/topics.ts';
import { type LoadCap, type LoadTest, MAX_FIXED_PAYLOAD, MAX_IN_FLIGHT } from '#app/load/load-test.ts';
import { useDraft } from '#renderer/state/publish-draft.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import classes from './load.module.css';
import { messagesText, numberProblem, topicsText } from './load-words.ts';

interface LoadFormProps {
  readonly sessionId: string;
  readonly cap: LoadCap;
  readonly isProduction: boolean;
  readonly isRunning: boolean;
  readonly onStart: (test: LoadTest, confirmation?: Promise<string>) => void;
  readonly onStop: () => void;
}

const payloads = { composed: 'From the composer', fixed: 'Of a fixed size' } as const;
type Payload = keyof typeof payloads;

const initial = { count: 1000, rate: 100, inFlight: 100, size: 100 } as const;
type Wanted = Readonly<Record<keyof typeof initial, number | ''>>;

/** What a load test sends, and its start and stop. */
export function LoadForm({ sessionId, cap, isProduction, isRunning, onStart, onStop }: LoadFormProps) {
  const { file, ...message } = useDraft(sessionId);
  const [wanted, setWanted] = useState<Wanted>(initial);
  const [payload, setPayload] = useState<Payload>('composed');
  const confirmation = useConfirmation(sessionId);
  const holdWords = useId();
  const expanded = expandTopics(message.topic);
  const topics = topicsText(message.topic, expanded.topics.length);

  const where = isProduction ? ' on a production connection' : '';
  const fields: Readonly<Record<keyof Wanted, Field>> = {
    count: { label: 'Messages', min: 1, max: cap.count, where },
    rate: { label: 'Per second', min: 1, max: cap.rate, where },
    inFlight: { label: 'In flight at most', min: 1, max: MAX_IN_FLIGHT },
    size: { label: 'Payload bytes', min: 0, max: MAX_FIXED_PAYLOAD },
  };
  const shown = (['count', 'rate', 'inFlight', 'size'] as const).filter(
    (name) => name !== 'size' || payload === 'fixed',
  );
  const problemOf = (name: keyof Wanted) =>
    numberProblem(fields[name].label, wanted[name], fields[name], fields[name].where);
  const problems = shown.map(problemOf).filter((problem) => problem !== undefined);
  const missing = missingOf(message.topic, expanded.problem, payload === 'composed' && file !== undefined);
  const test = testOf(message, wanted, payload);
  const isReady = missing === undefined && problems.length === 0 && test !== undefined;
  const isHeld = isProduction && isReady && !isRunning;
  const heldFor = test === undefined ? '' : `Hold to send ${messagesText(test.count)} to ${topics}`;

  const field = (name: keyof Wanted) => (
    <NumberInput
      key={name}
      className={classes.field ?? ''}
      label={fields[name].label}
      size="xs"
      hideControls
      allowNegative={false}
      allowDecimal={false}
      // What is beyond the limit is said, not changed.
      clampBehavior="none"
      maxLength={12}
      value={wanted[name]}
      error={problemOf(name) !== undefined}
      disabled={isRunning}
      onChange={(next) =>
        setWanted((before) => ({ ...before, [name]: typeof next === 'number' ? next : '' }))
      }
    />
  );
  const icon = <Play size={12} strokeWidth={1.75} aria-hidden />;

  return (
    <div className={classes.form}>
      {field('count')}
      {field('rate')}
      {field('inFlight')}
      <NativeSelect
        className={classes.choice ?? ''}
        label="Payload"
        size="xs"
        value={payload}
        disabled={isRunning}
        data={Object.entries(payloads).map(([value, label]) => ({ value, label }))}
        onChange={(event) => setPayload(event.currentTarget.value === 'fixed' ? 'fixed' : 'composed')}
      />
      {payload === 'fixed' && field('size')}
      {problems.length > 0 && (
        <p className={classes.problem} role="alert">
          {problems.join(' ')}
        </p>
      )}
      <div className={classes.actions}>
        {isRunning ? (
          <Button
            className={classes.button ?? ''}
            size="xs"
            variant="default"
            leftSection={<Square size={12} strokeWidth={1.75} aria-hidden />}
            onClick={onStop}
          >
            Stop load test
          </Button>
        ) : isHeld ? (
          <HoldButton
            className={classes.button ?? ''}
            size="xs"
            holdFor={HOLD_TIME}
            leftSection={icon}
            aria-describedby={holdWords}
            onBegin={() => confirmation.begin('hold')}
            onHeld={() => onStart(test, confirmation.take())}
          >
            Hold: Start load test
          </HoldButton>
        ) : (
          <Button
            className={classes.button ?? ''}
            size="xs"
            leftSection={icon}
            disabled={!isReady}
            onClick={() => test !== undefined && onStart(test)}
          >
            Start load test
          </Button>
        )}
        <div className={classes.texts}>
          {isHeld && (
            <p id={holdWords} className={classes.words} title={heldFor}>
              {heldFor}
            </p>
          )}
          <p className={classes.note}>
            {isProduction &&
              `Production connection: at most ${messagesText(cap.count)}, ${formatCount(cap.rate)} a second. `}
            {missing ?? sendsText(message.qos, expanded.topics.length, payload)}
          </p>
        </div>
      </div>
    </div>
  );
}

interface Field {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** What the limit is of. */
  readonly where?: string;
}

/** The composer stands beside it and shows the topic, which may be long. */
function sendsText(qos: number, topics: number, payload: Payload): string {
  const what = payload === 'fixed' ? 'topic and properties with a repeating text' : 'message';
  return [
    `Sends the composer’s ${what} to ${topics > 1 ? `its ${formatCount(topics)} topics in turn` : 'its topic'} at QoS ${qos}.`,
    ...(qos === 0 ? ['At QoS 0 nothing is acknowledged, so no time is measured.'] : []),
    ...(topics > 1 ? [] : ['For several topics write {1..10} in the topic.']),
  ].join(' ');
}

/** What the composer lacks for a test. */
function missingOf(topic: string, problem: string | undefined, hasFile: boolean): string | undefined {
  if (topic === '') {
    return 'Write a topic in the composer first.';
  }
  return (
    problem ??
    (hasFile ? 'A file is not taken: write a message, or choose a payload of a fixed size.' : undefined)
  );
}

function testOf(message: LoadTest['message'], wanted: Wanted, payload: Payload): LoadTest | undefined {
  const { count, rate, inFlight, size } = wanted;
  if (count === '' || rate === '' || inFlight === '') {
    return undefined;
  }
  if (payload === 'composed') {
    return { message, count, rate, inFlight };
  }
  return size === '' ? undefined : { message, payloadSize: size, count, rate, inFlight };
}
