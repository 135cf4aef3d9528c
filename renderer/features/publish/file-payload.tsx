import { Button } from '@mantine/core';
import { File as FileIcon, FileUp, X } from 'lucide-react';
import { formatBytes, formatQuantity } from '#app/base/format.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import styles from './publish.module.css';

interface FilePayloadProps {
  readonly file: File;
  readonly onRemove: () => void;
  readonly onChooseFile: () => void;
}

/** A file whose bytes are the payload. */
export function FilePayload({ file, onRemove, onChooseFile }: FilePayloadProps) {
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

/** Opens the choice of a file. */
export function ChooseFile({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
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
