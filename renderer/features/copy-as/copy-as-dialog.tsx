import { Button, Checkbox, Modal, NativeSelect } from '@mantine/core';
import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { programFile, programTargetNames, programTargets, shellNames, shells } from '#app/copy-as/program.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { type CopyAsRequest, closeCopyAs, useCopyAs } from '#renderer/state/copy-as.ts';
import { useKept } from '#renderer/state/kept.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { saveFile } from '#renderer/ui/save-file.ts';
import { isWindows } from '#renderer/ui/shortcut.ts';
import classes from './copy-as.module.css';
import { useProgram } from './use-program.ts';

const targetSchema = z.enum(programTargets);
const shellSchema = z.enum(shells);

/** A message or a connection as a program in a language that is chosen, to be copied or saved. */
export function CopyAsDialog() {
  const request = useCopyAs((state) => state.request);
  return request === undefined ? undefined : <CopyAs request={request} />;
}

function CopyAs({ request }: { readonly request: CopyAsRequest }) {
  const [target, setTarget] = useKept('copyAs.target', targetSchema, 'mosquitto');
  const [shell, setShell] = useKept('copyAs.shell', shellSchema, isWindows() ? 'powershell' : 'sh');
  const [withPassword, setWithPassword] = useState(false);
  const { program, failure, isChosen } = useProgram(request, { target, shell, withPassword });
  const { message } = request;
  return (
    <Modal
      opened
      onClose={closeCopyAs}
      size={760}
      title={
        message === undefined
          ? 'Copy the connection as'
          : `Copy the message to ${visibleText(message.topic)} as`
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <div className={classes.bar}>
          <NativeSelect
            aria-label="Language or tool"
            size="xs"
            data-autofocus
            value={target}
            data={programTargets.map((value) => ({ value, label: programTargetNames[value] }))}
            onChange={(event) => setTarget(targetSchema.parse(event.currentTarget.value))}
          />
          {target === 'mosquitto' && (
            <NativeSelect
              aria-label="Shell"
              size="xs"
              value={shell}
              data={shells.map((value) => ({ value, label: shellNames[value] }))}
              onChange={(event) => setShell(shellSchema.parse(event.currentTarget.value))}
            />
          )}
          <Checkbox
            size="xs"
            label="With the password"
            checked={withPassword}
            onChange={(event) => setWithPassword(event.currentTarget.checked)}
          />
        </div>
        {failure !== undefined && <FailureNote failure={failure} />}
        {program !== undefined && (
          <section className={classes.code} aria-label="Program" aria-busy={!isChosen}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys have to reach it */}
            <pre tabIndex={0}>{program.code}</pre>
          </section>
        )}
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            disabled={program === undefined || !isChosen}
            leftSection={<Download size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() =>
              program !== undefined && saveFile(program.fileName, programFile(program), 'text/plain')
            }
          >
            Save
          </Button>
          <Button
            size="xs"
            disabled={program === undefined || !isChosen}
            leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() =>
              attempt(async () => {
                await copyText(program?.code ?? '');
                notify({ id: 'copied', level: 'ok', message: `Copied as ${programTargetNames[target]}` });
                closeCopyAs();
              })
            }
          >
            Copy
          </Button>
        </div>
      </div>
    </Modal>
  );
}
