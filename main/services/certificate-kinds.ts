export const NOT_KNOWN =
  'This is neither a certificate nor a key that Topicscope can read: it takes PEM and DER files, PKCS#12 containers (.p12, .pfx) and ZIP archives of them.';
export const PUBLIC_KEY =
  'This is only a public key: drop the private one that was made together with it (often *.key).';
export const SIGNING_REQUEST =
  'This is a signing request, not a certificate: drop the certificate that your authority answered it with.';
export const REVOCATION_LIST = 'This is a list of revoked certificates: Topicscope does not need it.';

/** What a file is that is neither a PEM nor a DER object we can use, and the way out. All are fixed sentences. */
const pemKinds: readonly (readonly [RegExp, string])[] = [
  [
    /^OPENSSH PRIVATE KEY$/,
    'This is a key in the format of OpenSSH: if it belongs to your certificate, convert a copy with ssh-keygen -p -m PEM -f KEYFILE and drop that.',
  ],
  [/CERTIFICATE REQUEST$/, SIGNING_REQUEST],
  [/CRL$/, REVOCATION_LIST],
  [/^DSA PRIVATE KEY$/, 'This is a DSA key, which TLS no longer accepts: ask for an RSA or EC key.'],
  [/^PGP /, 'This is a PGP file, which TLS can’t use: drop a certificate or its key.'],
];

/** Why a PEM block of this label can't be used, or `undefined` when it can (or is harmless parameters). */
export function pemKindProblem(label: string): string {
  return (
    pemKinds.find(([pattern]) => pattern.test(label))?.[1] ??
    `A PEM block of the kind “${label.slice(0, 60)}” can’t be used for a connection: drop a certificate or its key.`
  );
}

/** Recognises files that people take for certificates, by their first bytes. */
export function binaryKindProblem(bytes: Uint8Array): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hex = data.subarray(0, 4).toString('hex');
  if (hex === 'feedfeed' || hex === 'cececece') {
    return 'This is a Java keystore: convert it with keytool -importkeystore -srckeystore FILE -destkeystore client.p12 -deststoretype PKCS12 and drop client.p12.';
  }
  if (hex === '504b0304') {
    return 'This is a ZIP archive within another: unpack it and drop the certificate files that are in it.';
  }
  const start = data.subarray(0, 512).toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('putty-user-key-file')) {
    return 'This is a PuTTY key: if it belongs to your certificate, export it in PuTTYgen (Conversions, Export OpenSSH key), convert that with ssh-keygen -p -m PEM -f KEYFILE and drop it.';
  }
  if (start.startsWith('ssh-') || start.startsWith('ecdsa-sha2-')) {
    return 'This is an SSH public key: TLS needs the certificate and its private key, so drop those.';
  }
  if (start.startsWith('<!doctype') || start.startsWith('<html')) {
    return 'This is a web page, so the download gave a login form or an error instead of the certificate: get it again.';
  }
  return NOT_KNOWN;
}
