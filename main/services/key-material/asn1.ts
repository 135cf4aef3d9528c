import { type BaseBlock, fromBER, Integer, ObjectIdentifier, OctetString } from 'asn1js';

/** The input is not what it should be; the message is for tests and never shown. */
export class Asn1Error extends Error {}

/** A decoded value: what the library hands out, behind a few accessors that say no instead of guessing. */
export type Asn1 = BaseBlock;

/** Values in one file: a container with hundreds of certificates has a few thousand. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 64;

/** Decodes BER or DER (X.690), in bounded time whatever the bytes are; what follows the value is left alone. */
export function decode(bytes: Uint8Array): Asn1 {
  const { offset, result } = fromBER(new Uint8Array(bytes), {
    maxDepth: MAX_DEPTH,
    maxNodes: MAX_NODES,
    parseEmbedded: false,
  });
  if (offset < 0) {
    throw new Asn1Error(result.error);
  }
  return result;
}

/** What a SEQUENCE, a SET or an explicit tag holds. */
export function childrenOf(block: Asn1 | undefined): readonly Asn1[] {
  const value: unknown = block === undefined ? undefined : Reflect.get(block.valueBlock, 'value');
  if (!Array.isArray(value)) {
    throw new Asn1Error('not a constructed value');
  }
  return value as Asn1[];
}

/** Dotted notation of an OBJECT IDENTIFIER. */
export function oidOf(block: Asn1 | undefined): string {
  if (block instanceof ObjectIdentifier) {
    return block.getValue();
  }
  throw new Asn1Error('not an object identifier');
}

/** Bytes of an OCTET STRING, also of one in pieces as BER allows. */
export function octetsOf(block: Asn1 | undefined): Buffer {
  if (block instanceof OctetString) {
    return Buffer.from(block.getValue());
  }
  // [n] IMPLICIT OCTET STRING: a primitive with the bytes, or a constructed value with the pieces.
  if (block !== undefined && isContext(block)) {
    const bytes: unknown = Reflect.get(block.valueBlock, 'valueHexView');
    return bytes instanceof Uint8Array
      ? Buffer.from(bytes)
      : Buffer.concat(childrenOf(block).map((piece) => octetsOf(piece)));
  }
  throw new Asn1Error('not an octet string');
}

/** A non-negative INTEGER; anything that no count can be is more than {@link Number.MAX_SAFE_INTEGER}. */
export function numberOf(block: Asn1 | undefined): number {
  if (!(block instanceof Integer)) {
    throw new Asn1Error('not an integer');
  }
  const value = block.valueBlock.valueHexView.length > 8 ? 2n ** 64n : block.toBigInt();
  if (value < 0n) {
    throw new Asn1Error('negative');
  }
  return Number(value);
}

export function isInteger(block: Asn1 | undefined): boolean {
  return block instanceof Integer;
}

export function isOctets(block: Asn1 | undefined): boolean {
  return block instanceof OctetString;
}

/** A value with the context-specific tag `[tag]`; any of them when `tag` is left out. */
export function isContext(block: Asn1 | undefined, tag?: number): boolean {
  return block?.idBlock.tagClass === 3 && (tag === undefined || block.idBlock.tagNumber === tag);
}

/** The bytes of the whole value as they were in the file. */
export function encodedOf(block: Asn1 | undefined): Buffer {
  if (block === undefined) {
    throw new Asn1Error('missing');
  }
  return Buffer.from(block.valueBeforeDecodeView);
}
