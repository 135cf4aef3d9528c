import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateObject } from '#app/contract/operations/main.ts';
import { describeUsage } from './certificate-usage.ts';
import type { ParsedObject } from './certificates.ts';

/** What may be shown of a certificate, and its PEM; undefined when it can't be read. */
export function describeCertificate(source: string | Uint8Array): ParsedObject | undefined {
  try {
    const certificate = new X509Certificate(source);
    const publicKey = attempt(() => certificate.publicKey);
    const names = certificate.subjectAltName;
    const extended: unknown = certificate.keyUsage;
    const extendedKeyUsage = Array.isArray(extended) ? extended.map(String) : [];
    const usage = describeUsage(certificate.raw, extendedKeyUsage);
    const key = publicKey === undefined ? {} : describeKey(publicKey);
    const isSelfIssued = certificate.subject === certificate.issuer;
    const { signatureAlgorithm } = certificate;
    const weaknesses = weaknessesOf(key.keyType ?? '', isSelfIssued ? '' : (signatureAlgorithm ?? ''));
    return {
      info: {
        kind: 'certificate',
        isCa: certificate.ca,
        subject: oneLine(certificate.subject),
        issuer: oneLine(certificate.issuer),
        ...time('validFrom', certificate.validFrom),
        ...time('validTo', certificate.validTo),
        ...(names === undefined ? {} : { subjectAltNames: splitNames(names) }),
        fingerprint256: certificate.fingerprint256,
        serialNumber: certificate.serialNumber,
        ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
        ...(usage.length === 0 ? {} : { keyUsage: usage }),
        ...(weaknesses.length === 0 ? {} : { weaknesses }),
        ...key,
      },
      pem: certificate.toString(),
      certificate,
      extendedKeyUsage,
    };
  } catch {
    return undefined;
  }
}

/** Left out where a broken certificate has a date that no calendar knows. */
function time<K extends string>(name: K, text: string): Partial<Record<K, number>> {
  const at = Date.parse(text);
  return Number.isNaN(at) ? {} : ({ [name]: at } as Record<K, number>);
}

/** The signature of a root is its own word for itself: nobody relies on its strength. */
function weaknessesOf(keyType: string, signature: string): readonly string[] {
  const bits = Number(/^RSA(?:-PSS)? (\d+)$/.exec(keyType)?.[1] ?? Number.NaN);
  const digest = /md[245]|sha1(?![0-9])/i.exec(signature)?.[0];
  return [
    ...(bits < 2048 ? [`RSA key of ${bits} bits`] : []),
    ...(digest === undefined ? [] : [`signed with ${digest.toUpperCase().replace('SHA1', 'SHA-1')}`]),
  ];
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
