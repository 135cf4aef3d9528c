import { Button, Checkbox } from '@mantine/core';
import { CircleAlert, File as FileIcon, FileUp, X } from 'lucide-react';
import { type DragEvent, useDeferredValue, useMemo, useState } from 'react';
import { formatBytes, formatCount, formatQuantity } from '#app/base/format.ts';
import type { Failure } from '#app/contract/failure.ts';
import { type GeneratorContext, hasGenerators } from '#app/generate/generators.ts';
import type { Codec } from '#app/payload/codec.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { hexLine } from '#app/payload/preview.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { PublishFormat } from '#app/profile/profile.ts';
import { checkPayload, type PayloadCheck } from '#app/publish/composition.ts';
import { CodeEditor } from '#renderer/editor/code-editor.tsx';
import { formatLanguage } from '#renderer/editor/format-language.ts';
import type { CodeLanguage } from '#renderer/editor/options.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import styles from './publish.module.css';

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
  const language = isFilled && generators !== undefined ? 'plaintext' : formatLanguage(format, ruled);
  const problems = useMemo(
    () =>
      check.ok || isFoundByEditor(check.failure, language)
        ? []
        : [{ ...check, message: check.failure.message }],
    [check, language],
  );
  return (
    <>
      <div className={styles.editor}>
        <CodeEditor
          ariaLabel="Payload"
          value={text}
          language={language}
          onChange={onText}
          onSubmit={onSubmit}
          submitHint="publishes"
          problems={problems}
          placeholder={placeholders[format]}
          lineNumbers={false}
          tabMovesFocus={language === 'plaintext'}
        />
      </div>
      <div className={styles.measure}>
        <Measure check={check} format={format} isEmpty={checked === ''} />
        <ChooseFile label="File…" onClick={onChooseFile} />
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

/** Whether the editor marks it by itself. */
function isFoundByEditor({ code }: Failure, language: CodeLanguage): boolean {
  return language === 'json' && code === 'payload.json';
}

/** Formats whose bytes are not what was typed. */
const binaryFormats: ReadonlySet<PublishFormat> = new Set(['rule', 'cbor', 'msgpack', 'sparkplug', 'base64']);
/** Bytes that are shown of what is sent, and characters of what was filled in. */
const SHOWN_BYTES = 64;
const SHOWN_TEXT = 300;

/** What goes out, where that is not what stands in the field: the text with what was filled in, and the bytes. */
function Sent({ check, format }: { readonly check: PayloadCheck; readonly format: PublishFormat }) {
  if (!check.ok || check.bytes.length === 0) {
    return undefined;
  }
  const { filled, bytes } = check;
  return (
    <>
      {filled !== undefined && (
        <p role="note" className={styles.sent} aria-label="Filled in">
          {visibleText(filled.slice(0, SHOWN_TEXT))}
          {filled.length > SHOWN_TEXT && '…'}
        </p>
      )}
      {binaryFormats.has(format) && (
        <p role="note" className={styles.sent} aria-label="Bytes">
          {hexLine(bytes.subarray(0, SHOWN_BYTES), 3 * SHOWN_BYTES)}
          {bytes.length > SHOWN_BYTES && ' …'}
        </p>
      )}
    </>
  );
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

interface MeasureProps {
  readonly check: PayloadCheck;
  readonly format: PublishFormat;
  readonly isEmpty: boolean;
}

/** How many bytes it is, or why it is none. */
function Measure({ check, format, isEmpty }: MeasureProps) {
  if (!check.ok) {
    return (
      <span className={styles.wrong} title={check.failure.hint}>
        <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
        <span>{check.failure.message}</span>
      </span>
    );
  }
  const { length } = check.bytes;
  const validity = isEmpty
    ? ''
    : format === 'json'
      ? ', valid JSON'
      : format === 'xml'
        ? ', well-formed XML'
        : '';
  return (
    <span className={styles.size} title={`${formatCount(length)} bytes as ${formatNames[format]}`}>
      {length < 10_000 ? formatQuantity(length, 'byte') : formatBytes(length)}
      {validity}
    </span>
  );
}

interface FilePayloadProps {
  readonly file: File;
  readonly onRemove: () => void;
  readonly onChooseFile: () => void;
}

function FilePayload({ file, onRemove, onChooseFile }: FilePayloadProps) {
  return (
    <>
      <div className={styles.file}>
        <FileIcon size={16} strokeWidth={1.75} aria-hidden />
        <span className={styles.fileName} title={visibleText(file.name)}>
          {visibleText(file.name)}
        </span>
        <IconButton icon={X} label="Remove the file" onClick={onRemove} />
      </div>
      <div className={styles.measure}>
        <span className={styles.size}>
          {file.size < 10_000
            ? formatQuantity(file.size, 'byte')
            : `${formatBytes(file.size)}, ${formatQuantity(file.size, 'byte')}`}
        </span>
        <ChooseFile label="Other file…" onClick={onChooseFile} />
      </div>
    </>
  );
}

function ChooseFile({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      className={styles.choose ?? ''}
      leftSection={<FileUp size={14} strokeWidth={1.75} aria-hidden />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
