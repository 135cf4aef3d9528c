import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  /** One sentence: what is not there, and what to do next. */
  readonly text: ReactNode;
  /** The button that does it. */
  readonly children?: ReactNode;
}

/** What a pane shows when it has nothing to show. Fills its pane and never shifts the layout. */
export function EmptyState({ icon: Icon, text, children }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <Icon size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <p className={classes.text}>{text}</p>
      {children}
    </div>
  );
}
