import { type Disposable, toDisposable } from '#app/base/disposable.ts';
import { isMac, matchesShortcut, parseShortcut } from '#renderer/ui/shortcut.ts';
import { type Command, enabledCommands } from './registry.ts';
import { runCommand } from './run.ts';

type PressedKey = Parameters<typeof matchesShortcut>[0];

/** Whether what is typed there is text, so that a key without Control or Command belongs to it. */
function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"])'))
  );
}

/** The enabled command that a key press means. In a text field only Control/Command and function keys count. */
export function commandForKey(event: PressedKey, inText: boolean, mac: boolean): Command | undefined {
  return enabledCommands().find(({ shortcut }) => {
    if (shortcut === undefined) {
      return false;
    }
    const parsed = parseShortcut(shortcut);
    // Elsewhere Alt and a key types nothing; on a Mac it types a character, so there it is the text field's.
    const isText = !parsed.mod && !(parsed.alt && !mac) && !/^F\d+$/.test(parsed.key);
    return !(inText && isText) && matchesShortcut(event, parsed, mac);
  });
}

/**
 * Runs commands by their shortcuts, once for each press unless they are steps. Listens while the event goes down, before editors see it: Monaco would take
 * Control+K as the first half of its own chords.
 */
export function listenForKeys(target: Window): Disposable {
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys pressed while an input method composes are the input method's.
    if (event.defaultPrevented || event.isComposing || isInDialog(event.target)) {
      return;
    }
    const command = commandForKey(event, isTextField(event.target), isMac());
    if (command === undefined) {
      return;
    }
    // A key that is held is one press: it neither publishes in a flood nor confirms itself. Still nobody else's key.
    const isHeldOn = event.repeat && command.repeats !== true;
    if (isHeldOn || runCommand(command)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  target.addEventListener('keydown', onKeyDown, { capture: true });
  return toDisposable(() => target.removeEventListener('keydown', onKeyDown, { capture: true }));
}

/** What lies behind an open dialog can't be reached; its keys neither. */
function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"][aria-modal="true"]') !== null;
}
