import type { PayloadSchema } from '../../profile/schemas.ts';
import type { Codec } from '../codec.ts';

/** What a codec does that is bound to a message type of a schema; what it is called is settled by who asks for it. */
export type TypeCodec = Required<Pick<Codec, 'preview' | 'decode' | 'fields' | 'encode' | 'shape'>>;

/** A format whose payloads are read by a schema. */
export interface SchemaFormat {
  /** As in "View as". */
  readonly label: string;
  /** Full names of the types that a message may be of; the first is chosen unless another is. Throws a `FailureError`. */
  types(schema: PayloadSchema): readonly string[];
  /** Throws a `FailureError` where the schema can't be used or has no such type. */
  codecOf(schema: PayloadSchema, type: string): TypeCodec;
}
