import { Button, PasswordInput } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SortedDrop, SortedKind, SortedObject } from '#app/contract/operations/certificates.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { checkDropped, filesOfDrop } from './dropped-files.ts';
import type { TabProps } from './fields.tsx';
import styles from './form.module.css';
import { placeDrop, tlsSlots, withoutPlaced } from './tls-material.ts';
import { describeExpiry } from './tls-slot.tsx';

interface Drop {
  readonly files: readonly { readonly fileName: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly passphrases: readonly string[];
  readonly sorted: SortedDrop;
}

const kindNames: Readonly<Record<SortedKind, string>> = {
  root: 'Root CA',
  intermediate: 'Intermediate CA',
  leaf: 'Certificate',
  'private-key': 'Private key',
  'public-key': 'Public key',
  'certificate-request': 'Certificate request',
  keystore: 'Key store',
  unknown: 'Not recognised',
};

/** Takes any files at once; the engine says what they are, and each goes to its place in the draft. */
export function CertificateDrop({ draft, profile, change }: TabProps) {
  const [drop, setDrop] = useState<Drop | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isOver, setIsOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // Only the newest drop may change the form.
  const turn = useRef(0);

  const sort = async (load: () => Promise<Pick<Drop, 'files' | 'passphrases'>>, before?: SortedDrop) => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const asked = await load();
      const { ca, certificate, key } = withoutPlaced(profile.tls, before);
      const sorted = await engineClient().main('certificates.sort', {
        profileId: draft.isNew ? undefined : profile.id,
        host: profile.host,
        files: [...asked.files],
        passphrases: [...asked.passphrases],
        present: { ca, certificate, key },
      });
      if (mine === turn.current) {
        change(({ tls }) => ({ tls: placeDrop(withoutPlaced(tls, before), sorted) }));
        setDrop({ ...asked, sorted });
        setFailure(undefined);
      }
    } catch (error) {
      if (mine === turn.current) {
        setFailure(toFailure(error));
      }
    }
  };
  const take = (files: Promise<readonly File[]>) =>
    void sort(async () => ({
      files: await Promise.all(
        checkDropped(await files).map(async (file) => ({
          fileName: file.name,
          bytes: new Uint8Array(await file.arrayBuffer()),
        })),
      ),
      passphrases: [],
    }));

  return (
    <section aria-label="Drop certificates" className={styles.slot}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is by pointer only, the button does the same. */}
      <div
        className={styles.dropAll}
        data-accept={isOver || undefined}
        data-testid="certificate-drop"
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          take(filesOfDrop(event.dataTransfer));
        }}
      >
        <FileUp size={16} strokeWidth={1.75} aria-hidden />
        <span>Drop certificates, keys, a PFX or a zip here</span>
        <Button size="compact-xs" variant="default" onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Certificates, keys, PFX or zip"
          onChange={(event) => {
            take(Promise.resolve([...(event.currentTarget.files ?? [])]));
            event.currentTarget.value = '';
          }}
        />
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      {drop !== undefined && drop.sorted.needsPassphrase.length > 0 && (
        <PassphraseField
          names={drop.sorted.needsPassphrase}
          isSecondTry={drop.passphrases.length > 0}
          onOpen={(passphrase) =>
            void sort(
              async () => ({
                files: drop.files,
                passphrases: [passphrase, ...drop.passphrases].slice(0, 10),
              }),
              drop.sorted,
            )
          }
        />
      )}
      {drop !== undefined && <Sorted sorted={drop.sorted} />}
    </section>
  );
}

interface PassphraseFieldProps {
  readonly names: readonly string[];
  readonly isSecondTry: boolean;
  onOpen(passphrase: string): void;
}

function PassphraseField({ names, isSecondTry, onOpen }: PassphraseFieldProps) {
  const [text, setText] = useState('');
  return (
    <PasswordInput
      label="Passphrase"
      size="xs"
      autoFocus
      autoComplete="off"
      description={`Locked: ${visibleText(names.join(', '))}. Enter opens it.`}
      error={isSecondTry ? 'This passphrase does not open it.' : false}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          onOpen(text);
        }
      }}
    />
  );
}

function Sorted({ sorted }: { readonly sorted: SortedDrop }) {
  return (
    <div role="status" className={styles.slot}>
      <ul aria-label="Found in the files" className={styles.found}>
        {sorted.objects.map((object, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is never reordered, and objects may be alike.
          <Found key={index} object={object} />
        ))}
      </ul>
      {sorted.advice.map(({ severity, message }) => (
        <p
          key={message}
          className={
            severity === 'error' ? styles.bad : severity === 'warning' ? styles.warning : styles.note
          }
        >
          {visibleText(message)}
        </p>
      ))}
    </div>
  );
}

function Found({ object }: { readonly object: SortedObject }) {
  const expiry = object.validTo === undefined ? undefined : describeExpiry(object.validTo, Date.now());
  const facts = [object.subject ?? object.keyType, object.fileName].filter((fact) => fact !== undefined);
  return (
    <li>
      <b>{kindNames[object.kind]}</b> {visibleText(facts.join(' · '))}
      {expiry !== undefined && <span className={expiry.isOver ? styles.error : ''}> · {expiry.text}</span>}
      {object.place !== undefined && ` → ${tlsSlots[object.place]}`}
      {object.problem !== undefined && <div className={styles.error}>{visibleText(object.problem)}</div>}
    </li>
  );
}
