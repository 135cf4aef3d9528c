import { create } from 'zustand';
import { type Disposable, toDisposable } from '#app/base/disposable.ts';

/** One thing the user can do: palette, menus, buttons and keys all read it from here. */
export interface Command {
  /** Dot-separated, feature first: `connection.connect`. */
  readonly id: string;
  /** As the palette shows it: `Connect`. */
  readonly label: string;
  /** Heading in the palette: `Connection`. */
  readonly group: string;
  /** Such as `mod+K` (Command on a Mac, Control elsewhere), `alt+N`, `F6`. */
  readonly shortcut?: string;
  /** Goes on while its key is held: a step through something, never an act. Without it: once for each press. */
  readonly repeats?: boolean;
  /** More words that find it in the palette. */
  readonly keywords?: readonly string[];
  /** Asked each time; a command that is not enabled is neither shown nor run. Without it: always. */
  readonly enabled?: () => boolean;
  run(): void | Promise<void>;
}

/** Commands by id; of several registered under one id the newest counts, and the one before it comes back after it. */
const stacks = new Map<string, readonly Command[]>();

/** Changes whenever a command comes or goes. */
export const useCommandRevision = create<{ readonly revision: number }>(() => ({ revision: 0 }));

function changed(id: string, stack: readonly Command[]): void {
  if (stack.length === 0) {
    stacks.delete(id);
  } else {
    stacks.set(id, stack);
  }
  useCommandRevision.setState(({ revision }) => ({ revision: revision + 1 }));
}

/** Adds a command until the result is disposed. */
export function registerCommand(command: Command): Disposable {
  changed(command.id, [...(stacks.get(command.id) ?? []), command]);
  return toDisposable(() =>
    changed(
      command.id,
      (stacks.get(command.id) ?? []).filter((candidate) => candidate !== command),
    ),
  );
}

/** The command under an id, whether enabled or not. */
export function findCommand(id: string): Command | undefined {
  return stacks.get(id)?.at(-1);
}

export function isEnabled(command: Command): boolean {
  return command.enabled?.() ?? true;
}

/** All commands that can be run now, by group and in the order in which they were registered. */
export function enabledCommands(): readonly Command[] {
  return [...stacks.values()].flatMap((stack) => stack.at(-1) ?? []).filter(isEnabled);
}
