import type * as monaco from 'monaco-editor/editor';
import { useEffect, useLayoutEffect, useRef } from 'react';
import classes from './editor.module.css';
import { editorHelp } from './editor-help.ts';
import { EditorPool, type PooledEditor, place } from './editor-host.ts';
import { highlight } from './highlights.ts';
import { keepModel, takeModel } from './kept-models.ts';
import { type Monaco, useMonaco } from './load-monaco.ts';
import { attachNumberGutter } from './number-gutter.ts';
import { sharedOptions } from './options.ts';
import { type ShownText, TextViewer, type ViewerEvents } from './text-viewer.ts';

export type { PlacedMarker, ShownText } from './text-viewer.ts';

interface CodeViewerProps extends ViewerEvents {
  /** The newest text; `undefined` leaves the last one standing. */
  readonly text: ShownText | undefined;
  /** Accessible name, such as `Value`. */
  readonly ariaLabel: string;
  readonly wordWrap: boolean;
  /** Texts to mark wherever they stand; they belong to `text`. */
  readonly found?: readonly string[] | undefined;
  /** Puts a button beside each number of JSON; called with the path of the one that was pressed. */
  readonly onNumber?: ((path: string) => void) | undefined;
  /** The editor itself could not be loaded. */
  readonly onLoadFailure?: ((error: unknown, retry: () => void) => void) | undefined;
}

/** A text of any length to read: coloured, folded, searched (Control/Command+F), never changed. */
export function CodeViewer(props: CodeViewerProps) {
  const state = useMonaco();
  const failed = useRef(props.onLoadFailure);
  failed.current = props.onLoadFailure;
  useEffect(() => {
    if (state.kind === 'failed') {
      failed.current?.(state.error, state.retry);
    }
  }, [state]);
  return (
    <div className={classes.frame} style={{ height: '100%' }}>
      {state.kind === 'ready' ? <MonacoViewer {...props} monaco={state.monaco} /> : undefined}
    </div>
  );
}

const none: readonly string[] = [];

let pool: EditorPool<monaco.editor.IStandaloneCodeEditor> | undefined;

function viewerPool(api: Monaco['editor']): EditorPool<monaco.editor.IStandaloneCodeEditor> {
  pool ??= new EditorPool((element) =>
    api.create(element, {
      ...sharedOptions(),
      model: null,
      readOnly: true,
      domReadOnly: true,
      tabFocusMode: true,
      cursorBlinking: 'solid',
      renderValidationDecorations: 'on',
      accessibilityPageSize: 100,
      largeFileOptimizations: false,
      hover: { enabled: 'on', delay: 300 },
      readOnlyMessage: { value: 'A received value can be read, not changed.' },
    }),
  );
  return pool;
}

function MonacoViewer({
  monaco: { editor: api },
  text,
  ariaLabel,
  wordWrap,
  found = none,
  onNumber,
  ...events
}: CodeViewerProps & { readonly monaco: Monaco }) {
  const host = useRef<HTMLDivElement>(null);
  const viewer = useRef<TextViewer | undefined>(undefined);
  const pooled = useRef<PooledEditor<monaco.editor.IStandaloneCodeEditor> | undefined>(undefined);
  const latest = useRef<ViewerEvents>(events);
  latest.current = events;
  const marks = useRef<monaco.editor.IEditorDecorationsCollection | undefined>(undefined);
  const mark = useRef(() => {});
  mark.current = () => {
    const editor = pooled.current?.editor;
    if (editor !== undefined && (found.length > 0 || marks.current !== undefined)) {
      marks.current?.clear();
      marks.current = editor.createDecorationsCollection();
      highlight(editor, marks.current, found, classes.found ?? '');
    }
  };
  const numbers = useRef(onNumber);
  numbers.current = onNumber;
  const hasNumbers = onNumber !== undefined;
  /** The text that the kept model holds whole. */
  const kept = useRef<ShownText | undefined>(undefined);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const taken = viewerPool(api).take();
    const made = new TextViewer(api, taken.editor, {
      onMarked: (markers) => latest.current.onMarked?.(markers),
      onShown: (source) => latest.current.onShown?.(source),
      onComplete: (source) => {
        mark.current();
        latest.current.onComplete?.(source);
      },
      onFailure: (source, error) => latest.current.onFailure?.(source, error),
    });
    const back = takeModel(kept);
    if (back !== undefined) {
      taken.editor.setModel(back.model);
      taken.editor.restoreViewState(back.viewState);
      if (kept.current !== undefined) {
        made.resume(kept.current);
      }
    }
    const placed = place(taken, element);
    viewer.current = made;
    pooled.current = taken;
    return () => {
      made.stop();
      placed.dispose();
      kept.current = made.complete;
      const model = taken.editor.getModel();
      if (model !== null) {
        keepModel(kept, { model, viewState: taken.editor.saveViewState() });
      }
      taken.editor.setModel(null);
      viewerPool(api).giveBack(taken);
      viewer.current = undefined;
      pooled.current = undefined;
    };
  }, [api]);

  useLayoutEffect(() => {
    pooled.current?.editor.updateOptions({ ariaLabel, wordWrap: wordWrap ? 'on' : 'off' });
    pooled.current?.element
      .querySelector('textarea')
      ?.setAttribute('aria-description', editorHelp({ tabMovesFocus: true, readOnly: true }));
  }, [ariaLabel, wordWrap]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is another one with another API
  useLayoutEffect(() => {
    const editor = pooled.current?.editor;
    if (editor === undefined || !hasNumbers) {
      return undefined;
    }
    const gutter = attachNumberGutter(editor, (path) => numbers.current?.(path));
    return () => gutter.dispose();
  }, [api, hasNumbers]);

  useEffect(() => {
    if (text !== undefined && viewer.current?.complete?.source.id !== text.source.id) {
      void viewer.current?.show(text);
    }
  }, [text]);

  useEffect(() => {
    if (found.length > 0 || marks.current !== undefined) {
      mark.current();
    }
  }, [found]);

  return <div ref={host} className={classes.host} />;
}
