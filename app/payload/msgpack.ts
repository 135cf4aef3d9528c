import type { Codec } from './codec.ts';
import { itemCodec } from './item-codec.ts';
import { readMessagePack } from './msgpack-items.ts';
import { encodeMessagePack } from './msgpack-writer.ts';

/** MessagePack, read item by item: nothing is altered, and no size is believed. */
export const messagePackCodec: Codec = itemCodec({
  id: 'msgpack',
  label: 'MessagePack',
  readOne: readMessagePack,
  isType: /^[\w.+-]+\/(?:vnd\.|x-)?(?:[\w.-]+\+)?(?:msgpack|messagepack)\b/i,
  encode: encodeMessagePack,
});
