import { hex, utf8 } from './encoding.ts';

/** SHA-256 (FIPS 180-4) of a text's UTF-8, in hexadecimal. */
export async function sha256Hex(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}

/** HMAC-SHA256 (RFC 2104) of a text's UTF-8. The key may not be empty: the Web Cryptography API refuses that. */
export async function hmacSha256(key: Uint8Array, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return new Uint8Array(await crypto.subtle.sign({ name: 'HMAC' }, imported, utf8(text)));
}
