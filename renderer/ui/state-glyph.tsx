import { Circle, CircleAlert, CircleDashed, LoaderCircle, RotateCw } from 'lucide-react';
import classes from './state-glyph.module.css';

const glyphs = {
  offline: Circle,
  connecting: LoaderCircle,
  connected: Circle,
  waiting: RotateCw,
  disconnecting: CircleDashed,
  failed: CircleAlert,
} as const;

/** A state as shape and colour: hollow ring, turning arc, filled dot, arrow, dashes, exclamation mark. Its word stands beside it. */
export function StateGlyph({
  kind,
  size = 12,
}: {
  readonly kind: keyof typeof glyphs;
  readonly size?: number;
}) {
  const Glyph = glyphs[kind];
  return <Glyph size={size} strokeWidth={2.25} aria-hidden className={classes.glyph} data-kind={kind} />;
}
