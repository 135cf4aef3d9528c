import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { TlsSummary } from '#app/contract/session-state.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Target } from './explain-network.ts';
import { explainTlsError, explainUntrusted, type TlsContext } from './explain-tls.ts';
import { readTlsMaterial } from './tls-material.ts';
import { ConnectError, errorFacts, lasting, passing } from './verdict.ts';

/** Everything that TLS needs from the settings, read and checked before anything is dialled. */
export function prepareTls(tls: ConnectionSettings['tls']): SecureContext {
  const material = readTlsMaterial(tls);
  try {
    return createSecureContext({
      ...(material.ca === undefined || material.ca.length === 0 ? {} : { ca: [...material.ca] }),
      ...(material.certificate === undefined ? {} : { cert: material.certificate }),
      ...(material.key === undefined ? {} : { key: material.key }),
      // Whoever gives an intermediate or a server certificate as CA means: trust this one.
      allowPartialTrustChain: tls.ca.length > 0,
    });
  } catch (error) {
    throw new ConnectError(
      lasting(
        'tls.material',
        'The certificates or the key in this connection cannot be used.',
        'They may be damaged or too weak: the detail names the reason.',
        errorFacts(error).detail,
      ),
    );
  }
}

/** A connection under TLS. */
export interface Secured {
  readonly socket: TLSSocket;
  readonly summary: TlsSummary;
}

/** The TLS handshake over a connected socket, and the check of the server's certificate. Throws a ConnectError. */
export function openTls(
  socket: Socket,
  settings: ConnectionSettings,
  target: Target,
  secureContext: SecureContext,
  signal: AbortSignal,
): Promise<Secured> {
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      secureContext,
      host: target.host,
      // Server Name Indication takes no addresses (RFC 6066 section 3).
      ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
      // The check is made below, on the same result, because an error here would come without the certificate
      // that the message has to name.
      rejectUnauthorized: false,
    });
    const finish = () => {
      signal.removeEventListener('abort', onAbort);
      secured.removeListener('close', onClose);
      secured.removeListener('error', onError);
      secured.on('error', () => undefined);
    };
    const give = (error: unknown) => {
      finish();
      secured.destroy();
      reject(error);
    };
    const onAbort = () => give(signal.reason);
    const onError = (error: Error) =>
      give(new ConnectError(explainHandshake(error, contextOf(settings, target))));
    const onClose = () =>
      onError(new Error('The connection was closed before secure TLS connection was established'));
    secured.once('error', onError);
    secured.once('close', onClose);
    secured.once('secureConnect', () => {
      const peer = secured.getPeerCertificate();
      // Declared as an Error, in fact OpenSSL's code as a string or the error of the host name check.
      const reason: unknown = secured.authorized
        ? undefined
        : (secured.authorizationError ?? 'CERT_UNTRUSTED');
      if (reason !== undefined && settings.tls.verify) {
        give(new ConnectError(explainUntrusted(reason, { ...contextOf(settings, target), ...peerOf(peer) })));
        return;
      }
      finish();
      resolve({ socket: secured, summary: summarise(secured, peer, settings, target, reason) });
    });
    if (signal.aborted) {
      onAbort();
    } else {
      signal.addEventListener('abort', onAbort, { once: true });
    }
  });
}

/** What {@link explainTlsError} has to know of the settings. */
export function contextOf(settings: ConnectionSettings, target: Target): TlsContext {
  return {
    ...target,
    hasOwnCa: settings.tls.ca.length > 0,
    hasClientCertificate: settings.tls.certificate !== undefined,
  };
}

function explainHandshake(error: unknown, context: TlsContext) {
  const facts = errorFacts(error);
  return (
    explainTlsError(error, context) ??
    (facts.code === 'ECONNRESET' || facts.code === 'EPIPE'
      ? explainTlsError(new Error('reset before secure TLS connection was established'), context)
      : undefined) ??
    passing(
      'tls.failed',
      `The TLS handshake with ${context.host} failed.`,
      'The detail and the log of the broker name the reason.',
      facts.detail,
    )
  );
}

function summarise(
  socket: TLSSocket,
  peer: PeerCertificate,
  settings: ConnectionSettings,
  target: Target,
  reason: unknown,
): TlsSummary {
  const shown = peerOf(peer).peer;
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName ?? socket.getCipher().name,
    authorized: reason === undefined,
    ...(reason === undefined
      ? {}
      : {
          unverifiedBecause: explainUntrusted(reason, { ...contextOf(settings, target), ...peerOf(peer) })
            .failure.message,
        }),
    ...(shown === undefined
      ? {}
      : { peer: { subject: shown.subject, issuer: shown.issuer, validTo: shown.validTo } }),
    clientCertificate: settings.tls.certificate !== undefined,
  };
}

function peerOf(certificate: PeerCertificate): Pick<TlsContext, 'peer'> {
  // Node gives an empty object when there is none.
  if (certificate.subject === undefined) {
    return {};
  }
  return {
    peer: {
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      names: namesOf(certificate),
      validFrom: Date.parse(certificate.valid_from),
      validTo: Date.parse(certificate.valid_to),
    },
  };
}

/** The common name, or what else a distinguished name has. */
function nameOf(name: Readonly<Record<string, string | string[] | undefined>>): string {
  const value = name.CN ?? name.O ?? name.OU ?? Object.values(name)[0] ?? 'unnamed';
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Alternative names as entered (`DNS:a, IP Address:1.2.3.4`); the common name only where there are none, as in RFC 6125. */
function namesOf(certificate: PeerCertificate): readonly string[] {
  const alternatives = [...(certificate.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)];
  return alternatives.length > 0
    ? alternatives.map((match) => (match[1] ?? '').replaceAll('"', ''))
    : [nameOf(certificate.subject)];
}
