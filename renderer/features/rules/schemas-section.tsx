import { Button } from '@mantine/core';
import { FilePlus2, Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Rule } from '#app/profile/rules.ts';
import { MAX_SCHEMAS, type PayloadSchema } from '#app/profile/schemas.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { showView } from '#renderer/state/views.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Count } from '#renderer/ui/numbers.tsx';
import { RemoveSchemaDialog } from './remove-schema-dialog.tsx';
import { usesOf } from './schema-facts.ts';
import { SCHEMA_FILES } from './schema-files.ts';
import { SchemaRow } from './schema-row.tsx';
import classes from './schemas.module.css';
import type { FilesFor, useAddSchemas } from './use-add-schemas.ts';
import { keepSchema, removeSchema } from './use-schemas.ts';

interface SchemasSectionProps {
  readonly sessionId: string;
  readonly schemas: readonly PayloadSchema[];
  readonly rules: readonly Rule[];
  readonly added: ReturnType<typeof useAddSchemas>;
}

/** The schemas that rules may read payloads by. */
export function SchemasSection({ sessionId, schemas, rules, added }: SchemasSectionProps) {
  const input = useRef<HTMLInputElement>(null);
  const filesFor = useRef<FilesFor | undefined>(undefined);
  const [leaving, setLeaving] = useState<PayloadSchema | undefined>(undefined);
  const pick = (to?: FilesFor) => {
    filesFor.current = to;
    input.current?.click();
  };
  const isFull = schemas.length >= MAX_SCHEMAS;
  useCommand({
    id: 'rules.addSchema',
    label: 'Add a schema…',
    group: 'Rules',
    keywords: ['protobuf', 'proto', 'descriptor', 'avro', 'avsc', 'message type'],
    enabled: () => !isFull,
    run: () => {
      showView(sessionId, 'Rules');
      pick();
    },
  });
  const remove = (schema: PayloadSchema) =>
    attempt(async () => {
      setLeaving(undefined);
      await removeSchema(sessionId, schema.id);
      notify({
        level: 'info',
        message: `Removed the schema “${visibleText(schema.name)}”`,
        action: { label: 'Undo', run: () => attempt(() => keepSchema(sessionId, schema)) },
      });
    });
  return (
    <section className={classes.section} aria-label="Schemas">
      <header className={classes.header}>
        <h3 className={classes.title}>Schemas</h3>
        <Count value={schemas.length} className={classes.count} />
        <Button
          size="compact-xs"
          variant="default"
          disabled={isFull}
          leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => pick()}
        >
          Add schema…
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={SCHEMA_FILES}
          aria-label="Schema files"
          onChange={(event) => {
            added.add([...(event.currentTarget.files ?? [])], filesFor.current);
            event.currentTarget.value = '';
          }}
        />
      </header>
      {added.failure !== undefined && (
        <FailureNote
          failure={added.failure}
          actions={<IconButton icon={X} label="Close" onClick={added.dismiss} />}
        />
      )}
      {schemas.length === 0 ? (
        <p className={classes.nothing}>
          <FilePlus2 size={16} strokeWidth={1.75} aria-hidden />
          <span>
            Protobuf and Avro are read by a schema. Drop .proto files (those that import each other together),
            a compiled set of descriptors or an .avsc file here; then choose it in a rule.
          </span>
        </p>
      ) : (
        <ul className={classes.list} aria-label="Schemas of this connection">
          {schemas.map((schema) => (
            <SchemaRow
              key={schema.id}
              schema={schema}
              uses={usesOf(schema, rules)}
              onRename={(name) => attempt(() => keepSchema(sessionId, { ...schema, name }))}
              onFiles={(way) => pick({ schema, way })}
              onRemove={() => (usesOf(schema, rules) === 0 ? remove(schema) : setLeaving(schema))}
            />
          ))}
        </ul>
      )}
      {leaving !== undefined && (
        <RemoveSchemaDialog
          schema={leaving}
          rules={rules.filter(({ codec }) => codec.schema === leaving.id)}
          onRemove={() => remove(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </section>
  );
}
