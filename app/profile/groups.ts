/** Levels of a group's path are parted by it. */
const SEPARATOR = '/';

/** The path as it is stored: levels trimmed, empty ones left out. `  a / /b ` → `a/b`. */
export function normalizeGroup(path: string): string {
  return levelsOf(path).join(SEPARATOR);
}

/** The levels of a group from the outermost on; none for no group. */
export function levelsOf(path: string): readonly string[] {
  return path
    .split(SEPARATOR)
    .map((level) => level.trim())
    .filter((level) => level !== '');
}

/** Whether a group is the other one or lies below it. */
export function isWithin(group: string, ancestor: string): boolean {
  return group === ancestor || group.startsWith(`${ancestor}${SEPARATOR}`);
}

/** A group's path after `from` was renamed to `to`; what lies outside of `from` stays. */
export function renamedGroup(group: string, from: string, to: string): string {
  return isWithin(group, from) ? normalizeGroup(`${to}${group.slice(from.length)}`) : group;
}

interface Grouped {
  readonly id: string;
  readonly group: string;
}

/**
 * The list with one of its members in another group and place: before the one with the id `before`, else behind the
 * group's last member, else at the end. An id that is not in the list changes nothing.
 */
export function movedToGroup<T extends Grouped>(
  all: readonly T[],
  id: string,
  group: string,
  before?: string,
): readonly T[] {
  const member = all.find((candidate) => candidate.id === id);
  if (member === undefined || before === id) {
    return all;
  }
  const others = all.filter((candidate) => candidate.id !== id);
  const next = member.group === group ? member : { ...member, group };
  const place = others.findIndex((other) => other.id === before);
  const last = others.findLastIndex((other) => other.group === group);
  return others.toSpliced(place >= 0 ? place : last >= 0 ? last + 1 : others.length, 0, next);
}
