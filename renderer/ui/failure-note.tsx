import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import classes from './failure-note.module.css';
import { visibleLines } from './visible-lines.ts';

interface FailureNoteProps {
  readonly failure: Failure;
  /** `warning` where the thing goes on by itself, such as between two tries. */
  readonly level?: 'error' | 'warning' | undefined;
  /** Buttons that mend it. */
  readonly actions?: ReactNode;
  /** Beside the expert's detail, in the part that opens. */
  readonly children?: ReactNode;
}

/**
 * An expected failure where it happened: what happened, what to do, and on request the detail for the expert.
 * Announced to screen readers when it appears.
 */
export function FailureNote({ failure, level = 'error', actions, children }: FailureNoteProps) {
  const Icon = level === 'error' ? CircleAlert : TriangleAlert;
  const hasMore = failure.detail !== undefined || children !== undefined;
  return (
    <div role="alert" className={classes.note} data-level={level}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.message}>{visibleText(failure.message)}</p>
        {failure.hint !== undefined && <p className={classes.hint}>{visibleText(failure.hint)}</p>}
        {hasMore && (
          <details className={classes.details}>
            <summary>Details</summary>
            {children}
            {failure.detail !== undefined && (
              <pre className={classes.detail}>{visibleLines(failure.detail)}</pre>
            )}
          </details>
        )}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
