import { ActionIcon, Tooltip } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { FileUp, X } from 'lucide-react';
import type { CertificateObject, StagedFile } from '#app/contract/operations/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { VaultFile } from '#app/profile/profile.ts';
import styles from './form.module.css';

interface TlsSlotProps {
  readonly label: string;
  readonly hint: string;
  readonly files: readonly VaultFile[];
  /** What the engine found in the files, by `ref`. */
  readonly known: ReadonlyMap<string, StagedFile>;
  readonly error?: string | undefined;
  onFiles(files: readonly File[]): void;
  onRemove(ref: string): void;
}

/** One place for certificate files: takes what is dropped or picked, and shows what it holds. */
export function TlsSlot({ label, hint, files, known, error, onFiles, onRemove }: TlsSlotProps) {
  return (
    <div className={styles.slot}>
      <span className={styles.slotLabel}>{label}</span>
      {files.map((file) => (
        <div key={file.ref} className={styles.file}>
          <div className={styles.fileName}>{visibleText(file.fileName)}</div>
          {(known.get(file.ref)?.objects ?? []).map((object) => (
            <ObjectLine
              key={object.fingerprint256 ?? `${object.kind}${object.publicKeyId ?? ''}`}
              object={object}
            />
          ))}
          <Tooltip label="Remove">
            <ActionIcon
              className={styles.fileRemove}
              variant="subtle"
              color="gray"
              size={22}
              aria-label={`Remove ${file.fileName}`}
              onClick={() => onRemove(file.ref)}
            >
              <X size={14} strokeWidth={1.75} />
            </ActionIcon>
          </Tooltip>
        </div>
      ))}
      <Dropzone
        onDrop={onFiles}
        className={styles.drop}
        maxSize={4 * 1024 * 1024}
        inputProps={{ 'aria-label': label }}
        aria-label={`${label}: drop a file here, or press Enter to choose one`}
        useFsAccessApi={false}
      >
        <FileUp size={14} strokeWidth={1.75} aria-hidden />
        <span>{hint}</span>
      </Dropzone>
      {error !== undefined && <p className={styles.error}>{error}</p>}
    </div>
  );
}

function ObjectLine({ object }: { readonly object: CertificateObject }) {
  if (object.problem !== undefined) {
    return <div className={styles.error}>{object.problem}</div>;
  }
  if (object.kind === 'private-key') {
    return (
      <div className={styles.objectLine}>
        Private key{object.keyType === undefined ? '' : `, ${object.keyType}`}
        {object.encrypted === true ? ', encrypted' : ''}
      </div>
    );
  }
  const expiry = object.validTo === undefined ? undefined : describeExpiry(object.validTo, Date.now());
  return (
    <dl className={styles.objectFacts}>
      <dt>Subject</dt>
      <dd>{visibleText(object.subject ?? '')}</dd>
      <dt>Issuer</dt>
      <dd>{visibleText(object.issuer ?? '')}</dd>
      <dt>Expires</dt>
      <dd className={expiry?.isOver === true ? styles.error : undefined}>{expiry?.text}</dd>
    </dl>
  );
}

const DAY = 86_400_000;

/** `2027-03-01, in 99 days` or `2024-03-01, expired 12 days ago`; `validTo` and `now` in ms since the epoch. */
export function describeExpiry(
  validTo: number,
  now: number,
): { readonly text: string; readonly isOver: boolean } {
  const date = new Date(validTo).toISOString().slice(0, 10);
  const days = Math.floor(Math.abs(validTo - now) / DAY);
  const span = days === 1 ? '1 day' : `${days} days`;
  return validTo < now
    ? { text: `${date}, expired ${days === 0 ? 'today' : `${span} ago`}`, isOver: true }
    : { text: `${date}, ${days === 0 ? 'today' : `in ${span}`}`, isOver: false };
}
