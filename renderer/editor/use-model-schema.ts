import { useEffect } from 'react';
import type { JsonSchema } from '#app/payload/schema/json-schema.ts';
import type { EditorBinding } from './code-editor-pool.ts';

/** Tells the language of JSON what the text of a model looks like. */
export function useModelSchema(
  binding: { readonly current: EditorBinding | undefined },
  schema: JsonSchema | undefined,
): void {
  useEffect(() => {
    const bound = binding.current;
    if (schema === undefined || bound === undefined) {
      return undefined;
    }
    const address = `${bound.model.uri}`;
    let isGone = false;
    // Loaded with the editor already.
    const judge = import('./json-diagnostics.ts');
    void judge.then(({ setModelSchema }) => !isGone && setModelSchema(address, schema));
    // Names of members are typed within quotes.
    bound.editor.updateOptions({ quickSuggestions: { other: true, comments: false, strings: true } });
    return () => {
      isGone = true;
      void judge.then(({ setModelSchema }) => setModelSchema(address, undefined));
      bound.editor.updateOptions({ quickSuggestions: { other: true, comments: false, strings: false } });
    };
  }, [binding, schema]);
}

/** Puts a text in place of the selection, to be undone in one step, and goes on there. */
export function insertText(editor: EditorBinding['editor'], text: string): void {
  const selection = editor.getSelection();
  if (selection !== null) {
    editor.pushUndoStop();
    editor.executeEdits('insert', [{ range: selection, text, forceMoveMarkers: true }]);
    editor.pushUndoStop();
  }
  editor.focus();
}
