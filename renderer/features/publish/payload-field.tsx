import { Button } from '@mantine/core';
import { CircleAlert, File as FileIcon, FileUp, X } from 'lucide-react';
import { type DragEvent, useDeferredValue, useMemo, useState } from 'react';
import { formatBytes, formatCount, formatQuantity } from '#app/base/format.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { PayloadFormat } from '#app/profile/profile.ts';
import { CodeEditor } from '#renderer/editor/code-editor.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { checkPayload, type PayloadCheck } from './draft.ts';
import styles from './publish.module.css';

interface PayloadFieldProps {
  readonly format: PayloadFormat;
  readonly text: string;
  readonly file: File | undefined;
  readonly onText: (text: string) => void;
  readonly onFile: (file: File | undefined) => void;
  readonly onChooseFile: () => void;
  readonly onSubmit: () => void;
}

/** The payload as text in an editor, or as a file; what it comes to in bytes stands below. */
export function PayloadField({
  format,
  text,
  file,
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
        <TextPayload {...{ format, text, onText, onChooseFile, onSubmit }} />
      ) : (
        <FilePayload file={file} onRemove={() => onFile(undefined)} onChooseFile={onChooseFile} />
      )}
      {isOver && <div className={styles.dropHint}>Drop to publish the file’s bytes</div>}
    </div>
  );
}

type TextPayloadProps = Pick<PayloadFieldProps, 'format' | 'text' | 'onText' | 'onChooseFile' | 'onSubmit'>;

function TextPayload({ format, text, onText, onChooseFile, onSubmit }: TextPayloadProps) {
  // A long text is checked after it is shown: typing comes first.
  const checked = useDeferredValue(text);
  const check = useMemo(() => checkPayload(format, checked), [format, checked]);
  const problems = useMemo(
    () => (check.ok || format === 'json' ? [] : [{ ...check, message: check.failure.message }]),
    [check, format],
  );
  return (
    <>
      <div className={styles.editor}>
        <CodeEditor
          ariaLabel="Payload"
          value={text}
          language={format === 'json' || format === 'xml' ? format : 'plaintext'}
          onChange={onText}
          onSubmit={onSubmit}
          submitHint="publishes"
          problems={problems}
          placeholder={placeholders[format]}
          lineNumbers={false}
          tabMovesFocus={format !== 'json' && format !== 'xml'}
        />
      </div>
      <div className={styles.measure}>
        <Measure check={check} format={format} isEmpty={checked === ''} />
        <ChooseFile label="File…" onClick={onChooseFile} />
      </div>
    </>
  );
}

const placeholders: Readonly<Record<PayloadFormat, string>> = {
  text: 'Text, sent as UTF-8',
  json: '{ "on": true }',
  xml: '<valve open="true"/>',
  hex: '0a 1b 2c',
  base64: 'SGVsbG8=',
};

interface MeasureProps {
  readonly check: PayloadCheck;
  readonly format: PayloadFormat;
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
