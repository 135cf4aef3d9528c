import { FailureError, fail } from '../../contract/failure.ts';
import type { PayloadSchema } from '../../profile/schemas.ts';
import { encodeBase64 } from '../base64.ts';
import type { Declarations } from './declarations.ts';
import { type LinkedTypes, link, type MessageType } from './link.ts';
import { readDescriptorSet } from './read-descriptors.ts';
import { type ProtoFile, readBuiltIn, readProtoFiles } from './read-proto.ts';

/** Schemas are never changed in place. */
const opened = new WeakMap<PayloadSchema, LinkedTypes | FailureError>();

/** The message types of a schema. Throws `schema.syntax`, `schema.type` and `schema.import`. */
export function openProtobuf(schema: PayloadSchema): LinkedTypes {
  const found = opened.get(schema) ?? open(schema);
  opened.set(schema, found);
  if (found instanceof FailureError) {
    throw found;
  }
  return found;
}

function open(schema: PayloadSchema): LinkedTypes | FailureError {
  try {
    return link(declarationsOf(schema));
  } catch (error) {
    if (error instanceof FailureError) {
      return error;
    }
    throw error;
  }
}

/** A message type by its full name. Throws `schema.type-gone` where the schema has none. */
export function messageType(schema: PayloadSchema, name: string): MessageType {
  const type = openProtobuf(schema).get(name);
  if (type === undefined) {
    throw fail(
      'schema.type-gone',
      `The schema “${schema.name}” has no message type “${name}”.`,
      'Choose another type in the tab “Rules”.',
    );
  }
  return type;
}

/** Types that come with the language: no message of a topic is of one of them. */
const BUILT_IN = 'google.protobuf.';

/** Names of the message types of a schema, in its order. */
export function messageTypes(schema: PayloadSchema): readonly string[] {
  return [...openProtobuf(schema).keys()].filter((name) => !name.startsWith(BUILT_IN));
}

function declarationsOf({ files }: PayloadSchema): Declarations {
  const texts: ProtoFile[] = [];
  const all: Declarations[] = [];
  for (const file of files) {
    if ('text' in file) {
      texts.push(file);
    } else {
      all.push(readDescriptorSet(file.path, encodeBase64(file.base64)));
    }
  }
  if (texts.length > 0) {
    all.unshift(readProtoFiles(texts));
  }
  // Compiled without what it imports: what comes with the language is known all the same.
  if (all.some(({ missing }) => missing.some(({ path }) => path.startsWith('google/protobuf/')))) {
    all.push(readBuiltIn());
  }
  return {
    messages: all.flatMap(({ messages }) => messages),
    enums: all.flatMap(({ enums }) => enums),
    extensions: all.flatMap(({ extensions }) => extensions),
    missing: all.flatMap(({ missing }) => missing).filter(({ path }) => !path.startsWith('google/protobuf/')),
  };
}
