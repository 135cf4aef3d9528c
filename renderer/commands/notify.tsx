import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { visibleLines } from '#renderer/ui/visible-lines.ts';
import classes from './notify.module.css';

type Level = 'info' | 'ok' | 'warning' | 'error';

const icons = { info: Info, ok: CircleCheck, warning: TriangleAlert, error: CircleAlert } as const;
/** Milliseconds that a message stays; errors stay until they are closed. */
const lifetimes: Readonly<Record<Level, number | false>> = {
  info: 6000,
  ok: 3000,
  warning: 12_000,
  error: false,
};

interface Message {
  /** A second message with the same id replaces the first; so does one with the same words that offers nothing to do. */
  readonly id?: string;
  readonly level: Level;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly detail?: string | undefined;
  /** Runs once and closes the message. */
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly onClose?: () => void;
}

/** Tells the user something in the corner of the window. Prefer the place where it happened: `FailureNote`. */
export function notify(told: Message): void {
  const { level, message, hint, detail, action, onClose } = told;
  const Icon = icons[level];
  const key = keyOf(told);
  notifications.hide(key);
  notifications.show({
    id: key,
    autoClose: action === undefined ? lifetimes[level] : 10_000,
    icon: <Icon size={16} strokeWidth={1.75} aria-hidden />,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close', size: 20 },
    className: classes.notification ?? '',
    'data-level': level,
    role: level === 'error' || level === 'warning' ? 'alert' : 'status',
    message: body(message, hint, detail, action, () => notifications.hide(key)),
    ...(onClose === undefined ? {} : { onClose }),
  });
}

/** Two actions with the same words (`Undo` of two equal names) are two messages. */
function keyOf({ id, level, message, hint, detail, action }: Message): string {
  return id ?? (action === undefined ? JSON.stringify([level, message, hint, detail]) : crypto.randomUUID());
}

/** An expected failure of an action that has no place of its own on screen. */
export function showFailure(failure: Failure): void {
  notify({ level: 'error', message: failure.message, hint: failure.hint, detail: failure.detail });
}

function body(
  message: string,
  hint: string | undefined,
  detail: string | undefined,
  action: Message['action'],
  close: () => void,
): ReactNode {
  return (
    <div className={classes.body}>
      <div className={classes.line}>
        <span className={classes.message}>{visibleText(message)}</span>
        {action !== undefined && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              close();
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
      {hint !== undefined && <p className={classes.hint}>{visibleText(hint)}</p>}
      {detail !== undefined && (
        <details className={classes.details}>
          <summary>Details</summary>
          <pre className={classes.detail}>{visibleLines(detail)}</pre>
        </details>
      )}
    </div>
  );
}
