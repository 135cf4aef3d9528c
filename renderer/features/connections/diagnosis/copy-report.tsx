import { Button } from '@mantine/core';
import { ClipboardCopy } from 'lucide-react';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyText } from '#renderer/ui/clipboard.ts';

/** Puts a report, which holds no secrets, on the clipboard. */
export function CopyReport({ text }: { readonly text: string }) {
  return (
    <Button
      variant="default"
      leftSection={<ClipboardCopy size={14} strokeWidth={1.75} aria-hidden />}
      onClick={() =>
        attempt(async () => {
          await copyText(text);
          notify({
            id: 'report-copied',
            level: 'info',
            message: 'The report is copied. It holds no secrets.',
          });
        })
      }
    >
      Copy report
    </Button>
  );
}
