import { hexDigits } from '../item-layout.ts';

/** Bytes before the value: the mark and the fingerprint of the schema (Avro 1.12, “Single-object encoding”). */
export const SINGLE_OBJECT_HEAD = 10;

/** The fingerprint that a payload in single-object encoding names, as 16 hex digits; `undefined` for any other. */
export function namedFingerprint(bytes: Uint8Array): string | undefined {
  return bytes[0] === 0xc3 && bytes[1] === 0x01 && bytes.length >= SINGLE_OBJECT_HEAD
    ? hexDigits(bytes.subarray(2, SINGLE_OBJECT_HEAD).toReversed())
    : undefined;
}

/** A value in single-object encoding. */
export function singleObject(fingerprint: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SINGLE_OBJECT_HEAD + body.length);
  bytes.set([0xc3, 0x01]);
  for (let at = 0; at < 8; at++) {
    bytes[2 + at] = Number.parseInt(fingerprint.slice(14 - 2 * at, 16 - 2 * at), 16);
  }
  bytes.set(body, SINGLE_OBJECT_HEAD);
  return bytes;
}

/** What the reader of a payload is told whose schema nobody gave. */
export function unknownFingerprint(fingerprint: string): string {
  return `Avro in single-object encoding, by the schema with the fingerprint 0x${fingerprint}, which is not among the schemas of this connection. Add it in the tab “Rules”.`;
}
