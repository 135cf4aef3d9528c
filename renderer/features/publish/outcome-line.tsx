import { Button, Progress } from '@mantine/core';
import { Check, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { assertNever } from '#app/base/assert.ts';
import { formatBytes, formatCount, formatDuration, formatQuantity, formatTime } from '#app/base/format.ts';
import type { PublishedMany, PublishOutcome, PublishSteps } from '#app/contract/operations/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { attempt } from '#renderer/commands/run.ts';
import { connectSession } from '#renderer/state/actions.ts';
import { type Confirmation, HOLD_TIME } from '#renderer/state/use-confirmation.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import styles from './publish.module.css';
import type { Publisher } from './use-publisher.ts';

interface OutcomeLineProps {
  readonly sessionId: string;
  readonly publisher: Publisher;
  readonly version: MqttVersion;
  /** Of a production connection: what goes out has to be held for. */
  readonly confirmation: Confirmation | undefined;
}

/** What became of the last press: in place, announced, and with the way out where there is one. */
export function OutcomeLine({ sessionId, publisher, version, confirmation }: OutcomeLineProps) {
  const { outcome } = publisher;
  switch (outcome.kind) {
    case 'idle':
      return undefined;
    case 'sending':
      return <Sending staged={outcome.staged} size={outcome.size} onCancel={publisher.cancel} />;
    case 'looking':
      return (
        <Working
          actions={
            <Button size="compact-xs" variant="default" onClick={publisher.reset}>
              Cancel
            </Button>
          }
        >
          Looking for the retained message of <Topic topic={outcome.topic} />…
        </Working>
      );
    case 'done':
      return (
        <Done>
          {outcomeText(outcome.outcome, version)}
          {outcome.outcome.kind === 'acknowledged' && outcome.outcome.steps !== undefined && (
            <Steps steps={outcome.outcome.steps} />
          )}
        </Done>
      );
    case 'doneMany':
      return <Many many={outcome.many} />;
    case 'failed':
      return outcome.failure.code === 'contract.cancelled' ? (
        <Plain>{outcome.failure.message}</Plain>
      ) : (
        <div className={styles.notice}>
          <FailureNote
            failure={outcome.failure}
            actions={
              outcome.isOffline && (
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => attempt(() => connectSession(sessionId))}
                >
                  Connect
                </Button>
              )
            }
          />
        </div>
      );
    case 'confirm-clear':
      return (
        <Plain
          isNotice
          actions={
            <>
              <Button size="compact-xs" variant="subtle" color="gray" onClick={publisher.reset}>
                Cancel
              </Button>
              <ActButton
                color="red"
                words="Clear"
                confirmation={confirmation}
                onAct={(token) => void publisher.clearRetained(outcome.topic, true, token)}
              />
            </>
          }
        >
          {outcome.isKnown ? (
            <>
              Clears the retained message of <Topic topic={outcome.topic} /> at a production broker.
            </>
          ) : (
            <>
              No retained message of <Topic topic={outcome.topic} /> is known here. If the broker has one,
              clearing it cannot be undone.
            </>
          )}
        </Plain>
      );
    case 'cleared': {
      const { before } = outcome;
      return (
        <Done
          actions={
            before !== undefined && (
              <ActButton
                words="Undo"
                confirmation={confirmation}
                onAct={(token) => void publisher.restore(before, token)}
              />
            )
          }
        >
          <span
            title={
              before === undefined
                ? undefined
                : `${formatBytes(before.message.payload.size)}, seen here at ${formatTime(before.at)}`
            }
          >
            Cleared the retained message of <Topic topic={outcome.topic} />
          </span>
        </Done>
      );
    }
    case 'restored':
      return (
        <Done>
          Put the retained message of <Topic topic={outcome.topic} /> back
        </Done>
      );
    default:
      return assertNever(outcome);
  }
}

/** What became of messages to several topics; of those that failed the first, with its reason. */
function Many({ many: { published, failed, failure, acknowledged } }: { readonly many: PublishedMany }) {
  const times =
    acknowledged === undefined
      ? ''
      : `, acknowledged in ${formatDuration(acknowledged.median)}, the slowest in ${formatDuration(acknowledged.slowest)}`;
  const done = `Published ${formatQuantity(published, 'message')}${times}`;
  if (failure === undefined) {
    return <Done>{done}</Done>;
  }
  const message = `${formatCount(failed)} of ${formatQuantity(published + failed, 'message')} failed, the first to ${visibleText(failure.topic)}: ${failure.failure.message}`;
  return (
    <div className={styles.notice}>
      <FailureNote failure={{ ...failure.failure, message }} />
    </div>
  );
}

