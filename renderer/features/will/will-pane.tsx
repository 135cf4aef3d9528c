import { Button, Popover } from '@mantine/core';
import { BellOff, BellRing, FlaskConical, Unplug } from 'lucide-react';
import { memo, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Rehearsal } from '#app/contract/feeds/will.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Birth, Will } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import { RehearsalDialog } from './rehearsal-dialog.tsx';
import { RehearsalLine } from './rehearsal-line.tsx';
import styles from './will-pane.module.css';

/** The last will of the connection: what the broker holds now, and the way to have it really sent. */
export function WillPane({ sessionId }: { readonly sessionId: string }) {
  const { window: status } = useSessionFeed(sessionId, 'status', {});
  const { window } = useSessionFeed(sessionId, 'rehearsal', {});
  return (
    <WillState
      sessionId={sessionId}
      isConnected={status?.state.kind === 'connected'}
      armed={status?.willArmed}
      rehearsal={window?.rehearsal}
    />
  );
}

interface WillStateProps {
  readonly sessionId: string;
  readonly isConnected: boolean;
  /** Topic of the will that the broker holds. */
  readonly armed: string | undefined;
  /** The newest one. */
  readonly rehearsal: Rehearsal | undefined;
}

/** Apart from the status, which brings new counts many times a second. */
const WillState = memo(function WillState({ sessionId, isConnected, armed, rehearsal }: WillStateProps) {
  const session = useSession(sessionId);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isRehearsing, setRehearsing] = useState(false);
  const will = session?.profile.will;
  const birth = session?.profile.birth;
  const isReadOnly = session?.profile.guard === 'readOnly';

  const drop = async () => {
    try {
      setFailure(undefined);
      await engineClient().main('sessions.drop', { sessionId });
    } catch (error) {
      setFailure(toFailure(error));
    }
  };

  return (
    <Pane role="region" aria-label="Last will">
      <PaneHeader title="Last will" />
      <PaneBody className={styles.body}>
        {armed === undefined ? (
          <p className={styles.state}>
            <BellOff size={16} strokeWidth={1.75} aria-hidden />
            <span>{notArmed(isConnected, will, isReadOnly)}</span>
          </p>
        ) : (
          <p className={`${styles.state} ${styles.armed}`}>
            <BellRing size={16} strokeWidth={1.75} aria-hidden />
            <span>
              Armed: the broker sends it to <code className={styles.topic}>{visibleText(armed)}</code> when
              this connection is lost.
            </span>
          </p>
        )}
        {rehearsal !== undefined && (
          <RehearsalLine rehearsal={rehearsal} onShow={() => setRehearsing(true)} />
        )}
        {will?.enabled === true && (
          <WillFacts will={will} topic={session?.resolved?.willTopic ?? will.topic} />
        )}
        {birth?.enabled === true && !isReadOnly && <BirthFacts birth={birth} />}
        {failure !== undefined && <FailureNote failure={failure} />}
        {isConnected &&
          (isReadOnly && armed !== undefined ? (
            <p className={styles.explain}>
              Read-only: the connection is not dropped here, as the broker would then publish the last will.
              Disconnect and connect to be without it.
            </p>
          ) : (
            <div className={styles.ways}>
              {armed !== undefined && (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<FlaskConical size={14} strokeWidth={1.75} />}
                  aria-haspopup="dialog"
                  onClick={() => setRehearsing(true)}
                >
                  Rehearse
                </Button>
              )}
              <DropButton armed={armed} onDrop={() => void drop()} />
            </div>
          ))}
        {isRehearsing && (
          <RehearsalDialog
            sessionId={sessionId}
            topic={armed}
            rehearsal={rehearsal}
            onClose={() => setRehearsing(false)}
          />
        )}
      </PaneBody>
    </Pane>
  );
});

function notArmed(isConnected: boolean, will: Will | undefined, isReadOnly: boolean): string {
  if (will?.enabled !== true) {
    return 'No last will is set. Switch it on in the profile, under “Last will”.';
  }
  if (isReadOnly) {
    return 'Read-only: the last will is not armed, as the broker would publish it when this connection is lost.';
  }
  return isConnected
    ? 'The will was changed or switched on after connecting. Disconnect and connect to arm it.'
    : 'It is armed with the next connect.';
}

function WillFacts({ will, topic }: { readonly will: Will; readonly topic: string }) {
  return (
    <dl className={styles.facts}>
      <dt>Topic</dt>
      <dd>{visibleText(topic)}</dd>
      <dt>Payload</dt>
      <dd>{will.payload === '' ? '(empty)' : visibleText(will.payload.slice(0, 200))}</dd>
      <dt>Delivery</dt>
      <dd>
        QoS {will.qos}
        {will.retain ? ', retained' : ', not retained'}
        {will.delayInterval !== undefined && will.delayInterval > 0 ? `, after ${will.delayInterval} s` : ''}
        {will.onDisconnect === true ? '; on Disconnect too' : ''}
      </dd>
    </dl>
  );
}

/** What is published after each connect. */
function BirthFacts({ birth: { payload, qos, retain } }: { readonly birth: Birth }) {
  return (
    <dl className={styles.facts}>
      <dt>Birth</dt>
      <dd>
        {payload === '' ? '(empty)' : visibleText(payload.slice(0, 200))}, QoS {qos}
        {retain ? ', retained' : ''}, after each connect
      </dd>
    </dl>
  );
}

interface DropButtonProps {
  readonly armed: string | undefined;
  readonly onDrop: () => void;
}

/** Says what will happen, then does it. */
function DropButton({ armed, onDrop }: DropButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width={280}
      position="bottom-start"
      shadow="md"
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<Unplug size={14} strokeWidth={1.75} />}
          onClick={() => setOpen((before) => !before)}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
        >
          Drop connection
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Drop connection">
        <p className={styles.explain}>
          The socket is cut without DISCONNECT, as if this machine had lost power.{' '}
          {armed === undefined ? (
            'No will is armed, so nothing is sent.'
          ) : (
            <>
              The broker then sends the last will to{' '}
              <code className={styles.topic}>{visibleText(armed)}</code>.
            </>
          )}{' '}
          Topicscope does not reconnect by itself afterwards.
        </p>
        <div className={styles.actions}>
          <Button size="xs" variant="subtle" color="gray" onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button
            size="xs"
            color="red"
            onClick={() => {
              setOpen(false);
              onDrop();
            }}
          >
            Drop connection
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
