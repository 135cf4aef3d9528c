import { toFailure } from '#app/contract/failure.ts';
import { showFailure } from './notify.tsx';
import { type Command, findCommand, isEnabled } from './registry.ts';

/** Runs a command if it is enabled. What it throws is shown to the user. True when it was run. */
export function runCommand(command: Command | string): boolean {
  const found = typeof command === 'string' ? findCommand(command) : command;
  if (found === undefined || !isEnabled(found)) {
    return false;
  }
  attempt(() => found.run());
  return true;
}

/** Runs an action of the user; a failure becomes a notification instead of an unhandled rejection. */
export function attempt(action: () => unknown): void {
  try {
    const result = action();
    if (result instanceof Promise) {
      result.catch((error: unknown) => showFailure(toFailure(error)));
    }
  } catch (error) {
    showFailure(toFailure(error));
  }
}
