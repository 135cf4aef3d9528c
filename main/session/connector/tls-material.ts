import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { ConnectionSettings } from '../settings.ts';
import { ConnectError, errorFacts, lasting } from './verdict.ts';

/** Certificates and key as TLS takes them: PEM, the key decrypted. */
export interface TlsMaterial {
  /** The connection's own, one each. */
  readonly ca: readonly string[];
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

const BLOCK =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Reads and checks what the user gave before TLS sees it, so that a mistake gets a name. The key is decrypted here
 * because OpenSSL (Node) and BoringSSL (Electron) fail differently on what they cannot decrypt. Throws a ConnectError.
 */
export function readTlsMaterial(tls: ConnectionSettings['tls']): TlsMaterial {
  const ca = tls.ca.flatMap((pem) => readCertificates(pem, 'CA certificate', 'tls.bad-ca'));
  if (tls.certificate === undefined && tls.key === undefined) {
    return { ca, certificate: undefined, key: undefined };
  }
  if (tls.key === undefined) {
    throw fault(
      'tls.key-missing',
      'There is a client certificate, but no key for it.',
      'Drop its private key onto "Client key".',
    );
  }
  if (tls.certificate === undefined) {
    throw fault(
      'tls.certificate-missing',
      'There is a client key, but no certificate for it.',
      'Drop its certificate onto "Client certificate".',
    );
  }
  const chain = readCertificates(tls.certificate, 'client certificate', 'tls.bad-certificate');
  const key = readKey(tls.key, tls.passphrase);
  if (!new X509Certificate(chain[0] ?? '').checkPrivateKey(key)) {
    throw fault(
      'tls.key-mismatch',
      'The client key does not belong to the client certificate.',
      'Use the key that the certificate was made with. If the file holds several certificates, the one of the client must come first.',
    );
  }
  return {
    ca,
    certificate: chain.join('\n'),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** The certificates of a PEM text, one each; at least one. */
function readCertificates(pem: string, what: string, code: string): readonly string[] {
  const blocks = pem.match(BLOCK) ?? [];
  const hint = 'It must be a PEM file: text with a block that begins with -----BEGIN CERTIFICATE-----.';
  if (blocks.length === 0) {
    throw fault(code, `The ${what} holds no certificate.`, hint);
  }
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch (error) {
      throw fault(code, `The ${what} is damaged and cannot be read.`, hint, errorFacts(error).detail);
    }
  }
  return blocks;
}

function readKey(pem: string, passphrase: string | undefined): KeyObject {
  const isEncrypted = pem.includes('ENCRYPTED');
  if (isEncrypted && (passphrase === undefined || passphrase === '')) {
    throw fault(
      'tls.passphrase-missing',
      'The client key is encrypted, and no passphrase is given.',
      'Enter the passphrase of the key under Security.',
    );
  }
  try {
    return createPrivateKey(isEncrypted ? { key: pem, passphrase } : pem);
  } catch (error) {
    const facts = errorFacts(error);
    // One wrong passphrase in three hundred decrypts to something that merely is no key: then the decoder is at a loss.
    const isUnsupported = facts.text.includes('unsupported') && !facts.text.includes('decoder routines');
    if (isEncrypted && !isUnsupported) {
      throw fault(
        'tls.passphrase-wrong',
        'The passphrase does not fit the client key.',
        'Type the passphrase of the key anew.',
        facts.detail,
      );
    }
    throw isEncrypted
      ? fault(
          'tls.key-encryption',
          'The client key is encrypted in a way that is not supported here.',
          'Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.key -out new.key',
          facts.detail,
        )
      : fault(
          'tls.bad-key',
          'The client key cannot be read.',
          'It must be a PEM file: text with a block that begins with -----BEGIN PRIVATE KEY----- or the like.',
          facts.detail,
        );
  }
}

function fault(code: string, message: string, hint: string, detail?: string): ConnectError {
  return new ConnectError(lasting(code, message, hint, detail));
}
