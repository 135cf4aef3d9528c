import type * as monaco from 'monaco-editor/editor';
import { replacementOf } from './changed-part.ts';
import { LinePlaces } from './line-places.ts';
import type { Monaco } from './load-monaco.ts';
import type { CodeLanguage } from './options.ts';
import { FIRST_SLICE, nextSliceSize, type TextSource } from './text-source.ts';
import { viewLanguages } from './view-languages.ts';

/** A place in the text with something to say about it. Offset and length in UTF-16 units of the whole text. */
export interface TextMarker {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** A text to show. */
export interface ShownText {
  readonly source: TextSource;
  readonly language: CodeLanguage;
  readonly markers: readonly TextMarker[];
  /** Texts of one content id are versions of the same thing: scroll position and folds stay. */
  readonly contentId: string;
}

/** A marker with its place in the editor, and how to go there. */
export interface PlacedMarker {
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly reveal: () => void;
}

export interface ViewerEvents {
  /** The markers of a text that is now whole in the editor. */
  onMarked?: ((markers: readonly PlacedMarker[]) => void) | undefined;
  /** The first screen of a text is in the editor. */
  onShown?: ((source: TextSource) => void) | undefined;
  /** The whole text is in the editor. */
  onComplete?: ((source: TextSource) => void) | undefined;
  /** A text could not be read (to its end). */
  onFailure?: ((source: TextSource, error: unknown) => void) | undefined;
}

const MARKERS = 'topicscope-view';
const ERROR = 8 as monaco.MarkerSeverity.Error;
/** UTF-16 units of a line that is no longer put together on screen. */
const LONG_LINE = 32_000;
/** UTF-16 units from which on folding waits for the whole text and the page for no copy of it. */
const LARGE = 1_000_000;

/**
 * Shows texts of any length in one read-only editor. The old text stays until the first slice of the new one is
 * there; the rest follows a slice a frame. A text that is not wanted any more is not read on.
 */
export class TextViewer {
  readonly #api: Monaco['editor'];
  readonly #editor: monaco.editor.IStandaloneCodeEditor;
  readonly #events: ViewerEvents;
  #serial = 0;
  #shown: ShownText | undefined;
  #isComplete = false;

  constructor(api: Monaco['editor'], editor: monaco.editor.IStandaloneCodeEditor, events: ViewerEvents) {
    this.#api = api;
    this.#editor = editor;
    this.#events = events;
  }

  /** What the editor holds, if it is the whole of it. */
  get complete(): ShownText | undefined {
    return this.#isComplete ? this.#shown : undefined;
  }

  /** Takes over an editor whose model already holds a whole text. */
  resume(text: ShownText): void {
    this.#shown = text;
    this.#isComplete = true;
  }

  async show(next: ShownText): Promise<void> {
    const serial = ++this.#serial;
    const isWanted = () => serial === this.#serial;
    try {
      const first = next.source.length === 0 ? '' : await next.source.read(0, FIRST_SLICE);
      if (!isWanted()) {
        return;
      }
      const restore = this.#begin(next, first);
      this.#events.onShown?.(next.source);
      const offsets = next.markers.flatMap(({ offset, length }) => [offset, offset + Math.max(1, length)]);
      const places = new LinePlaces(offsets.sort((a, b) => a - b));
      places.add(first);
      await this.#append(next.source, first.length, places, isWanted);
      if (isWanted()) {
        this.#isComplete = true;
        this.#editor.updateOptions(foldingOptions(true));
        restore();
        this.#mark(next.markers, places, offsets);
        this.#events.onComplete?.(next.source);
      }
    } catch (error) {
      if (isWanted()) {
        this.#events.onFailure?.(next.source, error);
      }
    }
  }

  /** Stops reading; the editor keeps what it shows. */
  stop(): void {
    this.#serial += 1;
  }

