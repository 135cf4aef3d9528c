interface HelpOptions {
  readonly tabMovesFocus: boolean;
  readonly readOnly: boolean;
  /** What Control+Enter does: `publishes`. */
  readonly submitHint?: string | undefined;
}

/** What a screen reader says about the keys of an editor. */
export function editorHelp({ tabMovesFocus, readOnly, submitHint }: HelpOptions): string {
  return [
    tabMovesFocus || readOnly
      ? 'Tab moves to the next control.'
      : 'Tab indents. Press Control+M, on a Mac Control+Shift+M, and Tab moves to the next control.',
    ...(submitHint === undefined ? [] : [`Control+Enter or Command+Enter ${submitHint}.`]),
    'Control+F or Command+F finds.',
  ].join(' ');
}
