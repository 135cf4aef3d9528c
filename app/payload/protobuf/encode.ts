import type { PayloadSchema } from '../../profile/schemas.ts';
import { jsonCodec } from '../json.ts';
import { parseJsonExactly } from '../json-fields.ts';
import { messageType, openProtobuf } from './open-schema.ts';
import { writeMessage } from './write-message.ts';

/**
 * A message typed as JSON as bytes, by its type in a schema. Names of fields are those of the schema or those in JSON;
 * integers keep all their digits. Throws a `FailureError` that says where the text or a value is wrong.
 */
export function encodeProtobuf(schema: PayloadSchema, type: string, text: string): Uint8Array<ArrayBuffer> {
  // Says where it is no JSON.
  jsonCodec.encode?.(text);
  return writeMessage(openProtobuf(schema), messageType(schema, type), parseJsonExactly(text));
}
