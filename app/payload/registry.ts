import type { PayloadFormat } from '../profile/profile.ts';
import { avroCodec, previewMarked } from './avro/avro-codec.ts';
import { base64Codec } from './base64.ts';
import { cborCodec } from './cbor.ts';
import { charsetCodecs } from './charset-codec.ts';
import type { Codec, PayloadContext } from './codec.ts';
import { hexCodec } from './hex.ts';
import { imageCodec } from './image.ts';
import { jsonCodec } from './json.ts';
import { jsonLinesCodec } from './json-lines.ts';
import { messagePackCodec } from './msgpack.ts';
import { previewPayload as previewPlain } from './preview.ts';
import { protobufCodec } from './protobuf/raw-codec.ts';
import { PREVIEW_BYTES } from './sample.ts';
import { detectSparkplug } from './sparkplug/detect.ts';
import { previewSparkplug, sparkplugCodec } from './sparkplug/sparkplug-codec.ts';
import { encodeText, textCodec } from './text.ts';
import { createUnbase64Codec } from './unbase64.ts';
import { xmlCodec } from './xml.ts';
import { yamlCodec } from './yaml.ts';

/** All codecs in the order of "View as". */
export const codecs: readonly Codec[] = [
  textCodec,
  jsonCodec,
  jsonLinesCodec,
  xmlCodec,
  yamlCodec,
  cborCodec,
  messagePackCodec,
  protobufCodec,
  avroCodec,
  sparkplugCodec,
  imageCodec,
  hexCodec,
  base64Codec,
  createUnbase64Codec(detectCodec),
];

const byId = new Map([...codecs, ...charsetCodecs].map((codec) => [codec.id, codec]));

/** The codec of an id as stored with a topic or asked for by a view; `undefined` where there is none (any more). */
export function codecById(id: string): Codec | undefined {
  return byId.get(id);
}

/**
 * A payload as one safe line, whatever it is. Made for every visible row: only the first kilobytes are looked at, and
 * nothing throws. Of a payload of `size` bytes, `bytes` may be the first kilobytes only.
 */
export function previewPayload(bytes: Uint8Array, maxLength: number, size = bytes.length): string {
  if (detectSparkplug(bytes.subarray(0, PREVIEW_BYTES), '', size) > 0) {
    return previewSparkplug(bytes, maxLength, size);
  }
  const marked = previewMarked(bytes, maxLength, size);
  if (marked !== undefined) {
    return marked;
  }
  // Maps, arrays and tags begin so in both; of a part, nobody can say for sure that it is one whole item.
  if (bytes.length === size && size <= PREVIEW_BYTES && (bytes[0] ?? 0) >= 0x80) {
    const codec = itemCodecs.find((item) => item.detect(bytes, noContext) >= SURE);
    return codec?.preview(bytes, maxLength, size) ?? previewPlain(bytes, maxLength, size);
  }
  return previewPlain(bytes, maxLength, size);
}

/** How sure a codec must be of the bytes of a row, which is shown without a choice. */
const SURE = 0.5;
const itemCodecs = [cborCodec, messagePackCodec];
const noContext: PayloadContext = { topic: '' };

/** The codec that is surest of the bytes; Text for an empty payload. Looks at the first kilobytes; never throws. */
export function detectCodec(bytes: Uint8Array, context: PayloadContext): Codec {
  let best = textCodec;
  let bestScore = bytes.length === 0 ? 1 : 0;
  for (const codec of codecs) {
    const score = codec.detect(bytes, context);
    if (score > bestScore) {
      best = codec;
      bestScore = score;
    }
  }
  return best;
}

/** What the user typed as the bytes to send to a topic. Throws a `FailureError` that says where the text is wrong. */
export function encodePayload(format: PayloadFormat, text: string, topic?: string): Uint8Array<ArrayBuffer> {
  const encode = codecById(format)?.encode ?? encodeText;
  return encode(text, topic);
}
