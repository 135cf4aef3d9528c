import type { ProfileSummary } from '#app/contract/feeds/main.ts';
import { levelsOf } from '#app/profile/groups.ts';
import { endpointText } from '#renderer/state/connection-words.ts';

/** A row of the list of connections; the outermost level is 1. */
export type ListRow =
  | {
      readonly kind: 'group';
      /** Unlike the key of any other row. */
      readonly key: string;
      readonly path: string;
      readonly name: string;
      readonly level: number;
      /** Connections in it and in the groups below it. */
      readonly count: number;
      readonly isOpen: boolean;
    }
  | {
      readonly kind: 'profile';
      readonly key: string;
      readonly level: number;
      readonly profile: ProfileSummary;
    };

interface GroupNode {
  readonly path: string;
  readonly name: string;
  readonly profiles: ProfileSummary[];
  readonly groups: Map<string, GroupNode>;
  count: number;
}

/**
 * The rows that are seen: of each group its own connections, then the groups in it, each in the order of the list; a
 * group stands where its first connection is.
 */
export function listRows(
  profiles: readonly ProfileSummary[],
  collapsed: ReadonlySet<string>,
): readonly ListRow[] {
  const root = newNode('', '');
  for (const profile of profiles) {
    let node = root;
    for (const name of levelsOf(profile.group)) {
      const path = node.path === '' ? name : `${node.path}/${name}`;
      const child = node.groups.get(name) ?? newNode(path, name);
      node.groups.set(name, child);
      child.count += 1;
      node = child;
    }
    node.profiles.push(profile);
  }
  const rows: ListRow[] = [];
  const add = (node: GroupNode, level: number) => {
    for (const profile of node.profiles) {
      rows.push({ kind: 'profile', key: profile.id, level, profile });
    }
    for (const { path, name, count, ...child } of node.groups.values()) {
      const isOpen = !collapsed.has(path);
      rows.push({ kind: 'group', key: `group ${path}`, path, name, level, count, isOpen });
      if (isOpen) {
        add({ path, name, count, ...child }, level + 1);
      }
    }
  };
  add(root, 1);
  return rows;
}

function newNode(path: string, name: string): GroupNode {
  return { path, name, profiles: [], groups: new Map(), count: 0 };
}

/** Those in which every word of the query is found: in name, address, group, client ID or user name. */
export function foundProfiles(profiles: readonly ProfileSummary[], query: string): readonly ProfileSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return profiles;
  }
  return profiles.filter((profile) => {
    const text = [profile.name, endpointText(profile), profile.group, profile.clientId, profile.username]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Where a connection goes. */
export interface Place {
  readonly group: string;
  /** The connection that it comes before; absent: behind the group's last one. */
  readonly before?: string;
}

/** Where a connection goes with Alt and a key: a row on, or to the first or last place of its group. */
export function keyPlace(rows: readonly ListRow[], profileId: string, key: string): Place | undefined {
  const row = rows.find((candidate) => candidate.key === profileId);
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    return stepPlace(rows, profileId, key === 'ArrowUp' ? -1 : 1);
  }
  if (row?.kind !== 'profile') {
    return undefined;
  }
  const { group } = row.profile;
  const first = rows.find((other) => other.kind === 'profile' && other.profile.group === group);
  return key === 'End' || first === undefined ? { group } : { group, before: first.key };
}

/** One row up or down, into the next group or out of its own at the ends. Nothing where it is at the end of all. */
function stepPlace(rows: readonly ListRow[], profileId: string, step: 1 | -1): Place | undefined {
  const index = rows.findIndex(({ key }) => key === profileId);
  const row = rows[index];
  const neighbour = rows[index + step];
  if (row?.kind !== 'profile' || neighbour === undefined) {
    return undefined;
  }
  const { group } = row.profile;
  if (neighbour.kind === 'profile') {
    return step < 0
      ? { group: neighbour.profile.group, before: neighbour.profile.id }
      : placeBehind(rows, neighbour.profile);
  }
  if (step < 0) {
    return group === '' ? undefined : { group: levelsOf(group).slice(0, -1).join('/') };
  }
  const first = rows[index + 2];
  return first?.kind === 'profile' && first.profile.group === neighbour.path
    ? { group: neighbour.path, before: first.profile.id }
    : { group: neighbour.path };
}

/** Right behind a connection, in its group. */
export function placeBehind(rows: readonly ListRow[], profile: ProfileSummary): Place {
  const members = rows.filter((row) => row.kind === 'profile' && row.profile.group === profile.group);
  const next = members[members.findIndex(({ key }) => key === profile.id) + 1];
  return { group: profile.group, ...(next === undefined ? {} : { before: next.key }) };
}
