import type { SchemaKind } from '../../profile/schemas.ts';
import { avroFormat } from '../avro/avro-format.ts';
import { protobufFormat } from '../protobuf/protobuf-format.ts';
import type { SchemaFormat } from './schema-format.ts';

/** The formats with schemas that there are, by the ids of their codecs. */
const formats: Readonly<Record<SchemaKind, SchemaFormat>> = { protobuf: protobufFormat, avro: avroFormat };

/** The format of a codec's id; `undefined` for codecs that have no schema. */
export function schemaFormat(id: string): SchemaFormat | undefined {
  return Object.hasOwn(formats, id) ? formats[id as SchemaKind] : undefined;
}
