import { readCbor } from './cbor-items.ts';
import { encodeCbor } from './cbor-writer.ts';
import type { Codec } from './codec.ts';
import { itemCodec } from './item-codec.ts';

/** CBOR (RFC 8949) and sequences of it (RFC 8742), read item by item: nothing is altered, and no size is believed. */
export const cborCodec: Codec = itemCodec({
  id: 'cbor',
  label: 'CBOR',
  readOne: readCbor,
  isType: /^[\w.+-]+\/(?:[\w.-]+\+)?cbor(?:-seq)?\b/i,
  encode: encodeCbor,
});
