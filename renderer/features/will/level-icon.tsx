import { CircleAlert, CircleCheck, Clock, TriangleAlert } from 'lucide-react';
import type { RehearsalLevel } from './rehearsal-words.ts';

const icons = { ok: CircleCheck, warn: TriangleAlert, error: CircleAlert, quiet: Clock } as const;

/** The sign beside an outcome; the words say the same. */
export function LevelIcon({ level }: { readonly level: RehearsalLevel }) {
  const Icon = icons[level];
  return <Icon size={16} strokeWidth={1.75} aria-hidden />;
}
