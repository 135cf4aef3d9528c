import type * as monaco from 'monaco-editor/editor';
import { token } from './theme.ts';

/** Languages that a text can be written and shown in. */
export type CodeLanguage = 'json' | 'xml' | 'yaml' | 'javascript' | 'plaintext';

type Options = monaco.editor.IStandaloneEditorConstructionOptions;

/**
 * Options of models rather than editors; they are read under these flat names when a model is made. Colouring pairs of
 * brackets means walking through all of a text.
 */
const modelOptions = { 'bracketPairColorization.enabled': false } as Options;

/** What all editors share: dense, without ornaments, safe to show hostile text. */
export function sharedOptions(): Options {
  return {
    ...modelOptions,
    // A plain text area: input methods, screen readers and test tools know how to type into it.
    editContext: false,
    // The host element tells its size; see `editor-host.ts`.
    automaticLayout: false,
    fixedOverflowWidgets: true,
    fontFamily: token('--font-mono'),
    fontSize: 12,
    lineHeight: 18,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    overviewRulerLanes: 2,
    hideCursorInOverviewRuler: true,
    overviewRulerBorder: false,
    renderLineHighlight: 'none',
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 12,
    glyphMargin: false,
    folding: true,
    showFoldingControls: 'always',
    foldingMaximumRegions: 10_000,
    guides: { indentation: true, bracketPairs: false },
    matchBrackets: 'always',
    padding: { top: 6, bottom: 6 },
    scrollbar: {
      verticalScrollbarSize: 10,
      horizontalScrollbarSize: 10,
      useShadows: false,
      // At its end the wheel goes on to the page around the editor.
      alwaysConsumeMouseWheel: false,
    },
    smoothScrolling: false,
    contextmenu: true,
    // Text of strangers: never a link to click, never a dialog about its line ends, nothing hidden.
    links: false,
    unusualLineTerminators: 'off',
    renderControlCharacters: true,
    unicodeHighlight: { invisibleCharacters: true, ambiguousCharacters: false, nonBasicASCII: false },
    colorDecorators: false,
    tabSize: 2,
    insertSpaces: true,
    detectIndentation: false,
    wordBasedSuggestions: 'off',
    // Not the word at the cursor: that may be all of a Base64 payload, too long for a pattern.
    find: { seedSearchStringFromSelection: 'selection', addExtraSpaceOnTop: false },
    occurrencesHighlight: 'off',
    codeLens: false,
    lightbulb: { enabled: 'off' as monaco.editor.ShowLightbulbIconMode },
    'semanticHighlighting.enabled': false,
    dragAndDrop: false,
    stickyScroll: { enabled: false },
  };
}
