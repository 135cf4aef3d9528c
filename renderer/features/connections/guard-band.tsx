import { Lock, ShieldAlert } from 'lucide-react';
import type { Guard } from '#app/profile/profile.ts';
import classes from './guard-band.module.css';

/** Over a guarded connection, always in view: what it is and what follows from that. */
export function GuardBand({ guard }: { readonly guard: Guard }) {
  if (guard === 'none') {
    return undefined;
  }
  const isReadOnly = guard === 'readOnly';
  const Icon = isReadOnly ? Lock : ShieldAlert;
  return (
    <div role="note" aria-label="Guard" className={classes.band} data-guard={guard}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      <strong>{isReadOnly ? 'Read-only' : 'Production'}</strong>
      <span className="truncate">
        {isReadOnly ? 'Nothing can be published here.' : 'Each publish has to be held.'}
      </span>
    </div>
  );
}
