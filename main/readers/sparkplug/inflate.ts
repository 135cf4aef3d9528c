import { gunzipSync, inflateSync } from 'node:zlib';
import type { Inflate } from '#app/payload/sparkplug/alias-names.ts';

/** Bytes that may come out of a compressed payload. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Unpacks the body of a compressed payload, up to 64 MiB. */
export const inflate: Inflate = (bytes, algorithm) => {
  const options = { maxOutputLength: MAX_BYTES };
  const buffer = algorithm === 'GZIP' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
};
