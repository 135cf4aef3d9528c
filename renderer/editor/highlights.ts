import type * as monaco from 'monaco-editor/editor';

/** Places that are marked at most. */
const MAX_PLACES = 500;
/** UTF-16 units of a text from which on nothing is marked: looking for it would be seen. */
const MAX_TEXT = 2_000_000;

/** Marks all places where one of these texts stands, as it is written; brings the first into view. */
export function highlight(
  editor: monaco.editor.IStandaloneCodeEditor,
  collection: monaco.editor.IEditorDecorationsCollection,
  texts: readonly string[],
  className: string,
): void {
  const model = editor.getModel();
  if (model === null || texts.length === 0 || model.getValueLength() > MAX_TEXT) {
    collection.clear();
    return;
  }
  const places = texts.flatMap((text) =>
    model.findMatches(text, false, false, true, null, false, MAX_PLACES),
  );
  collection.set(
    places.slice(0, MAX_PLACES).map(({ range }) => ({ range, options: { inlineClassName: className } })),
  );
  const first = places.toSorted((a, b) => a.range.startLineNumber - b.range.startLineNumber)[0];
  if (first !== undefined) {
    editor.revealRangeInCenterIfOutsideViewport(first.range);
  }
}
