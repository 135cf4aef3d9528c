import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateObject } from '#app/contract/operations/main.ts';
import {
  binaryKindProblem,
  hasExcessiveIterations,
  isEncryptedDerKey,
  NOT_KNOWN,
  pemKindProblem,
} from './certificate-kinds.ts';

/** One object of a file: what may be shown of it and, when it is usable, its PEM for TLS. */
export interface ParsedObject {
  readonly info: CertificateObject;
  readonly pem?: string;
  /** Of a certificate: OIDs of the uses that it is limited to. */
  readonly extendedKeyUsage?: readonly string[];
  /** Of a key that has a passphrase: whether the given one opened it. */
  readonly lock?: 'opened' | 'missing' | 'wrong';
}

const pemBlock = /-----BEGIN ([A-Z0-9 #.]{1,80})-----([\s\S]*?)-----END \1-----/g;
const certificateLabel = /^(X509 |TRUSTED )?CERTIFICATE$/;
const keyLabel = /^((RSA|EC|ENCRYPTED) )?PRIVATE KEY$/;

/** Finds all certificates and keys in a file, and says of everything else what it is. Never throws. */
export function parseCertificateFile(bytes: Uint8Array, passphrase?: string): readonly ParsedObject[] {
  if (bytes.length === 0) {
    return [unknown('The file is empty.')];
  }
  const text = asText(bytes);
  const objects = parsePem(text, passphrase);
  if (objects.length > 0) {
    return objects;
  }
  if (text.includes('-----BEGIN ')) {
    return [unknown('The file is cut off: a PEM block begins but does not end. Copy or download it again.')];
  }
  const der = parseDer(bytes, passphrase) ?? parseBareBase64(text, passphrase);
  return [der ?? unknown(binaryKindProblem(bytes))];
}

function parsePem(text: string, passphrase: string | undefined): ParsedObject[] {
  const objects: ParsedObject[] = [];
  for (const [pem, label = '', body = ''] of text.matchAll(pemBlock)) {
    if (certificateLabel.test(label)) {
      objects.push(parseCertificate(pem) ?? unknown('A certificate in this file is damaged. Get it again.'));
    } else if (keyLabel.test(label)) {
      objects.push(parsePemKey(pem, label, body, passphrase));
    } else if (!label.endsWith('PARAMETERS')) {
      // Parameters of curves and Diffie-Hellman groups accompany keys and say nothing by themselves.
      objects.push(unknown(pemKindProblem(label)));
    }
  }
  return objects;
}

function parsePemKey(pem: string, label: string, body: string, passphrase: string | undefined): ParsedObject {
  const isEncrypted = label.startsWith('ENCRYPTED') || /^Proc-Type:\s*4,ENCRYPTED/m.test(body);
  const der = isEncrypted ? Buffer.from(body, 'base64') : undefined;
  return parseKey({ key: pem, format: 'pem' }, isEncrypted, passphrase, der);
}

function parseDer(bytes: Uint8Array, passphrase: string | undefined): ParsedObject | undefined {
  if (bytes[0] !== 0x30) {
    return undefined;
  }
  const certificate = parseCertificate(bytes);
  if (certificate !== undefined) {
    return certificate;
  }
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isEncryptedDerKey(bytes)) {
    return parseKey({ key, format: 'der', type: 'pkcs8' }, true, passphrase, bytes);
  }
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    const parsed = parseKey({ key, format: 'der', type }, false, undefined, undefined);
    if (parsed.pem !== undefined) {
      return parsed;
    }
  }
  return undefined;
}

/** Some tools hand out the base64 of a certificate without the lines around it. */
function parseBareBase64(text: string, passphrase: string | undefined): ParsedObject | undefined {
  const compact = text.replace(/\s+/g, '');
  return compact.length >= 64 && /^MI[A-Za-z0-9+/]+={0,2}$/.test(compact)
    ? parseDer(new Uint8Array(Buffer.from(compact, 'base64')), passphrase)
    : undefined;
}

