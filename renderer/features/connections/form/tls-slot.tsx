import { Button } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { Download, FileUp, RefreshCw, X } from 'lucide-react';
import { useRef } from 'react';
import type { MaterialAdvice, StagedFile } from '#app/contract/operations/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { VaultFile } from '#app/profile/profile.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Disclosure } from './disclosure.tsx';
import form from './form.module.css';
import { TlsAdvice } from './tls-material-advice.tsx';
import css from './tls-slot.module.css';
import { ObjectFacts, ObjectSummary } from './tls-slot-facts.tsx';

interface TlsSlotProps {
  readonly label: string;
  readonly hint: string;
  readonly files: readonly VaultFile[];
  /** What the engine found in the files, by `ref`. */
  readonly known: ReadonlyMap<string, StagedFile>;
  readonly advice: readonly MaterialAdvice[];
  readonly error?: string | undefined;
  onFiles(files: readonly File[]): void;
  onReplace(file: VaultFile, files: readonly File[]): void;
  onExport(file: VaultFile): void;
  onRemove(ref: string): void;
}

/** One place for certificate files: takes what is dropped or picked, and shows what it holds. */
export function TlsSlot({ label, hint, files, known, advice, error, onFiles, ...actions }: TlsSlotProps) {
  return (
    <div className={css.slot}>
      <span className={css.label}>{label}</span>
      {files.map((file) => (
        <StoredFile
          key={file.ref}
          file={file}
          known={known.get(file.ref)}
          advice={advice.filter(({ ref }) => ref === file.ref)}
          {...actions}
        />
      ))}
      <Dropzone
        onDrop={onFiles}
        className={css.drop}
        inputProps={{ 'aria-label': label }}
        aria-label={`${label}: drop a file here, or press Enter to choose one`}
        useFsAccessApi={false}
      >
        <FileUp size={14} strokeWidth={1.75} aria-hidden />
        <span>{hint}</span>
      </Dropzone>
      {error !== undefined && <p className={form.error}>{error}</p>}
    </div>
  );
}

/** Objects of a file that get a line each; of a bundle only their number is told. */
const MAX_SUMMARIES = 5;

interface StoredFileProps extends Pick<TlsSlotProps, 'advice' | 'onReplace' | 'onExport' | 'onRemove'> {
  readonly file: VaultFile;
  readonly known: StagedFile | undefined;
}

/** A file in the vault: what is in it, what is wrong with it, and what can be done with it. */
function StoredFile({ file, known, advice, onReplace, onExport, onRemove }: StoredFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const name = visibleText(file.fileName);
  // What is unusable is said in the advice.
  const objects = known?.objects.filter(({ problem }) => problem === undefined) ?? [];
  const isFew = objects.length <= MAX_SUMMARIES;
  return (
    <fieldset aria-label={name} className={css.file}>
      <div className={css.head}>
        <span className={css.fileName}>{name}</span>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Replace ${name}`}
          leftSection={<RefreshCw size={12} strokeWidth={1.75} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          Replace
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={`Replacement of ${name}`}
          onChange={(event) => {
            onReplace(file, [...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        {objects.some(({ kind }) => kind === 'certificate') && (
          <IconButton icon={Download} label={`Export ${name}`} onClick={() => onExport(file)} />
        )}
        <IconButton icon={X} label={`Remove ${name}`} onClick={() => onRemove(file.ref)} />
      </div>
      {(isFew ? objects : []).map((object) => (
        <ObjectSummary
          key={object.fingerprint256 ?? `${object.kind}${object.publicKeyId ?? ''}`}
          object={object}
        />
      ))}
      {!isFew && <p className={css.summary}>{objects.length} certificates</p>}
      <TlsAdvice advice={advice} />
      {objects.length > 0 && (
        <Disclosure label="Details" isOpen={false}>
          {objects.map((object) => (
            <ObjectFacts
              key={object.fingerprint256 ?? `${object.kind}${object.publicKeyId ?? ''}`}
              object={object}
            />
          ))}
        </Disclosure>
      )}
    </fieldset>
  );
}
