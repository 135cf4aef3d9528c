import { Button, PasswordInput } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import css from './certificate-drop.module.css';
import { CertificateDropList } from './certificate-drop-list.tsx';
import type { CertificateDropState } from './certificate-drop-state.ts';
import { filesOfDrop, filesOfInput } from './dropped-files.ts';
import { fieldOrder } from './fields.tsx';

/** The drop zone for anything, what was found in it, and the passphrase that it may need. */
export function CertificateDrop({ state }: { readonly state: CertificateDropState }) {
  const { drop, failure, isBusy } = state;
  const [isOver, setIsOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Not among the attributes that React knows.
    folder.current?.setAttribute('webkitdirectory', '');
  }, []);
  const onChoose = (event: ChangeEvent<HTMLInputElement>) => {
    state.take(filesOfInput(event.currentTarget.files ?? []));
    event.currentTarget.value = '';
  };
  const locked = drop?.sorted.needsPassphrase ?? [];

  return (
    <section aria-label="Drop certificates" className={css.section}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is by pointer only, the buttons do the same. */}
      <div
        className={css.zone}
        data-accept={isOver || undefined}
        data-testid="certificate-drop"
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={(event) => {
          const into = event.relatedTarget;
          if (!(into instanceof Node) || !event.currentTarget.contains(into)) {
            setIsOver(false);
          }
        }}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          state.take(filesOfDrop(event.dataTransfer));
        }}
      >
        <FileUp size={16} strokeWidth={1.75} aria-hidden />
        <span className={css.invitation}>
          {isBusy ? 'Reading the files…' : 'Drop certificates, keys, a PFX, a zip or a folder here'}
        </span>
        <Button size="compact-xs" variant="default" onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => folder.current?.click()}>
          Choose folder
        </Button>
        <input ref={files} type="file" multiple hidden aria-label="Files to sort" onChange={onChoose} />
        <input ref={folder} type="file" multiple hidden aria-label="Folder to sort" onChange={onChoose} />
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      {drop !== undefined && locked.length > 0 && (
        <DropPassphrase
          names={locked}
          isWrong={drop.passphrases.length > 0}
          isBusy={isBusy}
          onOpen={state.open}
        />
      )}
      {drop !== undefined && <CertificateDropList sorted={drop.sorted} onClose={state.close} />}
    </section>
  );
}

interface DropPassphraseProps {
  readonly names: readonly string[];
  readonly isWrong: boolean;
  readonly isBusy: boolean;
  onOpen(passphrase: string): void;
}

/** Beside it stands the stored passphrase of the key: the name says which one this is. */
function DropPassphrase({ names, isWrong, isBusy, onOpen }: DropPassphraseProps) {
  const [text, setText] = useState('');
  const [first = ''] = names;
  const of = names.length === 1 ? visibleText(first.replace(/^.*\//, '')) : `${names.length} files`;
  return (
    <div className={css.passphrase}>
      <PasswordInput
        label={`Passphrase of ${of}`}
        inputWrapperOrder={fieldOrder}
        size="xs"
        autoFocus
        autoComplete="off"
        description={
          names.length === 1
            ? 'It opens the file once and is not kept.'
            : `It opens the files once and is not kept: ${visibleText(names.join(', '))}`
        }
        error={isWrong ? 'This passphrase does not open it.' : false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onOpen(text);
          }
        }}
      />
      <Button
        size="xs"
        variant="default"
        loading={isBusy}
        disabled={text === ''}
        onClick={() => onOpen(text)}
      >
        Open
      </Button>
    </div>
  );
}
