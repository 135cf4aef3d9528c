import { Button, Checkbox, Modal, PasswordInput, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { MIN_PASSPHRASE } from '#app/contract/operations/transfer.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { endpointText } from '#renderer/state/connection-words.ts';
import { useProfiles } from '#renderer/state/engine-data.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { saveFile } from '#renderer/ui/save-file.ts';
import classes from './transfer.module.css';

interface ExportDialogProps {
  /** Undefined: all. */
  readonly chosenAtFirst: readonly string[] | undefined;
  onClose(): void;
}

/** Chooses connections and saves them as one file: without secrets, or with all of them under a passphrase. */
export function ExportDialog({ chosenAtFirst, onClose }: ExportDialogProps) {
  const profiles = useProfiles();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(chosenAtFirst ?? profiles.map(({ id }) => id)),
  );
  const [isSealed, setSealed] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const ids = profiles.map(({ id }) => id).filter((id) => chosen.has(id));
  const isTooShort = isSealed && passphrase.length < MIN_PASSPHRASE;
  const isDifferent = isSealed && passphrase !== repeated;

  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const result = await engineClient().main('transfer.export', {
        profileIds: ids,
        ...(isSealed ? { passphrase } : {}),
      });
      saveFile(result.fileName, result.bytes, 'application/json');
      notify({
        id: 'exported',
        level: 'ok',
        message: `Exported ${formatQuantity(ids.length, 'connection')} as ${result.fileName}`,
        detail: result.notes.length === 0 ? undefined : result.notes.join('\n'),
      });
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (ids.length > 0 && !isTooShort && !isDifferent && !isBusy) {
      attempt(run);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title="Export connections"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.dialog} onSubmit={onSubmit}>
        <fieldset className={classes.profiles}>
          <legend className={classes.legend}>
            <Checkbox
              label={`${formatCount(ids.length)} of ${formatQuantity(profiles.length, 'connection')}`}
              aria-label="All connections"
              checked={ids.length === profiles.length}
              indeterminate={ids.length > 0 && ids.length < profiles.length}
              onChange={(event) =>
                setChosen(new Set(event.currentTarget.checked ? profiles.map(({ id }) => id) : []))
              }
            />
          </legend>
          <div className={classes.choices}>
            {profiles.map((profile) => (
              <Checkbox
                key={profile.id}
                aria-label={profile.name}
                label={
                  <span className={classes.choice}>
                    <span className="truncate">{visibleText(profile.name)}</span>
                    <span className={classes.endpoint}>{visibleText(endpointText(profile))}</span>
                  </span>
                }
                classNames={{ body: classes.choiceBody ?? '', labelWrapper: classes.choiceLabel ?? '' }}
                checked={chosen.has(profile.id)}
                onChange={(event) => setChosen(withChoice(chosen, profile.id, event.currentTarget.checked))}
              />
            ))}
          </div>
        </fieldset>
        <Radio.Group
          label="Passwords and keys"
          value={isSealed ? 'sealed' : 'out'}
          onChange={(value) => setSealed(value === 'sealed')}
        >
          <div className={classes.options}>
            <Radio
              value="out"
              label="Leave out"
              description="Passwords, private keys and other secrets stay here. Certificates go along."
            />
            <Radio
              value="sealed"
              label="Seal under a passphrase"
              description="All of it, encrypted (scrypt, AES-256-GCM). Whoever has the file and the passphrase can sign in."
            />
          </div>
        </Radio.Group>
        {isSealed && (
          <div className={classes.passphrases}>
            <PasswordInput
              label="Passphrase"
              autoComplete="new-password"
              value={passphrase}
              error={
                passphrase !== '' && isTooShort
                  ? `At least ${MIN_PASSPHRASE} characters, better more.`
                  : undefined
              }
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <PasswordInput
              label="Repeat passphrase"
              autoComplete="new-password"
              value={repeated}
              error={repeated !== '' && isDifferent ? 'The two are not the same.' : undefined}
              onChange={(event) => setRepeated(event.currentTarget.value)}
            />
          </div>
        )}
        {failure !== undefined && <FailureNote failure={failure} />}
        <footer className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={ids.length === 0 || isTooShort || isDifferent}>
            Export
          </Button>
        </footer>
      </form>
    </Modal>
  );
}

function withChoice(chosen: ReadonlySet<string>, id: string, isChosen: boolean): ReadonlySet<string> {
  const next = new Set(chosen);
  if (isChosen) {
    next.add(id);
  } else {
    next.delete(id);
  }
  return next;
}
