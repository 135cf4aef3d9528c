import { childrenOf, decode, isContext, octetsOf, oidOf } from './key-material/asn1.ts';

/** RFC 5280 section 4.2.1.3, by bit. */
const keyUsages: readonly string[] = [
  'digital signature',
  'non-repudiation',
  'key encipherment',
  'data encipherment',
  'key agreement',
  'certificate signing',
  'CRL signing',
  'encipher only',
  'decipher only',
];
const KEY_USAGE = '2.5.29.15';

/** RFC 5280 section 4.2.1.12. */
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const ANY_USE = '2.5.29.37.0';
const extendedUsages: Readonly<Record<string, string>> = {
  [SERVER_AUTH]: 'TLS server',
  [CLIENT_AUTH]: 'TLS client',
  [ANY_USE]: 'any use',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
};

/** What the key of a certificate may be used for, in words; empty where it does not say. Extended uses by their OID. */
export function describeUsage(der: Uint8Array, extended: readonly string[]): readonly string[] {
  return [...keyUsageOf(der), ...extended.map((oid) => extendedUsages[oid] ?? oid)];
}

function keyUsageOf(der: Uint8Array): readonly string[] {
  try {
    // Certificate: tbsCertificate first; its extensions are tagged [3] (RFC 5280 section 4.1).
    const body = childrenOf(childrenOf(decode(der))[0]);
    const extensions = childrenOf(childrenOf(body.find((member) => isContext(member, 3)))[0]);
    const own = extensions.map(childrenOf).find(([oid]) => oidOf(oid) === KEY_USAGE);
    // BIT STRING: tag, length, how many bits of the last byte are unused, the bits from the highest on.
    const bits = octetsOf(own?.at(-1)).subarray(3);
    return keyUsages.filter((_, bit) => (((bits[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0);
  } catch {
    return [];
  }
}
