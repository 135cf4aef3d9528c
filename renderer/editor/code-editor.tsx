import type * as monaco from 'monaco-editor/editor';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { DisposableStore } from '#app/base/disposable.ts';
import type { JsonSchema } from '#app/payload/schema/json-schema.ts';
import { type EditorBinding, editorPool } from './code-editor-pool.ts';
import classes from './editor.module.css';
import { editorHelp } from './editor-help.ts';
import { place } from './editor-host.ts';
import { keepModel, takeModel } from './kept-models.ts';
import { type Monaco, useMonaco } from './load-monaco.ts';
import type { CodeLanguage } from './options.ts';
import { insertText, useModelSchema } from './use-model-schema.ts';
import { ValueEcho } from './value-echo.ts';

/** Something wrong in the text. Offset and length in UTF-16 code units. */
interface CodeProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

export interface CodeEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly language: CodeLanguage;
  /** Accessible name, such as `Payload`. */
  readonly ariaLabel: string;
  /** Control/Command and Enter. */
  readonly onSubmit?: (() => void) | undefined;
  /** What Control+Enter does, for the help that screen readers read: `publishes`. */
  readonly submitHint?: string | undefined;
  /** Pixels, or any CSS length; default is the height of the parent. */
  readonly height?: number | string | undefined;
  /** Problems found outside of the editor, for example by `encodePayload`. */
  readonly problems?: readonly CodeProblem[] | undefined;
  /** What a text in JSON looks like: it is completed and judged by it. */
  readonly schema?: JsonSchema | undefined;
  /** Gets what inserts a text at the cursor, as if typed, and goes on there. */
  readonly inserter?: { current: ((text: string) => void) | undefined } | undefined;
  /** Problems that the language itself finds (JSON), whenever they change. */
  readonly onProblems?: ((problems: readonly CodeProblem[]) => void) | undefined;
  readonly placeholder?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly wordWrap?: boolean | undefined;
  readonly lineNumbers?: boolean | undefined;
  /** Tab goes to the next control instead of indenting; Control+M changes it while typing. */
  readonly tabMovesFocus?: boolean | undefined;
  readonly autoFocus?: boolean | undefined;
}

/**
 * A text that the user writes, in Monaco with all its features. Until Monaco is loaded (or if it can't be), a plain
 * text area of the same name takes its place.
 */
export function CodeEditor(props: CodeEditorProps) {
  const state = useMonaco();
  const caret = useRef<Caret | undefined>(undefined);
  return (
    <div className={classes.frame} style={{ height: props.height ?? '100%' }}>
      {state.kind === 'ready' ? (
        <MonacoEditor {...props} monaco={state.monaco} caret={caret} />
      ) : (
        <PlainEditor {...props} caret={caret} />
      )}
    </div>
  );
}

/** Where the user was typing in the plain text area when Monaco took over: it goes on there, no key stroke is lost. */
interface Caret {
  readonly start: number;
  readonly end: number;
}

interface CaretProps {
  readonly caret: { current: Caret | undefined };
}

function PlainEditor({
  value,
  onChange,
  ariaLabel,
  placeholder,
  readOnly,
  onSubmit,
  caret,
}: CodeEditorProps & CaretProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    return () => {
      if (element !== null && document.activeElement === element) {
        caret.current = { start: element.selectionStart, end: element.selectionEnd };
      }
    };
  }, [caret]);
  return (
    <textarea
      ref={area}
      className={classes.plain}
      aria-label={ariaLabel}
      value={value}
      placeholder={placeholder}
      readOnly={readOnly}
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onSubmit?.();
        }
      }}
    />
  );
}

