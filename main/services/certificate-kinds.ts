/** What a file is that is neither a PEM nor a DER object we can use, and the way out. All are fixed sentences. */
const pemKinds: readonly (readonly [RegExp, string])[] = [
  [
    /^OPENSSH PRIVATE KEY$/,
    'This is an SSH key, not a TLS key. If it belongs to your certificate, convert a copy with: ssh-keygen -p -m PEM -f KEYFILE',
  ],
  [
    /PUBLIC KEY$/,
    'This is only a public key. The client key is the private one that was made together with it (often *.key).',
  ],
  [
    /CERTIFICATE REQUEST$/,
    'This is a signing request, not a certificate. Your certificate authority answers it with the certificate: use that.',
  ],
  [/CRL$/, 'This is a list of revoked certificates. Topicscope does not need it.'],
  [
    /^(PKCS7|PKCS #7 SIGNED DATA|CMS)$/,
    'This is a PKCS#7 bundle. Turn it into PEM with: openssl pkcs7 -in FILE -print_certs -out certificates.pem',
  ],
  [/^DSA PRIVATE KEY$/, 'This is a DSA key. TLS no longer accepts those: ask for an RSA or EC key.'],
  [/^PGP /, 'This is a PGP file, not a certificate for TLS.'],
];

export const NOT_KNOWN =
  'This is neither a certificate nor a key that Topicscope can read. It takes PEM files, and certificates and keys in DER.';

/** Why a PEM block of this label can't be used, or `undefined` when it can (or is harmless parameters). */
export function pemKindProblem(label: string): string {
  return (
    pemKinds.find(([pattern]) => pattern.test(label))?.[1] ??
    `A PEM block of the kind “${label.slice(0, 60)}” can’t be used for a connection.`
  );
}

/** Recognises files that people take for certificates, by their first bytes. */
export function binaryKindProblem(bytes: Uint8Array): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hex = data.subarray(0, 4).toString('hex');
  if (hex === 'feedfeed' || hex === 'cececece') {
    return 'This is a Java keystore. Turn it into PEM: keytool -importkeystore -srckeystore FILE -destkeystore out.p12 -deststoretype PKCS12, then openssl pkcs12 -in out.p12 -out client.pem';
  }
  if (data[0] === 0x30) {
    const body = derBody(data);
    if (body.subarray(0, 4).equals(Buffer.from([0x02, 0x01, 0x03, 0x30]))) {
      return 'This is a PKCS#12 container (.p12, .pfx) with certificate and key in one. Turn it into PEM with: openssl pkcs12 -in FILE -out client.pem, then drop client.pem on both certificate and key.';
    }
    if (body.subarray(0, 11).includes(Buffer.from('2a864886f70d010702', 'hex'))) {
      return 'This is a PKCS#7 bundle. Turn it into PEM with: openssl pkcs7 -inform DER -in FILE -print_certs -out certificates.pem';
    }
  }
  if (hex === '504b0304') {
    return 'This is a ZIP archive. Unpack it and drop the certificate files that are in it.';
  }
  const start = data.subarray(0, 512).toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('putty-user-key-file')) {
    return 'This is a PuTTY key, not a TLS key.';
  }
  if (start.startsWith('ssh-') || start.startsWith('ecdsa-sha2-')) {
    return 'This is an SSH public key, not a certificate for TLS.';
  }
  if (start.startsWith('<!doctype') || start.startsWith('<html')) {
    return 'This is a web page: the download gave an error page or a login form instead of the certificate.';
  }
  return NOT_KNOWN;
}

/** PKCS#8 with encryption in DER: SEQUENCE { SEQUENCE { OID pkcs-5 (1.2.840.113549.1.5.x) or pkcs-12PbeIds ... */
export function isEncryptedDerKey(bytes: Uint8Array): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const algorithm = derBody(derBody(data));
  return (
    algorithm.subarray(0, 10).equals(Buffer.from('06092a864886f70d0105', 'hex')) ||
    algorithm.subarray(0, 11).equals(Buffer.from('060a2a864886f70d010c', 'hex'))
  );
}

/** Rounds that PBKDF2 or PKCS#12 may ask for before the file counts as a trap: 10 million take some seconds. */
const MAX_ITERATIONS = 10_000_000;
const PBKDF2 = Buffer.from('06092a864886f70d01050c', 'hex');

/** True when unlocking the key would keep the engine busy for very long: a file can name any number of rounds. */
export function hasExcessiveIterations(der: Uint8Array): boolean {
  const data = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  const at = data.indexOf(PBKDF2);
  // PBKDF2-params ::= SEQUENCE { salt OCTET STRING, iterationCount INTEGER, ... }; PBES1 has the same two members.
  const parameters =
    at >= 0 ? derBody(data.subarray(at + PBKDF2.length)) : derBody(skip(derBody(derBody(data))));
  const count = skip(parameters);
  if (parameters[0] !== 0x04 || count[0] !== 0x02) {
    return false;
  }
  const digits = derBody(count);
  return digits.length > 6 || (digits.length > 0 && digits.readUIntBE(0, digits.length) > MAX_ITERATIONS);
}

/** Content of the DER value at the start; empty when there is none. */
function derBody(data: Buffer): Buffer {
  const { start, end } = derExtent(data);
  return data.subarray(start, end);
}

/** What follows the DER value at the start. */
function skip(data: Buffer): Buffer {
  return data.subarray(derExtent(data).end);
}

function derExtent(data: Buffer): { readonly start: number; readonly end: number } {
  const first = data[1] ?? 0;
  if (first < 0x80) {
    return { start: 2, end: Math.min(data.length, 2 + first) };
  }
  const lengthBytes = first & 0x7f;
  if (lengthBytes === 0 || lengthBytes > 4 || data.length < 2 + lengthBytes) {
    return { start: Math.min(2, data.length), end: data.length };
  }
  const start = 2 + lengthBytes;
  return { start, end: Math.min(data.length, start + data.readUIntBE(2, lengthBytes)) };
}
