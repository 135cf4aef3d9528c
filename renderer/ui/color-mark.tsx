import type { ProfileColor } from '#app/profile/profile.ts';
import classes from './color-mark.module.css';

/** The CSS value of a data colour in the current theme. */
export function colorValue(color: ProfileColor): string {
  return `var(--color-${color})`;
}

/** A round mark in a data colour, 8 px. The name stands beside it: a colour never speaks alone. */
export function ColorDot({ color }: { readonly color: ProfileColor }) {
  return <span aria-hidden className={classes.dot} style={{ background: colorValue(color) }} />;
}

/** A 3 px bar as high as its row, at the start of rows and tabs. The row must be positioned. */
export function ColorBar({ color }: { readonly color: ProfileColor }) {
  return <span aria-hidden className={classes.bar} style={{ background: colorValue(color) }} />;
}
