import { Menu } from '@mantine/core';
import { FileDown, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import type { InputOf } from '#app/contract/define.ts';
import type { ExportFormat, exportOperations } from '#app/contract/operations/export.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { saveFile } from '#renderer/ui/save-file.ts';
import { notify } from './notify.tsx';
import { attempt } from './run.ts';

type What = InputOf<(typeof exportOperations)['export.open']>['what'];

interface ExportButtonProps {
  readonly sessionId: string;
  /** `Export the shown messages`. */
  readonly label: string;
  readonly what: () => What;
  /** The chosen message, if there is one. */
  readonly selected?: number | undefined;
}

const formats: readonly { readonly format: ExportFormat; readonly name: string; readonly type: string }[] = [
  { format: 'jsonl', name: 'JSON lines', type: 'application/jsonl' },
  { format: 'csv', name: 'CSV', type: 'text/csv' },
  { format: 'zip', name: 'Raw payloads (ZIP)', type: 'application/zip' },
];
/** Bytes that the page holds itself before it hands them to the browser's store. */
const HAND_OVER = 8 * 1024 * 1024;

/** Saves messages as a file, a part at a time; says how far it is and can be cancelled. */
export function ExportButton({ sessionId, label, what, selected }: ExportButtonProps) {
  const [progress, setProgress] = useState<{ readonly messages: number; readonly share: number }>();
  const cancelled = useRef(false);
  // Whoever leaves the pane for good wants no file any more.
  useEffect(
    () => () => {
      cancelled.current = true;
    },
    [],
  );
  const start = (of: What, { format, type }: (typeof formats)[number]) =>
    attempt(async () => {
      cancelled.current = false;
      setProgress({ messages: 0, share: 0 });
      try {
        const file = await readExport(sessionId, of, format, type, (messages, share) => {
          setProgress({ messages, share });
          return !cancelled.current;
        });
        if (file !== undefined) {
          const lost =
            file.lost === 0
              ? ''
              : ` ${formatQuantity(file.lost, 'message')} made room for newer ones before.`;
          saveFile(`messages-${fileTime(new Date())}.${format}`, file.blob, type);
          notify({ level: 'ok', message: `Exported ${formatQuantity(file.messages, 'message')}.${lost}` });
        }
      } finally {
        setProgress(undefined);
      }
    });
  if (progress !== undefined) {
    return (
      <>
        <span role="status" aria-label="Export" style={{ fontSize: 'var(--text-xs)', whiteSpace: 'nowrap' }}>
          {formatCount(progress.messages)} exported, {Math.floor(progress.share * 100)} %
        </span>
        <IconButton
          icon={X}
          label="Cancel the export"
          onClick={() => {
            cancelled.current = true;
          }}
        />
      </>
    );
  }
  return (
    <Menu position="bottom-end" width="max-content">
      <Menu.Target>
        <IconButton icon={FileDown} label={label} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        {formats.map((format) => (
          <Menu.Item key={format.format} onClick={() => start(what(), format)}>
            {format.name}
          </Menu.Item>
        ))}
        {selected !== undefined && (
          <>
            <Menu.Divider />
            <Menu.Label>Export the chosen message</Menu.Label>
            {formats.map((format) => (
              <Menu.Item key={format.format} onClick={() => start({ sequences: [selected] }, format)}>
                {`Chosen message as ${format.name}`}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Reads an export to its end; `onPart` says whether to go on. */
async function readExport(
  sessionId: string,
  what: What,
  format: ExportFormat,
  type: string,
  onPart: (messages: number, share: number) => boolean,
): Promise<{ readonly blob: Blob; readonly messages: number; readonly lost: number } | undefined> {
  const client = engineClient();
  const { exportId } = await client.readers('export.open', { sessionId, what, format });
  const blobs: Blob[] = [];
  let held: BlobPart[] = [];
  let size = 0;
  for (;;) {
    const part = await client.readers('export.read', { exportId });
    if (part.bytes.length > 0) {
      held.push(part.bytes as BlobPart);
      size += part.bytes.length;
    }
    if (size > HAND_OVER || part.isDone) {
      blobs.push(new Blob(held));
      held = [];
      size = 0;
    }
    if (part.isDone) {
      return { blob: new Blob(blobs, { type }), messages: part.messages, lost: part.lost };
    }
    if (!onPart(part.messages, part.progress)) {
      await client.readers('export.close', { exportId });
      return undefined;
    }
    if (part.bytes.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}

/** `2026-11-23-0412`, in local time, for a file name. */
function fileTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}`;
}