function parseCertificate(source: string | Uint8Array): ParsedObject | undefined {
  try {
    const certificate = new X509Certificate(source);
    const publicKey = attempt(() => certificate.publicKey);
    const names = certificate.subjectAltName;
    const usage: unknown = certificate.keyUsage;
    return {
      info: {
        kind: 'certificate',
        isCa: certificate.ca,
        subject: oneLine(certificate.subject),
        issuer: oneLine(certificate.issuer),
        validFrom: Date.parse(certificate.validFrom),
        validTo: Date.parse(certificate.validTo),
        ...(names === undefined ? {} : { subjectAltNames: splitNames(names) }),
        fingerprint256: certificate.fingerprint256,
        ...(publicKey === undefined ? {} : describeKey(publicKey)),
      },
      pem: certificate.toString(),
      ...(Array.isArray(usage) ? { extendedKeyUsage: usage.map(String) } : {}),
    };
  } catch {
    return undefined;
  }
}

type KeySource =
  | { readonly key: string; readonly format: 'pem' }
  | { readonly key: Buffer; readonly format: 'der'; readonly type: 'pkcs8' | 'pkcs1' | 'sec1' };

function parseKey(
  source: KeySource,
  isEncrypted: boolean,
  passphrase: string | undefined,
  der: Uint8Array | undefined,
): ParsedObject {
  const locked = { kind: 'private-key', encrypted: true } as const;
  if (isEncrypted && (passphrase === undefined || passphrase === '')) {
    return { info: locked, lock: 'missing' };
  }
  if (der !== undefined && hasExcessiveIterations(der)) {
    return unknown(
      'Unlocking this key would take too long. Protect it anew with: openssl pkey -in FILE -aes256 -out new.key',
    );
  }
  try {
    const key = createPrivateKey(isEncrypted ? { ...source, passphrase } : source);
    return {
      info: { kind: 'private-key', encrypted: isEncrypted, ...describeKey(key) },
      // Plain PEM from here on: not every TLS library opens every encryption.
      pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ...(isEncrypted ? { lock: 'opened' as const } : {}),
    };
  } catch (error) {
    if (!isEncrypted) {
      return {
        info: { kind: 'private-key', encrypted: false, problem: 'This key is damaged. Get it again.' },
      };
    }
    const text = error instanceof Error ? error.message : '';
    // One wrong passphrase in three hundred decrypts to something that merely is no key: then the decoder is at a loss.
    return /unsupported|unknown.*(algorithm|cipher|digest)/i.test(text) && !text.includes('DECODER routines')
      ? {
          info: {
            ...locked,
            problem:
              'This key is encrypted in a way that is no longer supported. Protect it anew with: openssl pkey -in FILE -aes256 -out new.key',
          },
        }
      : { info: locked, lock: 'wrong' };
  }
}

/** Type and id of a key; both are left out when the crypto library does not know the kind. */
function describeKey(key: KeyObject): Pick<CertificateObject, 'keyType' | 'publicKeyId'> {
  const publicKeyId = attempt(() => {
    const publicKey = key.type === 'private' ? createPublicKey(key) : key;
    return createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex');
  });
  const keyType = attempt(() => nameOfKey(key));
  return {
    ...(keyType === undefined ? {} : { keyType }),
    ...(publicKeyId === undefined ? {} : { publicKeyId }),
  };
}

function nameOfKey(key: KeyObject): string | undefined {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case undefined:
      return undefined;
    case 'rsa':
      return `RSA ${modulusLength}`;
    case 'rsa-pss':
      return `RSA-PSS ${modulusLength}`;
    case 'ec':
      return `EC ${namedCurve}`;
    case 'ed25519':
      return 'Ed25519';
    case 'ed448':
      return 'Ed448';
    default:
      return String(key.asymmetricKeyType).toUpperCase();
  }
}

function asText(bytes: Uint8Array): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Windows tools write UTF-16; a byte order mark says so.
  if (data[0] === 0xff && data[1] === 0xfe) {
    return data.subarray(2).toString('utf16le');
  }
  if (data[0] === 0xfe && data[1] === 0xff) {
    return Buffer.from(data.subarray(2, data.length - (data.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  return data.toString('latin1');
}

function unknown(problem: string = NOT_KNOWN): ParsedObject {
  return { info: { kind: 'unknown', problem } };
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').filter(Boolean).join(', ');
}

/** Node quotes a name that holds a comma, so that `DNS:` can't be smuggled in: split outside of quotes only. */
function splitNames(names: string): readonly string[] {
  return (
    names
      .match(/[^,"]*(?:"(?:[^"\\]|\\.)*"[^,"]*)*/g)
      ?.map((name) => name.trim())
      .filter(Boolean) ?? []
  );
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