  /** Puts the first slice into the editor. The result puts the view back to where it was, once all is there. */
  #begin(next: ShownText, first: string): () => void {
    const language = viewLanguages[next.language];
    const last = this.#shown;
    const model = this.#editor.getModel();
    const isSameContent = last !== undefined && last.contentId === next.contentId;
    const isWhole = first.length >= next.source.length;
    const canChange =
      isSameContent && isWhole && this.#isComplete && (model?.getValueLength() ?? LARGE) < LARGE;
    this.#shown = next;
    this.#isComplete = false;
    if (model !== null && canChange) {
      this.#api.setModelMarkers(model, MARKERS, []);
      if (model.getLanguageId() !== language) {
        this.#api.setModelLanguage(model, language);
      }
      changeText(model, first);
      return () => {};
    }
    const viewState = isSameContent ? this.#editor.saveViewState() : null;
    this.#editor.updateOptions(viewOptions(next.source.length));
    this.#editor.setModel(this.#api.createModel(first, language));
    model?.dispose();
    if (!isSameContent) {
      this.#editor.setScrollPosition({ scrollTop: 0, scrollLeft: 0 });
    }
    // What the user did meanwhile (scrolled, selected) counts more than what was before.
    let isTouched = false;
    const touch = this.#editor.onDidChangeCursorPosition(() => {
      isTouched = true;
    });
    return () => {
      touch.dispose();
      if (viewState !== null && !isTouched) {
        this.#editor.restoreViewState(viewState);
      }
    };
  }

  async #append(
    source: TextSource,
    from: number,
    places: LinePlaces,
    isWanted: () => boolean,
  ): Promise<void> {
    let offset = from;
    let size = FIRST_SLICE * 4;
    let held = '';
    let ahead = offset < source.length ? source.read(offset, size) : undefined;
    while (ahead !== undefined) {
      const text = await ahead;
      // One slice is under way while one is taken in, never more: the screen sets the pace.
      const next = offset + text.length;
      ahead = text !== '' && next < source.length && isWanted() ? source.read(next, size) : undefined;
      ahead?.catch(() => {});
      await nextFrame();
      const model = this.#editor.getModel();
      if (!isWanted() || model === null || text === '') {
        return;
      }
      const { lineNumber, column } = model.getFullModelRange().getEndPosition();
      offset = next;
      held += text;
      // Each piece that a line grows by is laid out with all of the line: a very long one is put in whole.
      if (column > LONG_LINE && ahead !== undefined && !/[\r\n]/.test(text)) {
        continue;
      }
      const started = performance.now();
      const range = {
        startLineNumber: lineNumber,
        startColumn: column,
        endLineNumber: lineNumber,
        endColumn: column,
      };
      model.applyEdits([{ range, text: held, forceMoveMarkers: true }]);
      places.add(held);
      held = '';
      size = nextSliceSize(size, performance.now() - started);
    }
  }

  #reveal(lineNumber: number, column: number): void {
    this.#editor.setPosition({ lineNumber, column });
    this.#editor.revealPositionInCenterIfOutsideViewport({ lineNumber, column });
    this.#editor.focus();
  }

  #mark(markers: readonly TextMarker[], found: LinePlaces, offsets: readonly number[]): void {
    const model = this.#editor.getModel();
    if (model === null) {
      return;
    }
    const places = found.finish();
    const placeOf = (offset: number) => places[offsets.indexOf(offset)] ?? { line: 1, column: 1 };
    this.#events.onMarked?.(
      markers.map(({ offset, message }) => {
        const { line, column } = placeOf(offset);
        return { message, line, column, reveal: () => this.#reveal(line, column) };
      }),
    );
    this.#api.setModelMarkers(
      model,
      MARKERS,
      markers.map(({ offset, length, message }) => {
        const start = placeOf(offset);
        const end = placeOf(offset + Math.max(1, length));
        return {
          startLineNumber: start.line,
          startColumn: start.column,
          endLineNumber: end.line,
          endColumn: end.column,
          severity: ERROR,
          message,
        };
      }),
    );
  }
}

/** Keeps the room of the folding marks while there are none, so that the text does not move. */
function foldingOptions(isOn: boolean): monaco.editor.IEditorOptions {
  return isOn ? { folding: true, lineDecorationsWidth: 12 } : { folding: false, lineDecorationsWidth: 28 };
}

/** What would copy or walk through the whole of a large text is off for it. */
function viewOptions(length: number): monaco.editor.IEditorOptions {
  const isLarge = length >= LARGE;
  return {
    ...foldingOptions(length <= FIRST_SLICE),
    // Room for the numbers that come: growing it on the way would wrap all lines anew.
    lineNumbersMinChars: isLarge ? 7 : 3,
    unicodeHighlight: { invisibleCharacters: !isLarge, ambiguousCharacters: false, nonBasicASCII: false },
    guides: { indentation: !isLarge, bracketPairs: false },
  };
}

/** Changes only what differs, so that folds, selection and scroll position outside of it stay. */
function changeText(model: monaco.editor.ITextModel, text: string): void {
  const change = replacementOf(model.getValue(), text);
  if (change !== undefined) {
    const start = model.getPositionAt(change.start);
    const end = model.getPositionAt(change.end);
    const range = {
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: end.lineNumber,
      endColumn: end.column,
    };
    model.applyEdits([{ range, text: change.text }]);
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    // No frames come in a hidden window.
    const timer = setTimeout(resolve, 200);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
