import type * as monaco from 'monaco-editor/editor';
import { type Disposable, DisposableStore } from '#app/base/disposable.ts';
import classes from './editor.module.css';
import { isNumberLine, jsonLinePath } from './json-line-path.ts';
import { viewLanguages } from './view-languages.ts';

/** `MouseTargetType.GUTTER_LINE_DECORATIONS`, a const enum that isolated modules cannot use. */
const GUTTER = 4 as monaco.editor.MouseTargetType.GUTTER_LINE_DECORATIONS;

/**
 * A small button in the margin of each line on screen that holds a number of JSON. `onNumber` gets the path of the one
 * that was pressed. The keyboard has the same in the list of fields.
 */
export function attachNumberGutter(
  editor: monaco.editor.IStandaloneCodeEditor,
  onNumber: (path: string) => void,
): Disposable {
  const disposables = new DisposableStore();
  const marks = editor.createDecorationsCollection();
  let frame = 0;
  const mark = () => {
    frame = 0;
    const model = editor.getModel();
    if (model === null || model.getLanguageId() !== viewLanguages.json) {
      marks.clear();
      return;
    }
    const found: monaco.editor.IModelDeltaDecoration[] = [];
    for (const { startLineNumber, endLineNumber } of editor.getVisibleRanges()) {
      for (let line = startLineNumber; line <= Math.min(endLineNumber, model.getLineCount()); line++) {
        if (model.getLineLength(line) < 1000 && isNumberLine(model.getLineContent(line))) {
          found.push({
            range: { startLineNumber: line, startColumn: 1, endLineNumber: line, endColumn: 1 },
            options: {
              linesDecorationsClassName: classes.number ?? null,
              linesDecorationsTooltip: 'Chart this number',
            },
          });
        }
      }
    }
    marks.set(found);
  };
  // Once a frame: a value that is followed changes many times a second.
  const soon = () => {
    frame ||= requestAnimationFrame(mark);
  };
  const listeners = [
    editor.onDidScrollChange(soon),
    editor.onDidLayoutChange(soon),
    editor.onDidChangeModel(soon),
    editor.onDidChangeModelContent(soon),
    editor.onDidChangeModelLanguage(soon),
    editor.onDidChangeHiddenAreas(soon),
    editor.onMouseDown(({ target, event }) => {
      const model = editor.getModel();
      const line = target.position?.lineNumber;
      if (target.type !== GUTTER || model === null || line === undefined || !event.leftButton) {
        return;
      }
      if (model.getLanguageId() === viewLanguages.json && isNumberLine(model.getLineContent(line))) {
        const path = jsonLinePath((at) => model.getLineContent(at), line);
        if (path !== undefined) {
          onNumber(path);
        }
      }
    }),
  ];
  for (const listener of listeners) {
    disposables.add(listener);
  }
  soon();
  disposables.add({
    dispose() {
      cancelAnimationFrame(frame);
      marks.clear();
    },
  });
  return disposables;
}
