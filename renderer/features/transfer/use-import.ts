import { useEffect, useMemo, useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { ImportPreview, ImportSource } from '#app/contract/operations/transfer.ts';
import { engineClient } from '#renderer/client/engine.ts';

/** Milliseconds without a keystroke after which a command line is read. */
const PAUSE = 250;

interface PickedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Import {
  readonly files: readonly PickedFile[];
  readonly commandLine: string;
  /** Undefined while there is nothing to read, or it was not read yet. */
  readonly preview: ImportPreview | undefined;
  readonly failure: Failure | undefined;
  readonly source: ImportSource;
  add(files: readonly File[]): Promise<void>;
  remove(index: number): void;
  setCommandLine(text: string): void;
  setPassphrase(passphrase: string): void;
}

/** What was dropped and pasted, and what the engine says of it. */
export function useImport(): Import {
  const [files, setFiles] = useState<readonly PickedFile[]>([]);
  const [commandLine, setCommandLine] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [preview, setPreview] = useState<ImportPreview | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const serial = useRef(0);
  const source = useMemo<ImportSource>(
    () => ({
      files: [...files],
      ...(commandLine.trim() === '' ? {} : { commandLine }),
      ...(passphrase === '' ? {} : { passphrase }),
    }),
    [files, commandLine, passphrase],
  );

  useEffect(() => {
    serial.current += 1;
    const mine = serial.current;
    if (source.files.length === 0 && source.commandLine === undefined) {
      setPreview(undefined);
      setFailure(undefined);
      return;
    }
    const timer = setTimeout(() => {
      engineClient()
        .main('transfer.preview', source)
        .then(
          (answer) => {
            // An older question may be answered after a newer one.
            if (mine === serial.current) {
              setPreview(answer);
              setFailure(undefined);
            }
          },
          (error: unknown) => {
            if (mine === serial.current) {
              setPreview(undefined);
              setFailure(toFailure(error));
            }
          },
        );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [source]);

  return {
    files,
    commandLine,
    preview,
    failure,
    source,
    async add(picked) {
      const read = await Promise.all(
        picked.map(async (file) => ({
          name: file.name.slice(0, 255),
          bytes: new Uint8Array(await file.arrayBuffer()),
        })),
      );
      setFiles((before) => {
        const names = new Set(read.map(({ name }) => name));
        // A file that is dropped again takes the place of the first one.
        return [...before.filter(({ name }) => !names.has(name)), ...read].slice(0, 100);
      });
    },
    remove: (index) => setFiles((before) => before.toSpliced(index, 1)),
    setCommandLine,
    setPassphrase,
  };
}
