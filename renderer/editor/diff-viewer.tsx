import type * as monaco from 'monaco-editor/editor';
import { useEffect, useLayoutEffect, useRef } from 'react';
import classes from './editor.module.css';
import { EditorPool, type PooledEditor, place } from './editor-host.ts';
import { type Monaco, useMonaco } from './load-monaco.ts';
import { type CodeLanguage, sharedOptions } from './options.ts';
import { viewLanguages } from './view-languages.ts';

interface DiffViewerProps {
  /** The older text, at the left. */
  readonly original: string;
  readonly modified: string;
  readonly language: CodeLanguage;
  readonly isSideBySide: boolean;
  /** Accessible names of the two texts. */
  readonly originalLabel: string;
  readonly modifiedLabel: string;
  /** How many places differ; `undefined` while that is worked out. */
  readonly onChanges?: ((count: number | undefined) => void) | undefined;
}

/** Two texts and where they differ, side by side or in one column. What is the same can be folded away. */
export function DiffViewer(props: DiffViewerProps) {
  const state = useMonaco();
  return (
    <div className={classes.frame} style={{ height: '100%' }}>
      {state.kind === 'ready' ? <MonacoDiff {...props} monaco={state.monaco} /> : undefined}
    </div>
  );
}

let pool: EditorPool<monaco.editor.IStandaloneDiffEditor> | undefined;

function diffPool(api: Monaco['editor']): EditorPool<monaco.editor.IStandaloneDiffEditor> {
  pool ??= new EditorPool((element) =>
    api.createDiffEditor(element, {
      ...sharedOptions(),
      readOnly: true,
      domReadOnly: true,
      originalEditable: false,
      renderOverviewRuler: false,
      enableSplitViewResizing: true,
      useInlineViewWhenSpaceIsLimited: false,
      ignoreTrimWhitespace: false,
      renderIndicators: true,
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      diffWordWrap: 'on',
      maxComputationTime: 3000,
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 6 },
      tabFocusMode: true,
      folding: false,
    }),
  );
  return pool;
}

function MonacoDiff({ monaco: { editor: api }, ...props }: DiffViewerProps & { readonly monaco: Monaco }) {
  const { original, modified, language, isSideBySide, originalLabel, modifiedLabel } = props;
  const host = useRef<HTMLDivElement>(null);
  const pooled = useRef<PooledEditor<monaco.editor.IStandaloneDiffEditor> | undefined>(undefined);
  const onChanges = useRef(props.onChanges);
  onChanges.current = props.onChanges;

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const taken = diffPool(api).take();
    const placed = place(taken, element);
    const updated = taken.editor.onDidUpdateDiff(() =>
      onChanges.current?.(taken.editor.getLineChanges()?.length),
    );
    pooled.current = taken;
    return () => {
      updated.dispose();
      placed.dispose();
      clear(taken.editor);
      diffPool(api).giveBack(taken);
      pooled.current = undefined;
    };
  }, [api]);

  useEffect(() => {
    const editor = pooled.current?.editor;
    if (editor !== undefined) {
      onChanges.current?.(undefined);
      const gone = editor.getModel();
      const id = viewLanguages[language];
      editor.setModel({ original: api.createModel(original, id), modified: api.createModel(modified, id) });
      gone?.original.dispose();
      gone?.modified.dispose();
    }
  }, [api, original, modified, language]);

  useEffect(() => {
    const editor = pooled.current?.editor;
    editor?.updateOptions({ renderSideBySide: isSideBySide });
    editor?.getOriginalEditor().updateOptions({ ariaLabel: originalLabel });
    editor?.getModifiedEditor().updateOptions({ ariaLabel: modifiedLabel });
  }, [isSideBySide, originalLabel, modifiedLabel]);

  return <div ref={host} className={classes.host} />;
}

function clear(editor: monaco.editor.IStandaloneDiffEditor): void {
  const model = editor.getModel();
  editor.setModel(null);
  model?.original.dispose();
  model?.modified.dispose();
}
