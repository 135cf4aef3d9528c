import type { Command } from '#renderer/commands/registry.ts';

export interface PaletteGroup {
  readonly group: string;
  readonly commands: readonly Command[];
}

/**
 * How well a command meets a query: 0 not at all; higher is better. Every word of the query must be found in label,
 * group or keywords; words that begin one count more.
 */
export function matchScore(command: Command, query: string): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const label = command.label.toLowerCase();
  const others = [command.group, ...(command.keywords ?? [])].join(' ').toLowerCase();
  let score = 1;
  for (const word of words) {
    if (label.startsWith(word)) {
      score += 8;
    } else if (label.includes(` ${word}`)) {
      score += 4;
    } else if (label.includes(word)) {
      score += 2;
    } else if (others.includes(word)) {
      score += 1;
    } else {
      return 0;
    }
  }
  return score;
}

/** Commands by heading. Without a query in the order of registration; with one, best group and command first. */
export function paletteGroups(commands: readonly Command[], query: string): readonly PaletteGroup[] {
  const scored = commands
    .map((command) => ({ command, score: matchScore(command, query) }))
    .filter(({ score }) => score > 0);
  if (query.trim() !== '') {
    scored.sort((a, b) => b.score - a.score);
  }
  const groups = new Map<string, Command[]>();
  for (const { command } of scored) {
    const group = groups.get(command.group) ?? [];
    group.push(command);
    groups.set(command.group, group);
  }
  return [...groups].map(([group, found]) => ({ group, commands: found }));
}
