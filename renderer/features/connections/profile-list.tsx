import { Search, SearchX } from 'lucide-react';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { z } from 'zod';
import type { ProfileSummary } from '#app/contract/feeds/main.ts';
import { levelsOf } from '#app/profile/groups.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { openProfile } from '#renderer/state/actions.ts';
import { useSessions } from '#renderer/state/engine-data.ts';
import { editProfile, selectProfile } from '#renderer/state/home.ts';
import { useKept } from '#renderer/state/kept.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { type MenuPoint, menuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { foundProfiles, keyPlace, type ListRow, listRows } from './group-rows.ts';
import { deleteProfile, moveProfile } from './profile-actions.ts';
import classes from './profile-list.module.css';
import { GroupMenu, type ListDialog, ListDialogs, ProfileMenu } from './profile-list-menu.tsx';
import { GroupRow, ProfileRow } from './profile-row.tsx';
import { useRowDrag } from './use-row-drag.ts';

interface ProfileListProps {
  readonly profiles: readonly ProfileSummary[];
  readonly selected: string | undefined;
}

const collapsedSchema = z.array(z.string()).max(2000);
const noGroups: string[] = [];

/**
 * The profiles in the user's order, in groups that fold. Arrows choose, Enter connects, F2 edits or renames, Delete
 * deletes (with undo), Alt and arrows or the mouse move a row; the context menu has it all.
 */
