import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ComponentPropsWithRef, createContext, memo, type ReactNode, useContext } from 'react';
import { IconButton } from './icon-button.tsx';
import { Count } from './numbers.tsx';
import classes from './pane.module.css';

/** Set around a pane that can be folded down to its header: the header then carries the button for it. */
export interface PaneFold {
  readonly isFolded: boolean;
  toggle(): void;
}

export const PaneFoldContext = createContext<PaneFold | undefined>(undefined);

/**
 * A pane fills its panel: header on top, body below, which scrolls by itself (`PaneBody`) or holds a virtual list.
 * `role` and `aria-label` make it the landmark that DESIGN.md names.
 */
export function Pane({ className, ...rest }: ComponentPropsWithRef<'section'>) {
  const fold = useContext(PaneFoldContext);
  return (
    <section
      className={className === undefined ? classes.pane : `${classes.pane} ${className}`}
      data-folded={fold?.isFolded === true || undefined}
      {...rest}
    />
  );
}

interface PaneHeaderProps {
  readonly title: ReactNode;
  /** How many there are of what the pane shows. */
  readonly count?: number | undefined;
  /** Between title and actions: filter fields, notes. Takes the free width. */
  readonly children?: ReactNode;
  /** Icon buttons at the right. */
  readonly actions?: ReactNode;
}

/** The 32 px line at the top of every pane: title, count, what the pane puts there, actions. */
export function PaneHeader({ title, count, children, actions }: PaneHeaderProps) {
  const fold = useContext(PaneFoldContext);
  return (
    <header className={classes.header} data-foldable={fold !== undefined || undefined}>
      {fold !== undefined && <FoldButton fold={fold} />}
      <h2 className={classes.title}>{title}</h2>
      {count !== undefined && <Count value={count} className={classes.count} />}
      <div className={classes.middle}>{children}</div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}

/** Apart from the header, which is drawn with every count. */
const FoldButton = memo(function FoldButton({ fold }: { readonly fold: PaneFold }) {
  return (
    <IconButton
      compact
      icon={fold.isFolded ? ChevronRight : ChevronDown}
      label={fold.isFolded ? 'Unfold this pane' : 'Fold this pane'}
      aria-expanded={!fold.isFolded}
      data-fold
      onClick={fold.toggle}
    />
  );
});

/** The scrolling body of a pane whose content is short; long lists are virtual and scroll by themselves. */
export function PaneBody({ className, ...rest }: ComponentPropsWithRef<'div'>) {
  return (
    <div className={className === undefined ? classes.body : `${classes.body} ${className}`} {...rest} />
  );
}
