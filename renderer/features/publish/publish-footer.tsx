import { Button, Tooltip } from '@mantine/core';
import { Lock, Send } from 'lucide-react';
import type { Guard, MqttVersion } from '#app/profile/profile.ts';
import { type Confirmation, HOLD_TIME } from '#renderer/state/use-confirmation.ts';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import { ariaShortcut } from '#renderer/ui/shortcut.ts';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import { OutcomeLine } from './outcome-line.tsx';
import styles from './publish.module.css';
import type { Publisher } from './use-publisher.ts';

interface PublishFooterProps {
  readonly sessionId: string;
  readonly guard: Guard;
  readonly publisher: Publisher;
  readonly version: MqttVersion;
  readonly confirmation: Confirmation;
  readonly onSubmit: (token?: Promise<string>) => void;
}

/** The outcome of the last publish, and the button for the next: to press, to hold, or why there is none. */
export function PublishFooter(props: PublishFooterProps) {
  const { sessionId, guard, publisher, version, confirmation, onSubmit } = props;
  return (
    <div className={styles.footer}>
      {confirmation.isArmed ? (
        <p role="status" className={styles.outcome}>
          Press <ShortcutHint shortcut="mod+Enter" /> again to publish to a production broker.
        </p>
      ) : (
        <OutcomeLine
          sessionId={sessionId}
          publisher={publisher}
          version={version}
          confirmation={guard === 'confirm' ? confirmation : undefined}
        />
      )}
      {guard === 'readOnly' && (
        <p className={styles.outcome} role="note">
          <Lock size={14} strokeWidth={1.75} aria-hidden />
          <span className={styles.outcomeWords}>
            Read-only: nothing is published or cleared on this connection. To change that, edit the connection
            and set “Guard” to “None”.
          </span>
        </p>
      )}
      {guard === 'confirm' && publisher.outcome.kind === 'idle' && !confirmation.isArmed && (
        <p className={styles.outcome}>Production: hold the button to publish.</p>
      )}
      {guard === 'confirm' && (
        <HoldButton
          className={styles.send ?? ''}
          holdFor={HOLD_TIME}
          leftSection={<Send size={14} strokeWidth={1.75} aria-hidden />}
          title="Hold for a second, or press Ctrl/Cmd+Enter twice"
          aria-keyshortcuts={ariaShortcut('mod+Enter')}
          onBegin={() => confirmation.begin('hold')}
          onHeld={() => onSubmit(confirmation.take())}
        >
          Publish
        </HoldButton>
      )}
      {guard === 'none' && (
        <Tooltip label={<ShortcutHint shortcut="mod+Enter" />}>
          <Button
            className={styles.send ?? ''}
            leftSection={<Send size={14} strokeWidth={1.75} aria-hidden />}
            aria-keyshortcuts={ariaShortcut('mod+Enter')}
            onClick={() => onSubmit()}
          >
            Publish
          </Button>
        </Tooltip>
      )}
    </div>
  );
}
