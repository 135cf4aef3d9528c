import type * as monaco from 'monaco-editor/editor';

interface Kept {
  readonly model: monaco.editor.ITextModel;
  readonly viewState: monaco.editor.ICodeEditorViewState | null;
}

/** Models of editors that left the screen, with their undo history, for when they come back; the oldest go. */
const kept = new Map<object, Kept>();
const MAX_KEPT = 12;

/** Keeps a model under the identity of the component that owns it. */
export function keepModel(owner: object, model: Kept): void {
  kept.set(owner, model);
  for (const [oldest, { model: gone }] of kept) {
    if (kept.size <= MAX_KEPT) {
      break;
    }
    kept.delete(oldest);
    gone.dispose();
  }
}

/** Hands a kept model back; it is no longer kept then. */
export function takeModel(owner: object): Kept | undefined {
  const found = kept.get(owner);
  kept.delete(owner);
  return found;
}
