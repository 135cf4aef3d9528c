/** A parsed shortcut such as `mod+shift+K`, `F6` or `alt+PageDown`. `mod` is Command on a Mac, Control elsewhere. */
export interface Shortcut {
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** As in `KeyboardEvent.key`; letters upper-case. */
  readonly key: string;
}

type PressedKey = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** Whether this machine has a Command key. */
export function isMac(): boolean {
  return typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);
}

/** Whether this machine is one with the shells of Windows. */
export function isWindows(): boolean {
  return typeof navigator !== 'undefined' && /^win/i.test(navigator.platform);
}

/** Reads `mod+alt+shift+Key`; the parts before the last `+` may come in any order. */
export function parseShortcut(text: string): Shortcut {
  const parts = text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+');
  const key = parts.pop() ?? '';
  return {
    mod: parts.includes('mod'),
    alt: parts.includes('alt'),
    shift: parts.includes('shift'),
    key: key.length === 1 ? key.toUpperCase() : key,
  };
}

/** Whether a key press is the shortcut. With Alt, the key's place counts: on a Mac Alt changes the character. */
export function matchesShortcut(event: PressedKey, shortcut: Shortcut, mac: boolean): boolean {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (mod !== shortcut.mod || other || event.altKey !== shortcut.alt) {
    return false;
  }
  const isLetter = /^[A-Z0-9]$/.test(shortcut.key);
  // Shift is how some layouts reach a sign such as `?` or `+`: it only counts for letters, digits and named keys.
  if ((isLetter || shortcut.key.length > 1) && event.shiftKey !== shortcut.shift) {
    return false;
  }
  const pressed = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return (
    pressed === shortcut.key ||
    (shortcut.alt &&
      isLetter &&
      (event.code === `Key${shortcut.key}` || event.code === `Digit${shortcut.key}`))
  );
}

const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  Delete: 'Del',
};

/** The keys one by one as they are written on this machine's keyboard: `["Ctrl", "K"]`, `["⌘", "K"]`. */
export function shortcutKeys(text: string, mac = isMac()): readonly string[] {
  const { mod, alt, shift, key } = parseShortcut(text);
  return [
    ...(mod ? [mac ? '⌘' : 'Ctrl'] : []),
    ...(alt ? [mac ? '⌥' : 'Alt'] : []),
    ...(shift ? [mac ? '⇧' : 'Shift'] : []),
    names[key] ?? key,
  ];
}

/** For `aria-keyshortcuts`: `Control+K`. */
export function ariaShortcut(text: string, mac = isMac()): string {
  const { mod, alt, shift, key } = parseShortcut(text);
  return [mod ? (mac ? 'Meta' : 'Control') : '', alt ? 'Alt' : '', shift ? 'Shift' : '', key]
    .filter((part) => part !== '')
    .join('+');
}
