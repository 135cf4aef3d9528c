import forge from 'node-forge';

/** What a container or an encrypted key holds, in DER: X.509 certificates and PKCS#8 keys. */
export interface Opened {
  readonly kind: 'opened';
  readonly certificates: readonly Buffer[];
  readonly keys: readonly Buffer[];
}

/** `locked`: none of the passphrases opens it. `unreadable`: it is damaged, or protected in a way that is not known. */
export type OpenResult = Opened | { readonly kind: 'locked' | 'unreadable' | 'too-much-work' };

class TooMuchWork extends Error {}

/** Rounds of the old derivation, which runs in JavaScript, that one file may cost: some seconds. */
const MAX_ROUNDS = 2_000_000;
/** PBKDF2 is native: as many of its rounds take as long as one in JavaScript. */
const NATIVE_ROUNDS = 10;

let roundsLeft = 0;

function spend(rounds: number): void {
  if (!(rounds >= 0) || rounds > roundsLeft) {
    throw new TooMuchWork();
  }
  roundsLeft -= rounds;
}

type GetCipher = (oid: string, parameters: forge.asn1.Asn1, password: unknown) => unknown;
const pbe = Reflect.get(forge.pki, 'pbe') as { getCipher: GetCipher };
const getCipher = pbe.getCipher;
// A file names its own cost, also in parts that are encrypted themselves: this is where the library comes past each.
pbe.getCipher = (oid, parameters, password) => {
  const [first, second] = childrenOf(parameters);
  const isPbes2 = childrenOf(first).length > 0;
  const count = isPbes2 ? childrenOf(childrenOf(first)[1])[1] : second;
  // Key and initial vector cost the old derivation one run per block of the digest each: three at most.
  spend(isPbes2 ? numberOf(count) / NATIVE_ROUNDS : numberOf(count) * 3);
  return getCipher(oid, parameters, password);
};

/** True for PFX ::= SEQUENCE { version INTEGER (3), authSafe SEQUENCE, ... } (RFC 7292 section 4), in BER or DER. */
export function isPkcs12(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('hex');
  return /^30(?:80|[0-7].|8[1-4](?:..){1,4}?)02010330/.test(head);
}

/** Opens a PKCS#12 container with the first passphrase that fits; also without any, as many tools write them. */
export function openPkcs12(bytes: Uint8Array, passphrases: readonly string[]): OpenResult {
  return tryAll(passphrases, (passphrase) => {
    const pfx = decode(bytes);
    const macRounds = childrenOf(childrenOf(pfx)[2])[2];
    spend(macRounds === undefined ? 0 : numberOf(macRounds));
    const container = forge.pkcs12.pkcs12FromAsn1(pfx, false, passphrase);
    const bags = container.safeContents.flatMap(({ safeBags }) => safeBags);
    return {
      certificates: bags
        .filter(({ type }) => type === forge.pki.oids.certBag)
        .flatMap(({ cert, asn1 }) =>
          cert ? [encode(forge.pki.certificateToAsn1(cert))] : asn1 ? [encode(asn1)] : [],
        ),
      keys: bags
        .filter(({ type }) => type === forge.pki.oids.pkcs8ShroudedKeyBag || type === forge.pki.oids.keyBag)
        .flatMap(({ key, asn1 }) =>
          key
            ? [encode(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)))]
            : // Keys that are not RSA are handed out as they were: PKCS#8 already.
              asn1
              ? [encode(asn1)]
              : [],
        ),
    };
  });
}

/** Opens an encrypted key (PKCS#8 in DER or PEM, or an RSA key in OpenSSL's traditional PEM) that OpenSSL does not. */
export function openEncryptedKey(bytes: Uint8Array, passphrases: readonly string[]): OpenResult {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const traditional = /-----BEGIN RSA PRIVATE KEY-----[\s\S]*?-----END RSA PRIVATE KEY-----/.exec(text)?.[0];
  const body = /-----BEGIN ENCRYPTED PRIVATE KEY-----([\s\S]*?)-----END ENCRYPTED PRIVATE KEY-----/.exec(
    text,
  )?.[1];
  return tryAll(
    passphrases.filter((passphrase) => passphrase !== ''),
    (passphrase) => {
      if (traditional !== undefined) {
        const key = forge.pki.decryptRsaPrivateKey(traditional, passphrase);
        return {
          certificates: [],
          keys: [encode(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)))],
        };
      }
      const info = decode(body === undefined ? bytes : Buffer.from(body, 'base64'));
      return { certificates: [], keys: [encode(forge.pki.decryptPrivateKeyInfo(info, passphrase ?? ''))] };
    },
  );
}

function tryAll(
  passphrases: readonly string[],
  open: (passphrase: string | undefined) => Omit<Opened, 'kind'>,
): OpenResult {
  roundsLeft = MAX_ROUNDS;
  let failure: OpenResult = { kind: 'locked' };
  for (const passphrase of [...passphrases, '', undefined]) {
    try {
      return { kind: 'opened', ...open(passphrase) };
    } catch (error) {
      if (error instanceof TooMuchWork) {
        return { kind: 'too-much-work' };
      }
      const text = error instanceof Error ? error.message : '';
      failure =
        /password|mac |decrypt|padding/i.test(text) && !/unsupported/i.test(text)
          ? failure
          : { kind: 'unreadable' };
    }
  }
  return failure;
}

function decode(bytes: Uint8Array): forge.asn1.Asn1 {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('binary');
  return forge.asn1.fromDer(forge.util.createBuffer(data), false);
}

function encode(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'binary');
}

function childrenOf(value: forge.asn1.Asn1 | undefined): readonly forge.asn1.Asn1[] {
  return Array.isArray(value?.value) ? value.value : [];
}

/** A count; what can't be one is more than any budget. */
function numberOf(value: forge.asn1.Asn1 | undefined): number {
  const bytes = typeof value?.value === 'string' ? Buffer.from(value.value, 'binary') : Buffer.alloc(0);
  return bytes.length === 0 || bytes.length > 6
    ? Number.POSITIVE_INFINITY
    : bytes.readUIntBE(0, bytes.length);
}
