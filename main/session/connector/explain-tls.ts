import { formatTarget, type Target } from './explain-network.ts';
import { errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** What is known of a TLS handshake that failed. */
export interface TlsContext extends Target {
  /** The user gave CA certificates of his own. */
  readonly hasOwnCa: boolean;
  /** A client certificate was offered. */
  readonly hasClientCertificate: boolean;
  /** The certificate that the server showed, if it came to that. Times in milliseconds since the epoch. */
  readonly peer?: {
    readonly subject: string;
    readonly issuer: string;
    /** Host names and addresses that it is good for. */
    readonly names: readonly string[];
    readonly validFrom: number;
    readonly validTo: number;
  };
}

/** Why the certificate of the server is not trusted. `error` is OpenSSL's code of the check, or the error about the name. */
export function explainUntrusted(error: unknown, context: TlsContext): Verdict {
  const facts = typeof error === 'string' ? errorFacts({ code: error }) : errorFacts(error);
  const code = facts.code === '' ? facts.message : facts.code;
  const where = formatTarget(context);
  const { peer } = context;
  const shown = peer === undefined ? '' : ` Subject: ${peer.subject}. Issuer: ${peer.issuer}.`;
  const explain = (name: string, message: string, hint: string) =>
    lasting(name, message, hint, `${code}.${shown}`);
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return explain(
        'tls.expired',
        `The certificate of ${where} expired${peer === undefined ? '' : ` on ${formatDay(peer.validTo)}`}.`,
        'Have it renewed at the broker. If it is not that old, check the clock of this computer. An expired CA or intermediate certificate looks the same.',
      );
    case 'CERT_NOT_YET_VALID':
      return explain(
        'tls.not-yet-valid',
        `The certificate of ${where} is not valid${peer === undefined ? ' yet' : ` before ${formatDay(peer.validFrom)}`}.`,
        'Check the clock of this computer and that of the broker.',
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return explain(
        'tls.wrong-host',
        `The certificate of ${where} is for ${formatNames(peer?.names ?? [])}, not for ${context.host}.`,
        'Enter the host as one of these names, or have the certificate made for this host.',
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return explain(
        'tls.self-signed',
        `The certificate of ${where} is signed by itself, so nobody vouches for it.`,
        context.hasOwnCa
          ? 'It is not the certificate that you gave as CA. Drop the present certificate of the broker there.'
          : 'Drop this certificate onto "CA certificate" if you know that it is the right one.',
      );
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
    case 'CERT_REJECTED':
    case 'INVALID_CA':
      return explain(
        'tls.unknown-issuer',
        `The certificate of ${where} was issued by ${peer === undefined ? 'an authority' : `"${peer.issuer}"`}, which is not trusted here.`,
        context.hasOwnCa
          ? 'The CA certificate in this connection is not the one that signed it, or the broker does not send its intermediate certificate: drop that one as well.'
          : 'Drop the CA certificate of the broker onto "CA certificate".',
      );
    case 'CERT_REVOKED':
      return explain(
        'tls.revoked',
        `The certificate of ${where} was revoked.`,
        'Have it replaced at the broker.',
      );
    case 'INVALID_PURPOSE':
      return explain(
        'tls.purpose',
        `The certificate of ${where} is not meant for a server.`,
        'Have one made with the extended key usage "serverAuth".',
      );
    default:
      return explain(
        'tls.untrusted',
        `The certificate of ${where} could not be verified.`,
        'Check the certificates of the broker and the CA certificate in this connection.',
      );
  }
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
  if (has('unsupported protocol', 'alert protocol version', 'version too low', 'no protocols available')) {
    return lasting(
      'tls.version',
      `${where} speaks no TLS version that is still considered safe.`,
      'Have TLS 1.2 or 1.3 switched on at the broker.',
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
          'It may want a client certificate (add one and its key under Security), or its ciphers are too old. Its log names the reason.',
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

function formatDay(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'an unknown day';
}

function formatNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length === 0
    ? 'no host at all'
    : names.length > 5
      ? `${shown} and ${names.length - 5} more`
      : shown;
}
