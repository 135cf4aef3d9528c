import type * as monaco from 'monaco-editor/editor';
import { FoldFinder } from './fold-ranges.ts';

/** Milliseconds of folding work between two frames. */
const SLICE = 6;

/** Folds the formatted texts of the viewer by their indentation, a few milliseconds at a time. */
export function registerViewFolding(
  { languages }: Pick<typeof monaco, 'languages'>,
  ids: readonly string[],
): void {
  languages.registerFoldingRangeProvider([...ids], {
    async provideFoldingRanges(model, _context, token) {
      const finder = new FoldFinder();
      let until = performance.now() + SLICE;
      for (let line = 1; line <= model.getLineCount(); line++) {
        finder.add(line, model.getLineFirstNonWhitespaceColumn(line) - 1);
        if (line % 500 === 0 && performance.now() > until) {
          await nextTask();
          if (token.isCancellationRequested || model.isDisposed()) {
            return undefined;
          }
          until = performance.now() + SLICE;
        }
      }
      return [...finder.finish()];
    },
  });
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
