import { type DragEvent, useState } from 'react';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import { MAX_SCHEMA_FILES, type PayloadSchema, schemasProblem } from '#app/profile/schemas.ts';
import { type PickedFile, schemasOfFiles } from './schema-files.ts';
import { keepSchema } from './use-schemas.ts';

/** What files that were chosen for a schema do to it: they are all that it has from now on, or come to those it has. */
export type FilesFor = { readonly schema: PayloadSchema; readonly way: 'replace' | 'add' };

interface AddSchemas {
  /** Why the last files could not be taken. */
  readonly failure: Failure | undefined;
  /** Takes files; without `to` they are new schemas, unless there is one of the very same files. */
  add(files: readonly PickedFile[], to?: FilesFor): void;
  /** The failure was read. */
  dismiss(): void;
  /** For what takes files that are dropped. */
  readonly drop: {
    readonly 'data-accept': true | undefined;
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent): void;
    onDrop(event: DragEvent): void;
  };
}

/** Adds schemas to a connection by the file picker and by drop. */
export function useAddSchemas(sessionId: string, schemas: readonly PayloadSchema[]): AddSchemas {
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isOver, setIsOver] = useState(false);
  const take = async (files: readonly PickedFile[], to?: FilesFor) => {
    if (files.length === 0) {
      return;
    }
    setFailure(undefined);
    try {
      const made = await schemasOfFiles(files);
      const wanted = to === undefined ? made.map((schema) => inPlace(schema, schemas)) : [changed(to, made)];
      const ids = new Set(wanted.map(({ id }) => id));
      const problem = schemasProblem([...schemas.filter(({ id }) => !ids.has(id)), ...wanted]);
      if (problem !== undefined) {
        throw fail('schemas.size', problem, 'Leave out files that are not needed, or remove a schema.');
      }
      for (const schema of wanted) {
        await keepSchema(sessionId, schema);
      }
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  return {
    failure,
    add: (files, to) => void take(files, to),
    dismiss: () => setFailure(undefined),
    drop: {
      'data-accept': isOver || undefined,
      onDragOver(event) {
        if (event.dataTransfer.types.includes('Files')) {
          event.preventDefault();
          setIsOver(true);
        }
      },
      onDragLeave(event) {
        const into = event.relatedTarget;
        if (!(into instanceof Node) || !event.currentTarget.contains(into)) {
          setIsOver(false);
        }
      },
      onDrop(event) {
        setIsOver(false);
        if (event.dataTransfer.types.includes('Files')) {
          event.preventDefault();
          void take([...event.dataTransfer.files]);
        }
      },
    },
  };
}

/** Files that are there already by their names, dropped once more, are a newer version of them. */
function inPlace(schema: PayloadSchema, schemas: readonly PayloadSchema[]): PayloadSchema {
  const same = schemas.find(
    ({ kind, files }) =>
      kind === schema.kind &&
      files.length === schema.files.length &&
      files.every(({ path }) => schema.files.some((file) => file.path === path)),
  );
  return same === undefined ? schema : { ...schema, id: same.id, name: same.name };
}

function changed({ schema, way }: FilesFor, made: readonly PayloadSchema[]): PayloadSchema {
  const coming = made.flatMap(({ files }) => files);
  if (made.some(({ kind }) => kind !== schema.kind)) {
    throw fail(
      'schemas.file',
      `These files are not of the kind of “${schema.name}”.`,
      'Add them as a schema of their own.',
    );
  }
  const kept = way === 'replace' ? [] : schema.files;
  const files = [...kept.filter(({ path }) => !coming.some((file) => file.path === path)), ...coming];
  if (files.length > MAX_SCHEMA_FILES) {
    throw fail(
      'schemas.size',
      `A schema may have ${MAX_SCHEMA_FILES} files.`,
      'Leave out what is not needed.',
    );
  }
  return { ...schema, files };
}