function MonacoEditor({
  monaco,
  caret,
  ...props
}: CodeEditorProps & CaretProps & { readonly monaco: Monaco }) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const binding = useRef<EditorBinding | undefined>(undefined);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const bound = bind(monaco, element, latest);
    binding.current = bound.binding;
    const { inserter } = latest.current;
    if (inserter !== undefined) {
      inserter.current = (text) => insertText(bound.binding.editor, text);
    }
    if (caret.current !== undefined) {
      goOnTyping(bound.binding, caret.current);
      caret.current = undefined;
    }
    return () => {
      binding.current = undefined;
      if (inserter !== undefined) {
        inserter.current = undefined;
      }
      bound.release();
    };
  }, [monaco, caret]);

  const { value, language, ariaLabel, placeholder, problems, submitHint, schema } = props;
  const readOnly = props.readOnly === true;
  const wordWrap = props.wordWrap !== false;
  const lineNumbers = props.lineNumbers !== false;
  const isFoldable = lineNumbers || language !== 'plaintext';
  const tabMovesFocus = props.tabMovesFocus === true;

  useEffect(() => {
    binding.current?.show(value);
  }, [value]);

  useEffect(() => {
    const model = binding.current?.model;
    if (model !== undefined) {
      monaco.editor.setModelLanguage(model, language);
    }
  }, [monaco, language]);

  useModelSchema(binding, language === 'json' ? schema : undefined);

  useEffect(() => {
    binding.current?.editor.updateOptions({
      ariaLabel,
      readOnly,
      placeholder: placeholder ?? '',
      wordWrap: wordWrap ? 'on' : 'off',
      lineNumbers: lineNumbers ? 'on' : 'off',
      // Without numbers and folds the text begins where that of the other fields does.
      folding: isFoldable,
      lineDecorationsWidth: isFoldable ? 12 : 8,
      tabFocusMode: tabMovesFocus,
    });
    binding.current?.describe(editorHelp({ tabMovesFocus, readOnly, submitHint }));
  }, [ariaLabel, readOnly, placeholder, wordWrap, lineNumbers, isFoldable, tabMovesFocus, submitHint]);

  useEffect(() => {
    const model = binding.current?.model;
    if (model !== undefined) {
      monaco.editor.setModelMarkers(
        model,
        OUTSIDE,
        (problems ?? []).map((problem) => toMarker(model, problem)),
      );
    }
  }, [monaco, problems]);

  return <div ref={host} className={classes.host} />;
}

function goOnTyping({ editor, model }: EditorBinding, { start, end }: Caret): void {
  const [from, to] = [model.getPositionAt(start), model.getPositionAt(end)];
  editor.setSelection({
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  });
  editor.focus();
}

/** Owner of the markers that were handed in. */
const OUTSIDE = 'topicscope';
const ERROR = 8 as monaco.MarkerSeverity.Error;

function toMarker(model: monaco.editor.ITextModel, { offset, length, message }: CodeProblem) {
  const start = model.getPositionAt(offset);
  const end = model.getPositionAt(offset + Math.max(1, length));
  return {
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
    severity: ERROR,
    message,
  };
}

/** Replaces the whole text; it can be undone. */
function replaceText(model: monaco.editor.ITextModel, text: string): void {
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  model.pushStackElement();
}

/** Takes an editor from the pool and wires it to the newest props. */
function bind(
  { editor: api }: Monaco,
  host: HTMLElement,
  props: { readonly current: CodeEditorProps },
): { readonly binding: EditorBinding; release(): void } {
  const listeners = new DisposableStore();
  const pool = editorPool(api);
  const pooled = pool.take();
  const { editor, element } = pooled;
  const kept = takeModel(props);
  const model = kept?.model ?? api.createModel(props.current.value, props.current.language);
  editor.setModel(model);
  if (kept?.viewState) {
    editor.restoreViewState(kept.viewState);
  }
  editor.onSubmit = () => {
    props.current.onSubmit?.();
    return props.current.onSubmit !== undefined;
  };
  const echo = new ValueEcho(props.current.value);
  if (model.getValue() !== props.current.value) {
    replaceText(model, props.current.value);
  }
  listeners.add(place(pooled, host));
  listeners.add(
    model.onDidChangeContent(() => {
      const text = model.getValue();
      echo.sent(text);
      props.current.onChange(text);
    }),
  );
  listeners.add(
    api.onDidChangeMarkers((resources) => {
      if (props.current.onProblems !== undefined && resources.some((uri) => `${uri}` === `${model.uri}`)) {
        props.current.onProblems(problemsOf(api, model));
      }
    }),
  );
  if (props.current.autoFocus === true) {
    editor.focus();
  }
  return {
    binding: {
      editor,
      model,
      show: (value) => {
        if (!echo.isEcho(value)) {
          replaceText(model, value);
        }
      },
      describe: (help) => element.querySelector('textarea')?.setAttribute('aria-description', help),
    },
    release: () => {
      keepModel(props, { model, viewState: editor.saveViewState() });
      listeners.dispose();
      editor.onSubmit = undefined;
      editor.setModel(null);
      pool.giveBack(pooled);
    },
  };
}

function problemsOf(api: Monaco['editor'], model: monaco.editor.ITextModel): readonly CodeProblem[] {
  return api
    .getModelMarkers({ resource: model.uri })
    .filter(({ owner, severity }) => owner !== OUTSIDE && severity === ERROR)
    .map(({ startLineNumber, startColumn, endLineNumber, endColumn, message }) => {
      const offset = model.getOffsetAt({ lineNumber: startLineNumber, column: startColumn });
      return {
        offset,
        length: model.getOffsetAt({ lineNumber: endLineNumber, column: endColumn }) - offset,
        message,
      };
    });
}
