import type { TlsVersion } from '#app/profile/profile.ts';
import { formatTarget, type Target } from './explain-network.ts';
import { errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** What is known of a TLS handshake that failed. */
export interface TlsContext extends Target {
  /** The user gave CA certificates of his own. */
  readonly hasOwnCa: boolean;
  /** False: the CAs of the system are not trusted, by choice. */
  readonly trustsSystem?: boolean;
  /** A client certificate was offered. */
  readonly hasClientCertificate: boolean;
  /** The name that is asked for and checked instead of the host. */
  readonly serverName?: string;
  /** What the connection is limited to. */
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  readonly alpn?: readonly string[];
  readonly hasPreSharedKey?: boolean;
}

/** Why the TLS handshake, or the first data after it, failed. Undefined when the error is none of TLS. */
export function explainTlsError(error: unknown, context: TlsContext): Verdict | undefined {
  const facts = errorFacts(error);
  const { text, detail } = facts;
  const where = formatTarget(context);
  const has = (...words: readonly string[]) => words.some((word) => text.includes(word));
  if (has('wrong version number', 'packet length too long', 'record layer failure', 'http request')) {
    return lasting(
      'tls.not-tls',
      `${where} does not speak TLS.`,
      context.protocol === 'wss'
        ? 'Choose ws instead of wss, or the TLS port of the broker (8081 is usual).'
        : 'Choose mqtt instead of mqtts, or the TLS port of the broker (8883 is usual).',
      detail,
    );
  }
  if (
    has('certificate required', 'certificate expired', 'alert certificate unknown', 'alert bad certificate')
  ) {
    return explainClientCertificate(text, context, detail);
  }
  if (
    has(
      'alert unknown ca',
      'alert certificate revoked',
      'alert access denied',
      'alert unsupported certificate',
    )
  ) {
    return explainClientCertificate(text, context, detail);
  }
  if (has('no application protocol')) {
    return lasting(
      'tls.alpn',
      `${where} speaks none of the application protocols that were offered by ALPN${listOf(context.alpn)}.`,
      'Change "ALPN" under Security: most brokers want it empty or "mqtt", AWS IoT Core at port 443 wants "x-amzn-mqtt-ca".',
      detail,
    );
  }
  if (context.hasPreSharedKey === true) {
    const explained = explainPreSharedKey(has, where, detail);
    if (explained !== undefined) {
      return explained;
    }
  }
  if (has('unsupported protocol', 'alert protocol version', 'version too low', 'no protocols available')) {
    return explainVersion(context, where, detail);
  }
  if (has('unrecognized name')) {
    return lasting(
      'tls.unrecognized-name',
      `${where} does not know the server name "${context.serverName ?? context.host}".`,
      'Enter the name that the broker goes by as "Server name (SNI)" under Security.',
      detail,
    );
  }
  if (has('handshake failure', 'no shared cipher', 'no ciphers available', 'insufficient security')) {
    return context.hasClientCertificate
      ? lasting(
          'tls.handshake',
          `${where} and Topicscope found no common way of encryption, or the client certificate was refused.`,
          'Look at the log of the broker: it names the reason.',
          detail,
        )
      : lasting(
          'tls.handshake',
          `${where} broke the TLS handshake off.`,
          'It may want a client certificate (add one and its key under Security) or a pre-shared key, or its ciphers are too old. Its log names the reason.',
          detail,
        );
  }
  if (has('key too small', 'md too weak', 'dh key too small', 'bad signature', 'signature type')) {
    return lasting(
      'tls.weak',
      `A key or signature of ${where} is too weak to be accepted.`,
      'Have certificates with at least 2048 bit RSA or 256 bit EC and SHA-256 made.',
      detail,
    );
  }
  if (has('before secure tls connection was established')) {
    return passing(
      'tls.closed',
      `${where} closed the connection when TLS began.`,
      context.protocol === 'wss'
        ? 'It may not speak TLS: choose ws, or the TLS port of the broker. If it does, its log names the reason.'
        : 'It may not speak TLS: choose mqtt, or the TLS port of the broker (8883 is usual). If it does, its log names the reason.',
      detail,
    );
  }
  return facts.code.startsWith('ERR_SSL_') || facts.code === 'EPROTO' || has('ssl routines', 'tls alert')
    ? lasting(
        'tls.failed',
        `The TLS handshake with ${where} failed.`,
        'The detail and the log of the broker name the reason.',
        detail,
      )
    : undefined;
}

/** No TLS version in common; the limits of the connection may be the reason. */
function explainVersion({ minVersion, maxVersion }: TlsContext, where: string, detail: string): Verdict {
  if (minVersion === undefined && maxVersion === undefined) {
    return lasting(
      'tls.version',
      `${where} speaks no TLS version that is still considered safe.`,
      'Have TLS 1.2 or 1.3 switched on at the broker.',
      detail,
    );
  }
  const nameOf = (version: TlsVersion) => version.replace('TLSv', 'TLS ');
  const lowest = nameOf(minVersion ?? 'TLSv1.2');
  const highest = nameOf(maxVersion ?? 'TLSv1.3');
  const range = lowest === highest ? `${lowest} only` : `${lowest} to ${highest}`;
  return lasting(
    'tls.version',
    `${where} speaks no TLS version that this connection allows (${range}).`,
    'Allow more versions under Security, or have TLS 1.2 or 1.3 switched on at the broker.',
    detail,
  );
}

/** What a server says of a pre-shared key (RFC 4279 section 2) or that has none. */
function explainPreSharedKey(
  has: (...words: readonly string[]) => boolean,
  where: string,
  detail: string,
): Verdict | undefined {
  if (has('unknown psk identity')) {
    return lasting(
      'tls.psk-identity',
      `${where} does not know the identity of the pre-shared key.`,
      'Enter the identity as the broker has it, upper and lower case included.',
      detail,
    );
  }
  if (has('bad record mac', 'decrypt error', 'decryption failed')) {
    return lasting(
      'tls.psk-key',
      `${where} has another pre-shared key for this identity.`,
      'Enter the key anew, as pairs of hexadecimal digits.',
      detail,
    );
  }
  if (has('no ciphers available')) {
    return explainNoPreSharedKeys(detail);
  }
  if (has('handshake failure', 'no shared cipher', 'insufficient security')) {
    return lasting(
      'tls.psk-refused',
      `${where} does not take pre-shared keys, or not this one.`,
      'Check the port and the identity. The listener of the broker must be set up for pre-shared keys (psk_hint and psk_file in Mosquitto).',
      detail,
    );
  }
  return undefined;
}

/** OpenSSL has pre-shared keys; BoringSSL, which Electron links, has few or none of their ciphers. */
export function explainNoPreSharedKeys(detail: string): Verdict {
  return lasting(
    'tls.psk-unsupported',
    'The TLS library of this app offers no pre-shared keys.',
    'That is so in some builds of the desktop app: start Topicscope with --server, or connect with certificates.',
    detail,
  );
}

function listOf(names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : ` (${names.join(', ')})`;
}

/** The server's alerts about the certificate of the client, or about its absence (RFC 8446 section 6.2). */
function explainClientCertificate(text: string, context: TlsContext, detail: string): Verdict {
  const where = formatTarget(context);
  if (!context.hasClientCertificate) {
    return lasting(
      'tls.client-certificate-required',
      `${where} demands a client certificate.`,
      'Drop the certificate and its key onto "Client certificate" and "Client key" under Security.',
      detail,
    );
  }
  if (text.includes('expired')) {
    return lasting(
      'tls.client-certificate-expired',
      `${where} refused the client certificate because it has expired.`,
      'Have a new one issued.',
      detail,
    );
  }
  return lasting(
    'tls.client-certificate-refused',
    `${where} refused the client certificate.`,
    text.includes('unknown ca')
      ? 'The broker does not know the authority that issued it: use one that the broker trusts.'
      : 'Use a certificate that the broker accepts; its log names the reason.',
    detail,
  );
}
