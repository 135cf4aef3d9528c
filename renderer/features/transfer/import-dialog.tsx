import { Button, Modal, Textarea } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { formatBytes, formatCount, formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { type ImportResult, MAX_IMPORT_FILE } from '#app/contract/operations/transfer.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { selectProfile } from '#renderer/state/home.ts';
import { activateTab } from '#renderer/state/workspace.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { chosenItems, type ImportChoices } from './import-choices.ts';
import { ImportFiles } from './import-files.tsx';
import { ImportTable } from './import-table.tsx';
import classes from './transfer.module.css';
import { useImport } from './use-import.ts';

/** Takes files of other tools, exports and command lines, shows what would come of them, and imports what is chosen. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const source = useImport();
  const [choices, setChoices] = useState<ImportChoices>(new Map());
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const { preview } = source;
  const chosen = preview === undefined ? [] : chosenItems(preview, choices);
  const shown = failure ?? source.failure;

  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const result = await engineClient().main('transfer.import', { ...source.source, choices: chosen });
      tell(result);
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title="Import connections"
      size={860}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <div className={classes.sources}>
          <Dropzone
            classNames={{ root: classes.drop ?? '', inner: classes.dropInner ?? '' }}
            onDrop={(files) => attempt(() => source.add(files))}
            onReject={(rejections) => setFailure(tooLarge(rejections.map(({ file }) => file.name)))}
            maxSize={MAX_IMPORT_FILE}
            inputProps={{ 'aria-label': 'Files to import' }}
            aria-label="Files to import: drop them here, or press Enter to choose"
            useFsAccessApi={false}
          >
            <FileUp size={18} strokeWidth={1.75} aria-hidden />
            <span className={classes.dropText}>
              Drop files, or choose them
              <span className={classes.quiet}>
                Exports of Topicscope and MQTTX, settings.json of MQTT Explorer, mqttfx-config.xml,
                mqtt-spy-configuration.xml; the certificates that they name along with them
              </span>
            </span>
          </Dropzone>
          <Textarea
            label="Command line"
            placeholder="mosquitto_sub -h broker.example -t 'plant/#' -u ada -P …"
            classNames={{ input: classes.command ?? '' }}
            spellCheck={false}
            autoComplete="off"
            minRows={3}
            maxRows={6}
            autosize
            value={source.commandLine}
            onChange={(event) => source.setCommandLine(event.currentTarget.value)}
          />
        </div>
        {preview !== undefined && (
          <ImportFiles
            files={preview.files}
            removable={source.files.length}
            onRemove={(index) => {
              setChoices(new Map());
              source.remove(index);
            }}
            onPassphrase={source.setPassphrase}
          />
        )}
        {preview !== undefined && preview.items.length > 0 && (
          <ImportTable items={preview.items} choices={choices} onChoices={setChoices} />
        )}
        {shown !== undefined && <FailureNote failure={shown} />}
        <footer className={classes.actions} data-sticky>
          {preview !== undefined && preview.items.length > 0 && (
            <span className={classes.count} role="status">
              {formatCount(chosen.length)} of {formatQuantity(preview.items.length, 'connection')} chosen
            </span>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isBusy} disabled={chosen.length === 0} onClick={() => attempt(run)}>
            Import
          </Button>
        </footer>
      </div>
    </Modal>
  );
}

/** Says what came, and offers the way back. */
function tell({ importId, profiles, replaced }: ImportResult): void {
  activateTab('home');
  selectProfile(profiles[0]?.profileId);
  const of = replaced === 0 ? '' : `, ${formatCount(replaced)} of them in place of others`;
  notify({
    id: `imported-${importId}`,
    level: 'ok',
    message: `Imported ${formatQuantity(profiles.length, 'connection')}${of}.`,
    action: {
      label: 'Undo',
      run: () => attempt(() => engineClient().main('transfer.undo', { importId })),
    },
  });
}

function tooLarge(names: readonly string[]): Failure {
  return {
    code: 'transfer.size',
    message: `${names.join(', ')}: a file may have ${formatBytes(MAX_IMPORT_FILE)}.`,
    hint: 'In MQTTX, export connections without their messages, or one at a time.',
  };
}
