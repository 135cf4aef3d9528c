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
