import { shortcutKeys } from './shortcut.ts';
import classes from './shortcut-hint.module.css';

/** A shortcut drawn as keys, for tooltips, menus and the palette. */
export function ShortcutHint({ shortcut }: { readonly shortcut: string }) {
  return (
    <span className={classes.keys}>
      {shortcutKeys(shortcut).map((key) => (
        <kbd key={key} className={classes.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