export function ProfileList({ profiles, selected }: ProfileListProps) {
  const sessions = useSessions();
  const tree = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [folded, keepFolded] = useKept('homeGroups', collapsedSchema, noGroups);
  /** The group under the cursor; `undefined`: the selected profile is. */
  const [groupKey, setGroupKey] = useState<string | undefined>(undefined);
  const [menu, setMenu] = useState<{ readonly row: ListRow; readonly at: MenuPoint } | undefined>(undefined);
  const [dialog, setDialog] = useState<ListDialog | undefined>(undefined);
  const isSearching = query.trim() !== '';
  const rows = useMemo(
    () => listRows(foundProfiles(profiles, query), isSearching ? new Set() : new Set(folded)),
    [profiles, query, folded, isSearching],
  );
  const cursorKey = groupKey ?? selected;
  const index = rows.findIndex(({ key }) => key === cursorKey);
  const cursor = rows[index];
  const drag = useRowDrag(rows, (profileId, place) => attempt(() => moveProfile(profileId, place)));

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another row is chosen
  useEffect(() => {
    tree.current?.querySelector('[data-cursor]')?.scrollIntoView({ block: 'nearest' });
  }, [cursorKey]);

  const choose = (row: ListRow | undefined) => {
    if (row?.kind === 'profile') {
      setGroupKey(undefined);
      selectProfile(row.profile.id);
    } else {
      setGroupKey(row?.key);
    }
  };
  const fold = (path: string, isOpen: boolean) =>
    keepFolded(isOpen ? folded.filter((other) => other !== path) : [...new Set([...folded, path])]);
  const current = profiles.find(({ id }) => id === selected);

  useCommand({
    id: 'connection.group',
    label: 'Move to a group…',
    group: 'Connection',
    keywords: ['folder', 'sort', 'organise'],
    enabled: () => current !== undefined,
    run: () => {
      if (current !== undefined) {
        setDialog({ kind: 'move', profile: current });
      }
    },
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetOf(event.key, index, rows.length);
    if (target !== undefined && !event.altKey) {
      event.preventDefault();
      choose(rows[target]);
    } else if (cursor?.kind === 'profile') {
      onProfileKey(event, cursor.profile);
    } else if (cursor !== undefined) {
      onGroupKey(event, cursor);
    }
  };
  const onProfileKey = (event: KeyboardEvent, profile: ProfileSummary) => {
    if (['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) {
      event.preventDefault();
      const place = isSearching ? undefined : keyPlace(rows, profile.id, event.key);
      if (place !== undefined) {
        attempt(() => moveProfile(profile.id, place));
      }
    } else if (event.key === 'ArrowLeft' && profile.group !== '') {
      event.preventDefault();
      setGroupKey(`group ${profile.group}`);
    } else if (event.key === 'Enter') {
      attempt(() => openProfile(profile.id));
    } else if (event.key === 'F2') {
      editProfile(profile.id);
    } else if (event.key === 'Delete') {
      attempt(() => deleteProfile(profile));
    }
  };
  const onGroupKey = (event: KeyboardEvent, { path, isOpen }: Extract<ListRow, { kind: 'group' }>) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      fold(path, !isOpen);
    } else if (event.key === 'ArrowRight') {
      event.preventDefault();
      if (isOpen) {
        choose(rows[index + 1]);
      } else {
        fold(path, true);
      }
    } else if (event.key === 'ArrowLeft') {
      event.preventDefault();
      const parent = levelsOf(path).slice(0, -1).join('/');
      if (isOpen && !isSearching) {
        fold(path, false);
      } else if (parent !== '') {
        setGroupKey(`group ${parent}`);
      }
    } else if (event.key === 'F2') {
      setDialog({ kind: 'rename', path });
    }
  };

  const onContextMenu = (event: MouseEvent<HTMLDivElement>) => {
    const element = event.target instanceof Element ? event.target.closest('[role="treeitem"]') : null;
    const row = element === null ? cursor : rows.find(({ key }) => rowId(key) === element.id);
    if (row !== undefined) {
      event.preventDefault();
      choose(row);
      const place = element ?? tree.current?.querySelector('[data-cursor]') ?? undefined;
      setMenu({ row, at: menuPoint(event, place, element === null) });
    }
  };
  const closeMenu = () => {
    setMenu(undefined);
    tree.current?.focus();
  };

  return (
    <>
      <div className={classes.search}>
        <FilterField
          label="Search connections"
          icon={Search}
          value={query}
          onChange={setQuery}
          onLeave={() => {
            tree.current?.focus();
            choose(rows.find(({ kind }) => kind === 'profile'));
          }}
        />
      </div>
      {rows.length === 0 && <EmptyState icon={SearchX} text={`No connection matches “${query.trim()}”.`} />}
      <div
        ref={tree}
        role="tree"
        aria-label="Saved connections"
        aria-activedescendant={cursor === undefined ? undefined : rowId(cursor.key)}
        tabIndex={0}
        className={classes.list}
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
        {...drag.list}
      >
        {rows.map((row) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant of the tree
          <div
            key={row.key}
            id={rowId(row.key)}
            role="treeitem"
            aria-level={row.level}
            aria-expanded={row.kind === 'group' ? row.isOpen : undefined}
            aria-selected={row.kind === 'profile' ? row.profile.id === selected : row.key === groupKey}
            className={row.kind === 'group' ? `${classes.row} ${classes.group}` : classes.row}
            style={{ '--level': row.level - 1 } as CSSProperties}
            data-cursor={row.key === cursorKey || undefined}
            onClick={() => {
              choose(row);
              if (row.kind === 'group') {
                fold(row.path, !row.isOpen);
              }
            }}
            onDoubleClick={() => {
              if (row.kind === 'profile') {
                attempt(() => openProfile(row.profile.id));
              }
            }}
            {...drag.row(row)}
          >
            {row.kind === 'group' ? (
              <GroupRow row={row} />
            ) : (
              <ProfileRow
                profile={row.profile}
                session={sessions.find(({ profileId }) => profileId === row.profile.id)}
              />
            )}
          </div>
        ))}
      </div>
      <PointMenu label="Connection" at={menu?.at} onClose={closeMenu}>
        {menu?.row.kind === 'profile' && <ProfileMenu profile={menu.row.profile} onDialog={setDialog} />}
        {menu?.row.kind === 'group' && <GroupMenu path={menu.row.path} onDialog={setDialog} />}
      </PointMenu>
      {dialog !== undefined && <ListDialogs dialog={dialog} onClose={() => setDialog(undefined)} />}
    </>
  );
}

function rowId(key: string): string {
  return `connection-${encodeURIComponent(key)}`;
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
