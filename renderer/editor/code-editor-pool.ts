import type * as monaco from 'monaco-editor/editor';
import { EditorPool } from './editor-host.ts';
import type { Monaco } from './load-monaco.ts';
import { sharedOptions } from './options.ts';

/** An editor that can be told what Control/Command and Enter does; `false` leaves the key to the editor. */
export type SubmittingEditor = monaco.editor.IStandaloneCodeEditor & {
  onSubmit?: (() => boolean) | undefined;
};

/** An editor on screen with its model. */
export interface EditorBinding {
  readonly editor: monaco.editor.IStandaloneCodeEditor;
  readonly model: monaco.editor.ITextModel;
  /** Shows a value that came from outside; one that was typed and comes back is left alone. */
  show(value: string): void;
  /** Help that screen readers read after the name. */
  describe(help: string): void;
}

let pool: EditorPool<SubmittingEditor> | undefined;

/** The editors that users write in. */
export function editorPool(api: Monaco['editor']): EditorPool<SubmittingEditor> {
  pool ??= new EditorPool((element) => {
    const editor: SubmittingEditor = api.create(element, {
      ...sharedOptions(),
      // Typing over a selection replaces it.
      autoSurround: 'never',
      accessibilityPageSize: 500,
      model: null,
    });
    // On the way down: Monaco has its own idea of Control+Enter (a line below).
    element.addEventListener(
      'keydown',
      (event) => {
        const isSubmit = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing;
        if (isSubmit && !event.shiftKey && !event.altKey && editor.onSubmit?.() === true) {
          event.preventDefault();
          event.stopPropagation();
        }
      },
      { capture: true },
    );
    takeWholeSelections(editor, element);
    return editor;
  });
  return pool;
}

/** `monaco.editor.EndOfLinePreference.LF` */
const LF = 1 as monaco.editor.EndOfLinePreference.LF;
/** UTF-16 units of a selection from which on Monaco writes only its ends into the text area. */
const LONGEST_WRITTEN = 1000;

/**
 * Assistive and test tools select all of the text area behind the editor and type over it, faster than the event by
 * which Monaco hears of the selection. What they then do belongs to the whole text.
 */
function takeWholeSelections(editor: SubmittingEditor, element: HTMLElement): void {
  const adopt = (target: EventTarget | null): boolean => {
    const model = editor.getModel();
    const selection = editor.getSelection();
    if (
      !(target instanceof HTMLTextAreaElement) ||
      target.value === '' ||
      model === null ||
      selection === null
    ) {
      return false;
    }
    const isWhole = target.selectionStart === 0 && target.selectionEnd === target.value.length;
    const length = model.getValueLengthInRange(selection, LF);
    // What Monaco wrote there itself is its own selection, cut when it is long.
    if (!isWhole || length === target.value.length || length > LONGEST_WRITTEN) {
      return false;
    }
    editor.setSelection(model.getFullModelRange());
    return true;
  };
  document.addEventListener(
    'selectionchange',
    (event) => {
      const active = document.activeElement;
      // Monaco would take the part of a long text that the area holds for all of it.
      if (active !== null && element.contains(active) && adopt(active)) {
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  // Monaco writes its own selection into the text area when it gets the focus: be before it.
  element.addEventListener('focus', (event) => adopt(event.target), { capture: true });
  element.addEventListener('keydown', (event) => adopt(event.target), { capture: true });
  element.addEventListener(
    'beforeinput',
    (event) => {
      if (!event.isComposing && event.data !== null && adopt(event.target)) {
        event.preventDefault();
        editor.trigger('keyboard', 'paste', { text: event.data });
      }
    },
    { capture: true },
  );
}
