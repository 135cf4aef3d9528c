import { Button, Modal, Radio } from '@mantine/core';
import { useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Rehearsal } from '#app/contract/feeds/will.ts';
import { type RehearsalEnd, rehearsalEnds } from '#app/contract/operations/will.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { GuardedButton } from '#renderer/commands/guarded-button.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useNow } from '#renderer/ui/clock.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { LevelIcon } from './level-icon.tsx';
import classes from './rehearsal.module.css';
import { RehearsalFacts } from './rehearsal-facts.tsx';
import { outcomeOf } from './rehearsal-words.ts';

const endNames: Readonly<Record<RehearsalEnd, { readonly label: string; readonly description: string }>> = {
  cut: {
    label: 'Cut the connection',
    description: 'Without DISCONNECT, as when a cable is pulled: the broker should send the will.',
  },
  disconnect: {
    label: 'Disconnect properly',
    description: 'With DISCONNECT: the broker should throw the will away.',
  },
};

interface RehearsalDialogProps {
  readonly sessionId: string;
  /** Of the will that the broker holds. */
  readonly topic: string | undefined;
  readonly rehearsal: Rehearsal | undefined;
  readonly onClose: () => void;
}

/** What a rehearsal would do, what it does, and what came of it. It goes on when the dialog is closed. */
export function RehearsalDialog({ sessionId, topic, rehearsal, onClose }: RehearsalDialogProps) {
  const [end, setEnd] = useState<RehearsalEnd>('cut');
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const isRunning = rehearsal?.state === 'running';
  const start = async (confirmation: { readonly confirmation?: string }) => {
    try {
      setFailure(undefined);
      await engineClient().session(sessionId, 'will.rehearse', { end, ...confirmation });
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  const stop = () => attempt(() => engineClient().session(sessionId, 'will.stopRehearsal', {}));
  return (
    <Modal
      opened
      onClose={onClose}
      title="Rehearse the last will"
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        {rehearsal === undefined && (
          <p>
            A second connection with the same credentials watches the will’s topic. Then this connection is
            ended, what the broker sends is held against what was set, and everything is put back: what was
            retained on the topic, the connection and its subscriptions. Whoever listens to the topic receives
            the will.
          </p>
        )}
        {rehearsal !== undefined && <Findings rehearsal={rehearsal} />}
        {!isRunning && topic !== undefined && (
          <>
            <Radio.Group
              label="How the connection ends"
              value={end}
              onChange={(value) => setEnd(rehearsalEnds.find((one) => one === value) ?? 'cut')}
            >
              <div className={classes.ways}>
                {rehearsalEnds.map((one) => (
                  <Radio key={one} value={one} size="xs" {...endNames[one]} />
                ))}
              </div>
            </Radio.Group>
            <p>
              The will goes to <code className={classes.topic}>{visibleText(topic)}</code>. If it does not
              arrive, the second connection publishes the same message to find out why.
            </p>
          </>
        )}
        {failure !== undefined && <FailureNote failure={failure} />}
        <div className={classes.actions}>
          {isRunning && rehearsal.phase !== 'restoring' && (
            <Button variant="default" onClick={() => void stop()}>
              Stop waiting
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {!isRunning && topic !== undefined && (
            <GuardedButton sessionId={sessionId} onConfirmed={start}>
              {rehearsal === undefined ? 'Start rehearsal' : 'Rehearse again'}
            </GuardedButton>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Findings({ rehearsal }: { readonly rehearsal: Rehearsal }) {
  const { level, words } = outcomeOf(rehearsal);
  const isWaiting = rehearsal.state === 'running' && rehearsal.phase === 'waiting';
  return (
    <>
      <p role="status" className={classes.outcome} data-level={level}>
        <LevelIcon level={level} />
        <span>{words}</span>
      </p>
      {isWaiting && <Wait rehearsal={rehearsal} />}
      {rehearsal.failure !== undefined && <FailureNote failure={rehearsal.failure} />}
      {rehearsal.facts !== undefined && <RehearsalFacts facts={rehearsal.facts} />}
      <Sentences title="Why" sentences={rehearsal.reasons} />
      <Sentences title="Put back" sentences={rehearsal.restored} />
    </>
  );
}

/** By the clock of this window: that of the engine may be another machine's. */
function Wait({ rehearsal }: { readonly rehearsal: Rehearsal }) {
  const now = useNow();
  const began = useRef(now);
  const { endedAt = 0, dueAt, waitsUntil = endedAt } = rehearsal;
  const passed = Math.max(0, Math.round((now - began.current) / 1000));
  const due = dueAt === undefined ? 0 : Math.round((dueAt - endedAt) / 1000);
  const limit = Math.round((waitsUntil - endedAt) / 1000);
  return (
    <p>
      {passed} s of {limit} s at most.
      {due > 0 && ` It is due ${due} s after the end of the connection.`}
    </p>
  );
}

function Sentences({ title, sentences }: { readonly title: string; readonly sentences: readonly string[] }) {
  return sentences.length === 0 ? undefined : (
    <section aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      <ul className={classes.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{visibleText(sentence)}</li>
        ))}
      </ul>
    </section>
  );
}