/** The four packets of QoS 2, each with the time since the first. */
function Steps({ steps: { received, released, completed } }: { readonly steps: PublishSteps }) {
  const times = [
    ['PUBLISH →', 0],
    ['← PUBREC', received],
    ['PUBREL →', released],
    ['← PUBCOMP', completed],
  ] as const;
  return (
    <ul aria-label="Steps of QoS 2" className={styles.steps}>
      {times.map(([packet, at]) => (
        <li key={packet}>
          {packet} <span className={styles.stepTime}>{at === 0 ? '0' : formatDuration(at)}</span>
        </li>
      ))}
    </ul>
  );
}

/** `Sent 12:01:02.345`, `Acknowledged: Success (0x00) in 12 ms`; before MQTT 5.0 there is no reason to tell. */
function outcomeText(outcome: PublishOutcome, version: MqttVersion): string {
  if (outcome.kind === 'sent') {
    return `Sent ${formatTime(outcome.sentAt)}`;
  }
  const duration = formatDuration(Math.max(0, outcome.acknowledgedAt - outcome.sentAt));
  if (version !== '5.0') {
    return `Acknowledged in ${duration}`;
  }
  const code = outcome.reasonCode.toString(16).toUpperCase().padStart(2, '0');
  return `Acknowledged: ${outcome.reasonName} (0x${code}) in ${duration}`;
}

interface ActButtonProps {
  readonly words: string;
  readonly color?: string;
  readonly confirmation: Confirmation | undefined;
  readonly onAct: (token: Promise<string> | undefined) => void;
}

/** A button, or one to be held where that is asked for. */
function ActButton({ words, color, confirmation, onAct }: ActButtonProps) {
  if (confirmation === undefined) {
    return (
      <Button
        size="compact-xs"
        {...(color === undefined ? { variant: 'default' } : { color })}
        onClick={() => onAct(undefined)}
      >
        {words}
      </Button>
    );
  }
  return (
    <HoldButton
      size="compact-xs"
      holdFor={HOLD_TIME}
      {...(color === undefined ? {} : { color })}
      onBegin={() => confirmation.begin('hold')}
      onHeld={() => onAct(confirmation.take())}
    >
      Hold: {words}
    </HoldButton>
  );
}

interface LineProps {
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

function Done({ children, actions }: LineProps) {
  return (
    <div role="status" className={styles.outcome} data-kind="done">
      <Check size={14} strokeWidth={1.75} aria-hidden />
      <div className={styles.outcomeWords}>{children}</div>
      {actions}
    </div>
  );
}

function Plain({ children, actions, isNotice }: LineProps & { readonly isNotice?: boolean }) {
  return (
    <p role="status" className={isNotice === true ? `${styles.outcome} ${styles.notice}` : styles.outcome}>
      <span className={styles.outcomeWords}>{children}</span>
      {actions}
    </p>
  );
}

function Topic({ topic }: { readonly topic: string }) {
  return <code className={styles.mono}>{visibleText(topic)}</code>;
}

interface SendingProps {
  readonly staged: number;
  readonly size: number;
  readonly onCancel: () => void;
}

/** A payload of several slices shows how far it is, and can be given up. */
function Sending({ staged, size, onCancel }: SendingProps) {
  const isHandingOver = staged > 0 && staged < size;
  return (
    <Working
      actions={
        isHandingOver && (
          <>
            <Progress
              className={styles.progress ?? ''}
              value={(staged / size) * 100}
              size="xs"
              aria-label="Handing the payload over"
            />
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              Cancel
            </Button>
          </>
        )
      }
    >
      {isHandingOver ? `${formatBytes(staged)} of ${formatBytes(size)}` : 'Sending…'}
    </Working>
  );
}

/** Something is under way. A block, as a progress bar may stand in it. */
function Working({ children, actions }: LineProps) {
  return (
    <div role="status" className={styles.outcome}>
      <LoaderCircle size={14} strokeWidth={1.75} aria-hidden className={styles.turning} />
      <span className={styles.outcomeWords}>{children}</span>
      {actions}
    </div>
  );
}
