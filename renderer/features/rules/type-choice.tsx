import { NativeSelect, Select } from '@mantine/core';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import classes from './rules.module.css';
import { typesOf } from './schema-facts.ts';

interface TypeChoiceProps {
  readonly codec: Rule['codec'];
  readonly schemas: readonly PayloadSchema[];
  /** What is wrong with the choice. */
  readonly problem: string | undefined;
  readonly onChange: (codec: Rule['codec']) => void;
}

/** Types that are offered at once; the others are found by typing. */
const SHOWN = 100;

/** Which schema a rule reads by, and which message type of it. */
export function TypeChoice({ codec, schemas, problem, onChange }: TypeChoiceProps) {
  const fitting = schemas.filter(({ kind }) => kind === codec.id);
  const schema = fitting.find(({ id }) => id === codec.schema);
  const isGone = codec.schema !== undefined && schema === undefined;
  const types = schema === undefined ? [] : (typesOf(schema).types ?? []);
  const isTypeGone = codec.type !== undefined && !types.includes(codec.type);
  const choose = (id: string) => {
    const chosen = fitting.find((other) => other.id === id);
    const first = chosen === undefined ? undefined : typesOf(chosen).types?.[0];
    onChange({
      id: codec.id,
      ...(chosen === undefined ? {} : { schema: chosen.id, ...(first === undefined ? {} : { type: first }) }),
    });
  };
  return (
    <>
      <NativeSelect
        label="Schema"
        className={classes.schemaField}
        description={fitting.length === 0 ? 'Add one below this table, or drop its files here.' : undefined}
        value={codec.schema ?? ''}
        error={isGone && problem}
        data={[
          { value: '', label: 'none' },
          ...fitting.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
          ...(isGone ? [{ value: codec.schema ?? '', label: '(removed)' }] : []),
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {schema !== undefined && (
        <Select
          label="Message type"
          className={classes.typeField}
          searchable
          limit={SHOWN}
          nothingFoundMessage="No type of this name"
          checkIconPosition="right"
          maxDropdownHeight={240}
          value={codec.type ?? types[0] ?? null}
          error={problem ?? false}
          data={[...types, ...(isTypeGone && codec.type !== undefined ? [codec.type] : [])]}
          onChange={(type) => {
            if (type !== null) {
              onChange({ id: codec.id, schema: schema.id, type });
            }
          }}
        />
      )}
    </>
  );
}
