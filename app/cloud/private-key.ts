import { fromBase64 } from './encoding.ts';

/** A private key ready for the Web Cryptography API, or why there is none, with the remedy. */
export type PrivateKeyReading =
  | {
      readonly kind: 'key';
      readonly algorithm: 'RSA' | 'EC' | 'other';
      readonly pkcs8: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: 'unusable'; readonly problem: string };

/** DER tags (X.690 section 8) and object identifiers, with their tags and lengths. */
const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;
const OIDS = {
  rsaEncryption: [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01],
  ecPublicKey: [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  prime256v1: [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
};
const VERSION_0 = [0x02, 0x01, 0x00];
const NULL = [0x05, 0x00];

const DECRYPT = 'Decrypt it first: openssl pkcs8 -topk8 -nocrypt -in key.pem -out plain.pem';

/**
 * Reads a PEM text with a private key: PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`, taken to be on
 * P-256), the last two wrapped into PKCS#8 (RFC 5208 section 5). Line ends may be missing: a single-line field drops
 * them. Whether the key itself is sound shows when it is imported.
 */
export function readPrivateKey(text: string): PrivateKeyReading {
  const unusable = (problem: string): PrivateKeyReading => ({ kind: 'unusable', problem });
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs)];
  // `openssl ecparam -genkey` puts the parameters of the curve before the key.
  const block = blocks.find(([, label]) => label?.endsWith('PRIVATE KEY')) ?? blocks[0];
  if (block === undefined) {
    return unusable(
      text.includes('-----BEGIN')
        ? 'The private key is cut off: its last line is missing.'
        : 'This is not a private key in PEM, which begins with “-----BEGIN PRIVATE KEY-----”.',
    );
  }
  const [, label = '', body = ''] = block;
  if (label === 'ENCRYPTED PRIVATE KEY' || body.includes('ENCRYPTED')) {
    return unusable(`The private key is encrypted. ${DECRYPT}`);
  }
  if (label.endsWith('PUBLIC KEY')) {
    return unusable('This is the public key. The private key of the same pair is needed.');
  }
  if (label === 'CERTIFICATE') {
    return unusable('This is a certificate. The private key that belongs to it is needed.');
  }
  const der = fromBase64(body);
  if (der?.[0] !== SEQUENCE) {
    return unusable(
      'The private key is damaged: what stands between its first and last line is not DER in Base64.',
    );
  }
  switch (label) {
    case 'PRIVATE KEY':
      return { kind: 'key', algorithm: algorithmOf(der), pkcs8: der };
    case 'RSA PRIVATE KEY':
      return { kind: 'key', algorithm: 'RSA', pkcs8: wrap([...OIDS.rsaEncryption, ...NULL], der) };
    case 'EC PRIVATE KEY':
      return { kind: 'key', algorithm: 'EC', pkcs8: wrap([...OIDS.ecPublicKey, ...OIDS.prime256v1], der) };
    default:
      return unusable(
        `A “${label}” can’t sign tokens. An RSA key or an EC key on the curve P-256 is needed.`,
      );
  }
}

/** The key type that a PKCS#8 key names in its first bytes. */
function algorithmOf(pkcs8: Uint8Array): 'RSA' | 'EC' | 'other' {
  const head = pkcs8.subarray(0, 40);
  if (includes(head, OIDS.rsaEncryption)) {
    return 'RSA';
  }
  return includes(head, OIDS.ecPublicKey) ? 'EC' : 'other';
}

function includes(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return bytes.some((_, at) => wanted.every((byte, index) => bytes[at + index] === byte));
}

function wrap(algorithm: readonly number[], key: Uint8Array): Uint8Array<ArrayBuffer> {
  const content = [...VERSION_0, ...element(SEQUENCE, algorithm), ...element(OCTET_STRING, [...key])];
  return Uint8Array.from(element(SEQUENCE, content));
}

function element(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  if (length < 0x80) {
    return [tag, length, ...content];
  }
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return [tag, ...size, ...content];
}
