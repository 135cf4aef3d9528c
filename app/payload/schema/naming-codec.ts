import type { PayloadSchema } from '../../profile/schemas.ts';
import { avroCodec } from '../avro/avro-codec.ts';
import { markedTypes } from '../avro/avro-format.ts';
import { namedFingerprint } from '../avro/single-object.ts';
import type { Codec } from '../codec.ts';
import { markOf } from '../mark.ts';
import { detectCodec, previewPayload } from '../registry.ts';
import { schemaCodec, schemaMark } from './schema-codec.ts';

/** A codec that hands payloads on to others, by what they say of themselves. */
export interface NamingCodec extends Codec {
  choose: NonNullable<Codec['choose']>;
  /** One of those that it hands payloads on to, by its id. */
  find(id: string): Codec | undefined;
}

/**
 * Reads payloads that name their schema (Avro in single-object encoding) by it, where it is among these, and all others
 * by `otherwise`, or by what they look like. `undefined` where no schema can be named.
 */
export function namingCodec(schemas: readonly PayloadSchema[], otherwise?: Codec): NamingCodec | undefined {
  const candidates = schemas.filter(({ kind }) => kind === avroCodec.id);
  if (candidates.length === 0) {
    return undefined;
  }
  let made: ReadonlyMap<string, Codec> | undefined;
  const byMark = () => {
    made ??= new Map(candidates.flatMap((schema) => codecsOf(schema, schemas)));
    return made;
  };
  const named = (bytes: Uint8Array) => {
    const mark = namedFingerprint(bytes);
    return mark === undefined ? undefined : byMark().get(mark);
  };
  const choose: NamingCodec['choose'] = (bytes, context) =>
    named(bytes) ?? otherwise ?? detectCodec(bytes, context);
  return {
    id: `naming:${markOf(JSON.stringify([otherwise?.id, candidates.map(schemaMark)]))}`,
    label: otherwise?.label ?? 'Auto',
    detect: () => 0,
    preview: (bytes, maxLength, size) =>
      named(bytes)?.preview(bytes, maxLength, size) ??
      otherwise?.preview(bytes, maxLength, size) ??
      previewPayload(bytes, maxLength, size),
    decode: (bytes, limits, context) => choose(bytes, context).decode(bytes, limits, context),
    fields: (bytes, limits, options, context = { topic: '' }) =>
      choose(bytes, context).fields?.(bytes, limits, options, context) ?? [],
    choose,
    find: (id) => [...byMark().values()].find((codec) => codec.id === id),
  };
}

function codecsOf(schema: PayloadSchema, schemas: readonly PayloadSchema[]): [string, Codec][] {
  try {
    return [...markedTypes(schema)].map(([mark, { name }]) => [
      mark,
      schemaCodec({ id: avroCodec.id, schema: schema.id, type: name }, schemas),
    ]);
  } catch {
    // A schema that can't be read says so in the tab “Rules”.
    return [];
  }
}
