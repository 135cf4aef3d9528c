import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateObject } from '#app/contract/operations/main.ts';
import type { ParsedObject } from './certificates.ts';

/** What may be shown of a certificate, and its PEM; undefined when it can't be read. */
export function describeCertificate(source: string | Uint8Array): ParsedObject | undefined {
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

/** Type and id of a key; both are left out when the crypto library does not know the kind. */
export function describeKey(key: KeyObject): Pick<CertificateObject, 'keyType' | 'publicKeyId'> {
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
