import { ChevronDown, ChevronRight, Lock, ShieldAlert } from 'lucide-react';
import { memo } from 'react';
import type { ProfileSummary, SessionSummary } from '#app/contract/feeds/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { endpointText, stateWord } from '#renderer/state/connection-words.ts';
import { ColorBar } from '#renderer/ui/color-mark.tsx';
import { StateGlyph } from '#renderer/ui/state-glyph.tsx';
import type { ListRow } from './group-rows.ts';
import classes from './profile-list.module.css';

/** The head of a group: its name and how many connections are in it. */
export function GroupRow({ row }: { readonly row: Extract<ListRow, { kind: 'group' }> }) {
  const Chevron = row.isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <Chevron size={14} strokeWidth={1.75} aria-hidden />
      <span className={classes.groupName}>{visibleText(row.name)}</span>
      <span className={classes.count}>{row.count}</span>
    </>
  );
}

interface ProfileRowProps {
  readonly profile: ProfileSummary;
  readonly session: SessionSummary | undefined;
}

/** A connection of the list: name, address, guard, and its state while it is open. */
export const ProfileRow = memo(function ProfileRow({ profile, session }: ProfileRowProps) {
  const Guard = profile.guard === 'readOnly' ? Lock : ShieldAlert;
  return (
    <>
      <ColorBar color={profile.color} />
      <span className={classes.name}>{visibleText(profile.name)}</span>
      <span className={classes.endpoint}>{visibleText(endpointText(profile))}</span>
      <span className={classes.state}>
        {profile.guard !== 'none' && (
          <span className={classes.guard} data-guard={profile.guard}>
            <Guard size={12} strokeWidth={1.75} aria-hidden />
            {profile.guard === 'readOnly' ? 'Read-only' : 'Production'}
          </span>
        )}
        {session !== undefined && (
          <>
            <StateGlyph kind={session.state.kind} size={10} />
            {stateWord(session.state)}
          </>
        )}
      </span>
    </>
  );
});
