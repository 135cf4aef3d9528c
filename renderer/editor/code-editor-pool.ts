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
  /** Help that screen readers read after the name. */
  describe(help: string): void;
}

let pool: EditorPool<SubmittingEditor> | undefined;

/** The editors that users write in. */
export function editorPool(api: Monaco['editor']): EditorPool<SubmittingEditor> {
  pool ??= new EditorPool((element) => {
    const editor: SubmittingEditor = api.create(element, { ...sharedOptions(), model: null });
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
    return editor;
  });
  return pool;
}
