import { Tooltip } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import classes from './icon-button.module.css';
import { ariaShortcut } from './shortcut.ts';
import { ShortcutHint } from './shortcut-hint.tsx';

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** Accessible name and tooltip; may hold a name from outside. */
  readonly label: string;
  /** Shown in the tooltip, such as `mod+K`; it is the command registry that listens for it. */
  readonly shortcut?: string | undefined;
  /** A toggle that is on. Leave it out for a button that is not a toggle. */
  readonly pressed?: boolean | undefined;
  /** 24 px for headers (default), 20 px inside rows. */
  readonly compact?: boolean | undefined;
}

/**
 * The only icon-only button: 24 px with a 16 px icon, a tooltip and its shortcut. For an action with a command use
 * `CommandButton` of `renderer/commands`, which fills this one in.
 */
export function IconButton({
  icon: Icon,
  label,
  shortcut,
  pressed,
  compact,
  className,
  ...rest
}: IconButtonProps) {
  const name = visibleText(label);
  // What the button opened says more than its name, and the tip would lie on top of it.
  const isOpen = rest['aria-haspopup'] !== undefined && rest['aria-expanded'] === true;
  return (
    <Tooltip
      disabled={isOpen}
      label={
        <span className={classes.tip}>
          {name}
          {shortcut !== undefined && <ShortcutHint shortcut={shortcut} />}
        </span>
      }
    >
      <button
        type="button"
        aria-label={name}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut === undefined ? undefined : ariaShortcut(shortcut)}
        data-compact={compact === true || undefined}
        className={className === undefined ? classes.button : `${classes.button} ${className}`}
        {...rest}
      >
        <Icon size={compact === true ? 14 : 16} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  );
}
