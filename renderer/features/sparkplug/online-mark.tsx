import { Circle, CircleDashed, CircleOff } from 'lucide-react';
import type { SparkplugOnline } from '#app/contract/feeds/sparkplug.ts';
import classes from './sparkplug.module.css';
import { stateWords } from './sparkplug-words.ts';

const glyphs = { online: Circle, offline: CircleOff, unknown: CircleDashed } as const;

/** Online, offline or not known, as shape, colour and word. */
export function OnlineMark({ state }: { readonly state: SparkplugOnline }) {
  const Glyph = glyphs[state];
  return (
    <span className={classes.online} data-state={state}>
      <Glyph size={12} strokeWidth={2.25} aria-hidden />
      {stateWords[state]}
    </span>
  );
}
