import { TextInput } from '@mantine/core';
import { CircleAlert, FilePlus2, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { describedWords, schemaWords, typeNames, typesOf } from './schema-facts.ts';
import classes from './schemas.module.css';
import type { FilesFor } from './use-add-schemas.ts';

interface SchemaRowProps {
  readonly schema: PayloadSchema;
  /** Rules that read by it. */
  readonly uses: number;
  readonly onRename: (name: string) => void;
  readonly onFiles: (way: FilesFor['way']) => void;
  readonly onRemove: () => void;
}

/** One schema: what it is called, what it describes or why it can't be used, and what can be done with it. */
export function SchemaRow({ schema, uses, onRename, onFiles, onRemove }: SchemaRowProps) {
  const [name, setName] = useState<string | undefined>(undefined);
  const { types, failure } = typesOf(schema);
  const shown = visibleText(schema.name);
  const files = schema.files.map(({ path }) => visibleText(path)).join('\n');
  const rename = () => {
    const trimmed = name?.trim() ?? '';
    if (trimmed !== '' && trimmed !== schema.name) {
      onRename(trimmed);
    }
    setName(undefined);
  };
  return (
    <li className={classes.row} aria-label={shown}>
      <div className={classes.line}>
        {name === undefined ? (
          <span className={classes.name} title={files}>
            {shown}
          </span>
        ) : (
          <TextInput
            aria-label="Name of the schema"
            size="xs"
            autoFocus
            maxLength={200}
            value={name}
            className={classes.rename}
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={rename}
            onKeyDown={(event) => {
              if (event.key === 'Enter') {
                event.preventDefault();
                rename();
              } else if (event.key === 'Escape') {
                event.stopPropagation();
                setName(undefined);
              }
            }}
          />
        )}
        <span className={classes.facts} title={files}>
          {schemaWords(schema)}
        </span>
        {types !== undefined && (
          <span className={classes.types} title={typeNames(types)}>
            {describedWords(types, uses)}
          </span>
        )}
        <span className={classes.actions}>
          <IconButton
            compact
            icon={FilePlus2}
            label={`Add files to the schema ${shown}`}
            onClick={() => onFiles('add')}
          />
          <IconButton
            compact
            icon={RefreshCw}
            label={`Replace the files of the schema ${shown}`}
            onClick={() => onFiles('replace')}
          />
          <IconButton
            compact
            icon={Pencil}
            label={`Rename the schema ${shown}`}
            onClick={() => setName(schema.name)}
          />
          <IconButton compact icon={Trash2} label={`Remove the schema ${shown}`} onClick={onRemove} />
        </span>
      </div>
      {failure !== undefined && (
        <p className={classes.problem}>
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          <span>
            {visibleText(failure.message)} {visibleText(failure.hint ?? '')}
          </span>
        </p>
      )}
    </li>
  );
}
