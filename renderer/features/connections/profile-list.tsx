import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ProfileSummary, SessionSummary } from '#app/contract/feeds/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { attempt } from '#renderer/commands/run.ts';
import { openProfile } from '#renderer/state/actions.ts';
import { endpointText, stateWord } from '#renderer/state/connection-words.ts';
import { useSessions } from '#renderer/state/engine-data.ts';
import { editProfile, selectProfile } from '#renderer/state/home.ts';
import { ColorBar } from '#renderer/ui/color-mark.tsx';
import { StateGlyph } from '#renderer/ui/state-glyph.tsx';
import { moveItem } from './move-item.ts';
import { deleteProfile, reorderProfiles } from './profile-actions.ts';
import classes from './profile-list.module.css';

interface ProfileListProps {
  readonly profiles: readonly ProfileSummary[];
  readonly selected: string | undefined;
}

/**
 * The profiles in the user's order. Arrows choose, Enter connects, F2 edits, Delete deletes (with undo),
 * Alt and arrows or the mouse move a row.
 */
export function ProfileList({ profiles, selected }: ProfileListProps) {
  const sessions = useSessions();
  const list = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<string | undefined>(undefined);
  const [dropAt, setDropAt] = useState<number | undefined>(undefined);
  const index = profiles.findIndex(({ id }) => id === selected);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another row is chosen
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const move = (from: number, to: number) => {
    if (from >= 0 && to >= 0 && to < profiles.length && from !== to) {
      attempt(() => reorderProfiles(moveItem(profiles, from, to).map(({ id }) => id)));
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const current = profiles[index];
    if (current === undefined) {
      return;
    }
    const target = targetOf(event.key, index, profiles.length);
    if (target !== undefined) {
      event.preventDefault();
      if (event.altKey) {
        move(index, target);
      } else {
        selectProfile(profiles[target]?.id);
      }
    } else if (event.key === 'Enter') {
      attempt(() => openProfile(current.id));
    } else if (event.key === 'F2') {
      editProfile(current.id);
    } else if (event.key === 'Delete') {
      attempt(() => deleteProfile(current));
    }
  };

  const onDragOver = (event: DragEvent<HTMLDivElement>, row: number) => {
    if (dragged !== undefined) {
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      setDropAt(event.clientY > box.top + box.height / 2 ? row + 1 : row);
    }
  };

  const onDrop = () => {
    const from = profiles.findIndex(({ id }) => id === dragged);
    if (dropAt !== undefined) {
      move(from, dropAt > from ? dropAt - 1 : dropAt);
    }
    setDragged(undefined);
    setDropAt(undefined);
  };

  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Saved connections"
      aria-activedescendant={selected === undefined ? undefined : `profile-${selected}`}
      tabIndex={0}
      className={classes.list}
      onKeyDown={onKeyDown}
    >
      {profiles.map((profile, row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys
        // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant of the listbox
        <div
          key={profile.id}
          id={`profile-${profile.id}`}
          role="option"
          aria-selected={profile.id === selected}
          className={classes.row}
          data-drop={
            dropAt === row
              ? 'before'
              : dropAt === row + 1 && row === profiles.length - 1
                ? 'after'
                : undefined
          }
          data-dragged={profile.id === dragged || undefined}
          draggable
          onClick={() => selectProfile(profile.id)}
          onDoubleClick={() => attempt(() => openProfile(profile.id))}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', profile.name);
            setDragged(profile.id);
          }}
          onDragOver={(event) => onDragOver(event, row)}
          onDrop={onDrop}
          onDragEnd={() => {
            setDragged(undefined);
            setDropAt(undefined);
          }}
        >
          <ProfileRow
            profile={profile}
            session={sessions.find(({ profileId }) => profileId === profile.id)}
          />
        </div>
      ))}
    </div>
  );
}

function targetOf(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

interface ProfileRowProps {
  readonly profile: ProfileSummary;
  readonly session: SessionSummary | undefined;
}

function ProfileRow({ profile, session }: ProfileRowProps) {
  return (
    <>
      <ColorBar color={profile.color} />
      <span className={classes.name}>{visibleText(profile.name)}</span>
      <span className={classes.endpoint}>{visibleText(endpointText(profile))}</span>
      {session !== undefined && (
        <span className={classes.state}>
          <StateGlyph kind={session.state.kind} size={10} />
          {stateWord(session.state)}
        </span>
      )}
    </>
  );
}
