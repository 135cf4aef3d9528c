import { PasswordInput, Switch } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { StagedFile, TlsMaterialReport } from '#app/contract/operations/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { VaultFile } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { saveFile } from '#renderer/ui/save-file.ts';
import { CertificateDrop } from './certificate-drop.tsx';
import { useCertificateDrop } from './certificate-drop-state.ts';
import { isEncrypted } from './draft.ts';
import { filesOfInput, readDropped } from './dropped-files.ts';
import { fieldOrder, type TabProps } from './fields.tsx';
import styles from './form.module.css';
import {
  chooseSlot,
  isMixed,
  placeFile,
  removeFile,
  replaceFile,
  type TlsSlot as Slot,
  tlsSlots,
} from './tls-material.ts';
import { useTlsReport } from './tls-material-report.ts';
import { TlsOptions } from './tls-options.tsx';
import { TlsSlot } from './tls-slot.tsx';

/** Largest file that a slot takes as it is; beyond it is no certificate. */
const MAX_SLOT_BYTES = 4 * 1024 * 1024;

/** Certificates and keys. Files are dropped on their slot, all at once, or on a wrong one: each finds its place. */
export function SecurityTab(props: TabProps) {
  const { draft, profile, change, changeSecret, waitFor, problem } = props;
  const { tls } = profile;
  const { report, failure } = useTlsReport(draft.isNew ? undefined : profile.id, profile, draft.passphrase);
  const drop = useCertificateDrop(props);
  const [message, setMessage] = useState<string | undefined>(undefined);
  const [slotFailure, setSlotFailure] = useState<Failure | undefined>(undefined);
  const known = useMemo(() => filesOf(report), [report]);
  const isLocked = drop.drop !== undefined && drop.drop.sorted.needsPassphrase.length > 0;
  // The key that is missing may well be the one that waits for its passphrase.
  const advice = (report?.advice ?? []).filter(({ id }) => !(isLocked && id === 'no-key'));

  const attempt = async (action: () => Promise<string | undefined>) => {
    setMessage(undefined);
    setSlotFailure(undefined);
    try {
      setMessage(await action());
    } catch (error) {
      setSlotFailure(toFailure(error));
    }
  };
  /** What one place can't take as it is goes the way of a drop, which sorts it and says what is in it. */
  const take = (wanted: Slot, files: readonly File[], replaced?: VaultFile) =>
    attempt(async () => {
      const [only, ...others] = filesOfInput(files);
      if (only === undefined) {
        return undefined;
      }
      if (others.length > 0 || only.file.size > MAX_SLOT_BYTES) {
        drop.take([only, ...others]);
        return undefined;
      }
      const [content = { fileName: only.name, bytes: new Uint8Array() }] = await readDropped([only]);
      const staged = await engineClient().main('certificates.stage', content);
      if (isMixed(staged) || chooseSlot(staged, wanted) !== wanted) {
        drop.take([only]);
        return undefined;
      }
      change((newest) => ({
        tls:
          replaced === undefined
            ? placeFile(newest.tls, wanted, staged)
            : replaceFile(newest.tls, wanted, replaced.ref, staged),
      }));
      return replaced === undefined
        ? undefined
        : `“${staged.fileName}” takes the place of “${replaced.fileName}” once the connection is saved.`;
    });
  const exportFile = (file: VaultFile) =>
    attempt(async () => {
      const { ref, fileName } = file;
      const exported = await engineClient().main('certificates.export', { files: [{ ref, fileName }] });
      saveFile(exported.fileName, exported.pem, 'application/x-pem-file');
      notify({ id: 'saved', level: 'ok', message: `Saved the certificates as ${exported.fileName}` });
      return undefined;
    });
  const slot = (name: Slot, files: readonly VaultFile[], hint: string) => ({
    label: tlsSlots[name],
    hint,
    files,
    known,
    advice: advice.filter(({ place }) => place === name),
    error: problem(`tls.${name}`),
    onFiles: (dropped: readonly File[]) => waitFor(take(name, dropped)),
    onReplace: (file: VaultFile, chosen: readonly File[]) => waitFor(take(name, chosen, file)),
    onExport: (file: VaultFile) => void exportFile(file),
    onRemove: (ref: string) => change((newest) => ({ tls: removeFile(newest.tls, name, ref) })),
  });

  return (
    <div className={styles.tab}>
      {!isEncrypted(profile.protocol) && (
        <p className={styles.note} role="note">
          {profile.protocol} is not encrypted: what is set here is used with mqtts and wss only.
        </p>
      )}
      <Switch
        label="Verify server certificate"
        size="xs"
        checked={tls.verify}
        onChange={(event) => change({ tls: { ...tls, verify: event.currentTarget.checked } })}
      />
      {!tls.verify && (
        <p className={styles.warning} role="note">
          Anyone on the way can pretend to be the broker and read what is sent. Dropping the broker’s CA
          certificate below, or trusting its own certificate after “Test connection”, is the safe way.
        </p>
      )}
      <CertificateDrop state={drop} />
      <TlsSlot
        {...slot(
          'ca',
          tls.ca,
          tls.ca.length === 0 ? 'Drop or choose; without one the public CAs are trusted' : 'Add another',
        )}
      />
      <TlsSlot
        {...slot(
          'certificate',
          tls.certificate === undefined ? [] : [tls.certificate],
          tls.certificate === undefined
            ? 'Drop or choose a certificate, if the broker asks for one'
            : 'Drop a new one to replace it',
        )}
      />
      <TlsSlot
        {...slot(
          'key',
          tls.key === undefined ? [] : [tls.key],
          tls.key === undefined
            ? 'Drop or choose the private key of the client certificate'
            : 'Drop a new one to replace it',
        )}
      />
      {tls.key !== undefined && (
        <PasswordInput
          label="Passphrase"
          inputWrapperOrder={fieldOrder}
          size="xs"
          autoComplete="new-password"
          description="Only if the key is encrypted."
          placeholder={
            tls.passphraseRef !== undefined && draft.passphrase === undefined ? 'Kept in the vault' : ''
          }
          value={draft.passphrase ?? ''}
          onChange={(event) =>
            changeSecret('passphrase', event.currentTarget.value === '' ? null : event.currentTarget.value)
          }
        />
      )}
      {message !== undefined && (
        <p className={styles.note} role="status">
          {visibleText(message)}
        </p>
      )}
      {report?.match === 'match' && (
        <p className={styles.good} role="status">
          <CircleCheck size={16} strokeWidth={1.75} aria-hidden /> Key and certificate belong together.
        </p>
      )}
      {(slotFailure ?? failure) !== undefined && (
        <FailureNote failure={(slotFailure ?? failure) as Failure} />
      )}
      <TlsOptions {...props} />
    </div>
  );
}

function filesOf(report: TlsMaterialReport | undefined): ReadonlyMap<string, StagedFile> {
  const files = report === undefined ? [] : [...report.ca, report.certificate, report.key];
  return new Map(files.filter((file) => file !== undefined).map((file) => [file.ref, file]));
}
