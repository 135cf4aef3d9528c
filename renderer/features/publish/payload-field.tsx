import { Checkbox } from '@mantine/core';
import { Grid3x3, ListPlus, TextCursorInput } from 'lucide-react';
import { type DragEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { type GeneratorContext, hasGenerators } from '#app/generate/generators.ts';
import type { Codec } from '#app/payload/codec.ts';
import { exampleText } from '#app/payload/schema/example.ts';
import type { PublishFormat } from '#app/profile/profile.ts';
import { checkPayload, type PayloadCheck } from '#app/publish/composition.ts';
import { CodeEditor } from '#renderer/editor/code-editor.tsx';
import { formatLanguage } from '#renderer/editor/format-language.ts';
import type { CodeLanguage } from '#renderer/editor/options.ts';
import { areInTexts, payloadShape } from '#renderer/editor/payload-shape.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { ChooseFile, FilePayload } from './file-payload.tsx';
import { GeneratorMenu } from './generator-menu.tsx';
import { HexField } from './hex-field.tsx';
import { Measure, Sent } from './payload-measure.tsx';
import styles from './publish.module.css';
import { useHexGrid } from './use-hex-grid.ts';

interface PayloadFieldProps {
  readonly format: PublishFormat;
  /** With generators filled in. */
  readonly topic: string;
  readonly text: string;
  readonly file: File | undefined;
  /** Of the rule for the topic. */
  readonly ruled: Codec | undefined;
  /** What `{{…}}` is filled in with; absent: nothing is. */
  readonly generators: GeneratorContext | undefined;
  readonly onFills: (fills: boolean) => void;
  readonly onText: (text: string) => void;
  readonly onFile: (file: File | undefined) => void;
  readonly onChooseFile: () => void;
  readonly onSubmit: () => void;
}

/** The payload as text in an editor, or as a file; what it comes to in bytes stands below. */
export function PayloadField({
  format,
  topic,
  text,
  file,
  ruled,
  generators,
  onFills,
  onText,
  onFile,
  onChooseFile,
  onSubmit,
}: PayloadFieldProps) {
  const [isOver, setOver] = useState(false);
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes('Files')) {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      }
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) {
        setOver(false);
      }
    },
    // While it goes down: the editor would paste the file's name or content.
    onDropCapture: (event: DragEvent) => {
      const dropped = event.dataTransfer.files[0];
      setOver(false);
      if (dropped !== undefined) {
        event.preventDefault();
        event.stopPropagation();
        onFile(dropped);
      }
    },
  };
  return (
    <div className={styles.payload} data-over={isOver || undefined} {...drop}>
      {file === undefined ? (
        <TextPayload
          {...{ format, topic, text, ruled, generators, onFills, onText, onChooseFile, onSubmit }}
        />
      ) : (
        <FilePayload file={file} onRemove={() => onFile(undefined)} onChooseFile={onChooseFile} />
      )}
      {isOver && <div className={styles.dropHint}>Drop to publish the file’s bytes</div>}
    </div>
  );
}

type TextPayloadProps = Omit<PayloadFieldProps, 'file' | 'onFile'>;

function TextPayload(props: TextPayloadProps) {
  const { format, topic, text, ruled, generators, onFills, onText, onChooseFile, onSubmit } = props;
  // A long text is checked after it is shown: typing comes first.
  const checked = useDeferredValue(text);
  const check = useMemo(
    () => checkPayload(checked, { format, topic, ruled, generators }),
    [checked, format, topic, ruled, generators],
  );
  const isFilled = hasGenerators(checked);
  // What is not filled in yet need not be valid: it is shown without judging it.
  const written = formatLanguage(format, ruled);
  const isUnjudged = isFilled && generators !== undefined && !(written === 'json' && areInTexts(checked));
  const language = isUnjudged ? 'plaintext' : written;
  const shape = useMemo(() => payloadShape(format, ruled), [format, ruled]);
  const grid = useHexGrid(format, text);
  const inserter = useRef<((text: string) => void) | undefined>(undefined);
  const problems = useMemo(
    () =>
      check.ok || isFoundByEditor(check, language) ? [] : [{ ...check, message: check.failure.message }],
    [check, language],
  );
  return (
    <>
      <div className={styles.editor}>
        {grid.isShown ? (
          <HexField text={text} onText={onText} />
        ) : (
          <CodeEditor
            ariaLabel="Payload"
            value={text}
            language={language}
            onChange={onText}
            onSubmit={onSubmit}
            submitHint="publishes"
            problems={problems}
            schema={isFilled && format !== 'sparkplug' ? undefined : shape}
            inserter={inserter}
            placeholder={placeholders[format]}
            lineNumbers={false}
            tabMovesFocus={language === 'plaintext'}
          />
        )}
      </div>
      <div className={styles.measure}>
        <Measure check={check} format={format} isEmpty={checked === ''} />
        <div className={styles.helps}>
          {shape !== undefined && (
            <IconButton
              icon={ListPlus}
              label="Insert an example"
              onClick={() => onText(exampleText(shape))}
            />
          )}
          {grid.toggle !== undefined && (
            <IconButton
              icon={grid.isShown ? TextCursorInput : Grid3x3}
              label={grid.isShown ? 'Edit as text' : 'Edit in a grid'}
              onClick={grid.toggle}
            />
          )}
          {!grid.isShown && <GeneratorMenu onInsert={(usage) => inserter.current?.(usage)} />}
          <ChooseFile label="File…" onClick={onChooseFile} />
        </div>
      </div>
      <Sent check={check} format={format} />
      {isFilled && (
        <Checkbox
          size="xs"
          className={styles.fills ?? ''}
          label="Fill in {{…}}"
          checked={generators !== undefined}
          onChange={(event) => onFills(event.currentTarget.checked)}
        />
      )}
    </>
  );
}

/** Whether the editor marks it by itself: as JSON that is none, or by what it has to look like. */
function isFoundByEditor(
  { failure, length }: Extract<PayloadCheck, { readonly ok: false }>,
  language: CodeLanguage,
): boolean {
  return language === 'json' && (failure.code === 'payload.json' || length === 0);
}

const placeholders: Readonly<Record<PublishFormat, string>> = {
  text: 'Text, sent as UTF-8',
  json: '{ "on": true }',
  xml: '<valve open="true"/>',
  hex: '0a 1b 2c',
  base64: 'SGVsbG8=',
  yaml: 'on: true',
  cbor: '{ "on": true, "raw": h\'0a1b\' }',
  msgpack: '{ "on": true, "raw": h\'0a1b\' }',
  sparkplug: '{ "seq": 0, "metrics": { "Temperature": { "type": "Double", "value": 21.5 } } }',
  rule: '{ "on": true }',
};
