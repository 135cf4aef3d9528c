import type { Monaco } from './load-monaco.ts';

/** The editor's theme; it is defined anew whenever the scheme of the page changes. */
const THEME = 'topicscope';

/** Draws all editors in the design tokens of the page's scheme, now and whenever it changes. */
export function followTheme(monaco: Monaco): void {
  const apply = () => {
    monaco.editor.defineTheme(THEME, themeFromTokens());
    monaco.editor.setTheme(THEME);
  };
  apply();
  new MutationObserver(apply).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-mantine-color-scheme'],
  });
}

/** The value of a token, such as `--text`, as written in `ui/tokens.css`. */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A colour token as `#rrggbb`, which is all that Monaco reads: the build shortens `#ffffff` to `#fff`. */
function color(name: `--${string}`): string {
  const value = token(name);
  return /^#[\da-f]{3}$/i.test(value) ? value.replace(/[\da-f]/gi, '$&$&') : value;
}

function themeFromTokens(): Parameters<Monaco['editor']['defineTheme']>[1] {
  const isDark = document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark';
  const soft = (name: `--${string}`, alpha: string) => `${color(name)}${alpha}`;
  const ink = (name: `--${string}`) => color(name).slice(1);
  return {
    base: isDark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: ink('--text') },
      { token: 'string', foreground: isDark ? '8fd3a5' : '1b6e3c' },
      { token: 'string.key', foreground: isDark ? '9cc4ff' : '1f4fa8' },
      { token: 'string.key.json', foreground: isDark ? '9cc4ff' : '1f4fa8' },
      { token: 'string.value.json', foreground: isDark ? '8fd3a5' : '1b6e3c' },
      { token: 'string.escape', foreground: isDark ? 'e7b04d' : '8a5300' },
      { token: 'number', foreground: isDark ? 'f0b26b' : 'a04a00' },
      { token: 'number.json', foreground: isDark ? 'f0b26b' : 'a04a00' },
      { token: 'keyword', foreground: isDark ? 'c3a6ff' : '6a3fc2' },
      { token: 'keyword.json', foreground: isDark ? 'c3a6ff' : '6a3fc2' },
      { token: 'delimiter', foreground: ink('--text-3') },
      { token: 'delimiter.curly', foreground: ink('--text-2') },
      { token: 'delimiter.square', foreground: ink('--text-2') },
      { token: 'delimiter.bracket', foreground: ink('--text-2') },
      { token: 'delimiter.array', foreground: ink('--text-2') },
      { token: 'tag', foreground: isDark ? '9cc4ff' : '1f4fa8' },
      { token: 'metatag', foreground: ink('--text-3') },
      { token: 'attribute.name', foreground: isDark ? 'c3a6ff' : '6a3fc2' },
      { token: 'attribute.value', foreground: isDark ? '8fd3a5' : '1b6e3c' },
      { token: 'comment', foreground: ink('--text-3') },
    ],
    colors: {
      'editor.background': color('--surface-2'),
      'editor.foreground': color('--text'),
      'editorCursor.foreground': color('--accent'),
      'editor.selectionBackground': soft('--accent', '40'),
      'editor.inactiveSelectionBackground': soft('--accent', '26'),
      'editor.selectionHighlightBackground': soft('--accent', '1f'),
      'editor.wordHighlightBackground': soft('--accent', '1f'),
      'editor.lineHighlightBackground': '#00000000',
      'editor.lineHighlightBorder': '#00000000',
      'editor.findMatchBackground': soft('--warn', '66'),
      'editor.findMatchHighlightBackground': soft('--warn', '33'),
      'editorLineNumber.foreground': color('--text-3'),
      'editorLineNumber.activeForeground': color('--text'),
      'editorIndentGuide.background1': color('--hairline'),
      'editorIndentGuide.activeBackground1': color('--hairline-strong'),
      'editorBracketMatch.background': soft('--accent', '26'),
      'editorBracketMatch.border': soft('--accent', '80'),
      'editorGutter.background': color('--surface-2'),
      'editorWhitespace.foreground': color('--hairline-strong'),
      'editorError.foreground': color('--error'),
      'editorWarning.foreground': color('--warn'),
      'editorWidget.background': color('--surface-1'),
      'editorWidget.foreground': color('--text'),
      'editorWidget.border': color('--hairline-strong'),
      'editorHoverWidget.background': color('--surface-1'),
      'editorHoverWidget.border': color('--hairline-strong'),
      'editorSuggestWidget.background': color('--surface-1'),
      'editorSuggestWidget.selectedBackground': color('--surface-selected'),
      'editorSuggestWidget.selectedForeground': color('--text'),
      'editor.placeholder.foreground': color('--text-3'),
      'editorOverviewRuler.border': '#00000000',
      'diffEditor.insertedTextBackground': soft('--ok', '40'),
      'diffEditor.removedTextBackground': soft('--error', '40'),
      'diffEditor.insertedLineBackground': soft('--ok', '1f'),
      'diffEditor.removedLineBackground': soft('--error', '1f'),
      'diffEditor.diagonalFill': color('--hairline'),
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': soft('--text-3', '4d'),
      'scrollbarSlider.hoverBackground': soft('--text-3', '80'),
      'scrollbarSlider.activeBackground': soft('--text-3', '99'),
      'input.background': color('--surface-2'),
      'input.foreground': color('--text'),
      'input.border': color('--hairline-strong'),
      'inputOption.activeBackground': color('--surface-selected'),
      'inputOption.activeForeground': color('--text'),
      'inputOption.activeBorder': color('--accent'),
      focusBorder: color('--focus'),
      foreground: color('--text'),
      'widget.shadow': '#00000033',
      'menu.background': color('--surface-1'),
      'menu.foreground': color('--text'),
      'menu.selectionBackground': color('--surface-selected'),
      'menu.selectionForeground': color('--text'),
      'menu.border': color('--hairline-strong'),
      'quickInput.background': color('--surface-1'),
      'quickInput.foreground': color('--text'),
      'list.focusBackground': color('--surface-selected'),
      'list.focusForeground': color('--text'),
      'list.hoverBackground': color('--surface-hover'),
    },
  };
}
