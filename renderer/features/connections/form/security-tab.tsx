import { PasswordInput, Switch } from '@mantine/core';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { StagedFile, TlsMaterialReport } from '#app/contract/operations/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Tls } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { CertificateDrop } from './certificate-drop.tsx';
import { isEncrypted } from './draft.ts';
import { fieldOrder, type TabProps } from './fields.tsx';
import styles from './form.module.css';
import {
  chooseSlot,
  placeFile,
  removeFile,
  type TlsSlot as Slot,
  stageFiles,
  tlsSlots,
} from './tls-material.ts';
import { TlsOptions } from './tls-options.tsx';
import { TlsSlot } from './tls-slot.tsx';

/** Certificates and keys. Files are dropped on their slot, or anywhere on a wrong one: each finds its place. */
export function SecurityTab(props: TabProps) {
  const { draft, profile, change, changeSecret, problem } = props;
  const { tls } = profile;
  const { report, failure } = useReport(draft.isNew ? undefined : profile.id, tls, draft.passphrase);
  const [message, setMessage] = useState<string | undefined>(undefined);
  const [dropFailure, setDropFailure] = useState<Failure | undefined>(undefined);
  const known = useMemo(() => filesOf(report), [report]);

  const take = async (wanted: Slot, files: readonly File[]) => {
    setMessage(undefined);
    setDropFailure(undefined);
    try {
      let next = tls;
      const moved: string[] = [];
      for (const staged of await stageFiles(engineClient(), files)) {
        // Several at once are sorted by content alone: nobody means one place with them.
        const slot = chooseSlot(staged, files.length > 1 ? undefined : wanted);
        if (slot === undefined) {
          moved.push(
            `${staged.fileName}: ${staged.objects[0]?.problem ?? 'no certificate or key was found in it.'}`,
          );
          continue;
        }
        next = placeFile(next, slot, staged);
        if (slot !== wanted && files.length === 1) {
          moved.push(`${staged.fileName} was put in “${tlsSlots[slot]}”, where it belongs.`);
        }
      }
      change({ tls: next });
      setMessage(moved.length > 0 ? moved.join(' ') : undefined);
    } catch (error) {
      setDropFailure(toFailure(error));
    }
  };
  const slot = (name: Slot, hint: string) => ({
    label: tlsSlots[name],
    hint,
    known,
    error: problem(`tls.${name}`),
    onFiles: (files: readonly File[]) => void take(name, files),
    onRemove: (ref: string) => change({ tls: removeFile(tls, name, ref) }),
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
      <CertificateDrop {...props} />
      <TlsSlot
        {...slot(
          'ca',
          tls.ca.length === 0 ? 'Drop or choose; without one the public CAs are trusted' : 'Add another',
        )}
        files={tls.ca}
      />
      <TlsSlot
        {...slot('certificate', 'Drop or choose a certificate, if the broker asks for one')}
        files={tls.certificate === undefined ? [] : [tls.certificate]}
      />
      <TlsSlot
        {...slot('key', 'Drop or choose the private key of the client certificate')}
        files={tls.key === undefined ? [] : [tls.key]}
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
      {report !== undefined && <Verdict report={report} />}
      {(dropFailure ?? failure) !== undefined && (
        <FailureNote failure={(dropFailure ?? failure) as Failure} />
      )}
      <TlsOptions {...props} />
    </div>
  );
}

function Verdict({ report }: { readonly report: TlsMaterialReport }) {
  return (
    <>
      {report.match === 'match' && (
        <p className={styles.good} role="status">
          <CircleCheck size={16} strokeWidth={1.75} aria-hidden /> Key and certificate belong together.
        </p>
      )}
      {report.match === 'mismatch' && (
        <p className={styles.bad} role="alert">
          <CircleAlert size={16} strokeWidth={1.75} aria-hidden /> The key is not the one of this certificate.
          Drop the key that the certificate was made for.
        </p>
      )}
      {report.problems.map((text) => (
        <p key={text} className={styles.bad}>
          <CircleAlert size={16} strokeWidth={1.75} aria-hidden /> {text}
        </p>
      ))}
    </>
  );
}

/** Asks the engine to judge the material whenever it changes; half a second after the last key stroke. */
function useReport(
  profileId: string | undefined,
  tls: Tls,
  passphrase: string | null | undefined,
): { readonly report: TlsMaterialReport | undefined; readonly failure: Failure | undefined } {
  const [report, setReport] = useState<TlsMaterialReport | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const { ca, certificate, key } = tls;
  useEffect(() => {
    if (ca.length === 0 && certificate === undefined && key === undefined) {
      setReport(undefined);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(
      async () => {
        try {
          const answer = await engineClient().main('certificates.report', {
            profileId,
            ca,
            certificate,
            key,
            passphrase,
          });
          if (isCurrent) {
            setReport(answer);
            setFailure(undefined);
          }
        } catch (error) {
          if (isCurrent) {
            setFailure(toFailure(error));
          }
        }
      },
      passphrase === undefined ? 0 : 300,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [profileId, ca, certificate, key, passphrase]);
  return { report, failure };
}

function filesOf(report: TlsMaterialReport | undefined): ReadonlyMap<string, StagedFile> {
  const files = report === undefined ? [] : [...report.ca, report.certificate, report.key];
  return new Map(files.filter((file) => file !== undefined).map((file) => [file.ref, file]));
}
