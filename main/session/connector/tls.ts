import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { PresentedCertificate, TlsSummary } from '#app/contract/session-state.ts';
import { explainTlsError, type TlsContext } from './explain-tls.ts';
import { explainPinChanged, explainUntrusted } from './explain-untrusted.ts';
import { type PresentedChain, presentedChain } from './tls-chain.ts';
import type { PreparedTls } from './tls-options.ts';
import { ConnectError, errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** A connection under TLS. */
export interface Secured {
  readonly socket: TLSSocket;
  readonly summary: TlsSummary;
}

export interface TlsEvents {
  /** What the server presented, before it is judged. */
  onCertificates(certificates: readonly PresentedCertificate[]): void;
  /** A line of the key log, with its line break; also after the handshake. */
  onKeyLog(line: Uint8Array): void;
}

/** The TLS handshake over a connected socket, and the check of the server's certificate. Throws a ConnectError. */
export function openTls(
  socket: Socket,
  prepared: PreparedTls,
  signal: AbortSignal,
  events: TlsEvents,
): Promise<Secured> {
  const { context } = prepared;
  return new Promise((resolve, reject) => {
    const secured = connect({
      ...prepared.options,
      socket,
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
    const onError = (error: Error) => give(new ConnectError(explainHandshake(error, context)));
    const onClose = () =>
      onError(new Error('The connection was closed before secure TLS connection was established'));
    secured.once('error', onError);
    secured.once('close', onClose);
    if (prepared.settings.wantsKeyLog) {
      secured.on('keylog', (line: Buffer) => events.onKeyLog(Uint8Array.from(line)));
    }
    const onSecure = () => {
      const chain = presentedChain(secured, prepared.ownAuthorities);
      if (chain.certificates.length > 0) {
        events.onCertificates(chain.certificates);
      }
      const { refusal, ...judged } = judge(secured, prepared, chain);
      if (refusal !== undefined) {
        give(new ConnectError(refusal));
        return;
      }
      finish();
      resolve({ socket: secured, summary: summarise(secured, prepared, chain, judged) });
    };
    secured.once('secureConnect', () => {
      try {
        onSecure();
      } catch (error) {
        // A certificate that OpenSSL took but Node can not describe must not end the session.
        give(new ConnectError(explainHandshake(error, context)));
      }
    });
    if (signal.aborted) {
      onAbort();
    } else {
      signal.addEventListener('abort', onAbort, { once: true });
    }
  });
}

type Judgement = Pick<TlsSummary, 'authorized' | 'unverifiedBecause' | 'pinned' | 'preSharedKey'>;

/** Whether the server is the one that the settings trust. */
function judge(
  socket: TLSSocket,
  { settings, context }: PreparedTls,
  chain: PresentedChain,
): Judgement & { readonly refusal?: Verdict } {
  const [own] = chain.certificates;
  if (settings.psk !== undefined) {
    return own === undefined && socket.getCipher().name.includes('PSK')
      ? { authorized: true, preSharedKey: true }
      : { authorized: false, refusal: explainNoPreSharedKey(context) };
  }
  if (settings.pin !== undefined) {
    return own?.fingerprint256 === settings.pin
      ? { authorized: true, pinned: true }
      : { authorized: false, refusal: explainPinChanged(settings.pin, { ...context, chain }) };
  }
  if (socket.authorized) {
    return { authorized: true };
  }
  // Declared as an Error, in fact OpenSSL's code as a string or the error of the host name check.
  const reason: unknown = socket.authorizationError ?? 'CERT_UNTRUSTED';
  const verdict = explainUntrusted(reason, { ...context, chain });
  return settings.verify
    ? { authorized: false, refusal: verdict }
    : { authorized: false, unverifiedBecause: verdict.failure.message };
}

function explainHandshake(error: unknown, context: TlsContext): Verdict {
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

/** Cannot come about as long as only ciphers with pre-shared keys are offered. */
function explainNoPreSharedKey({ host }: TlsContext): Verdict {
  return lasting(
    'tls.psk-unused',
    `${host} did not use the pre-shared key.`,
    'Have pre-shared keys switched on at this listener of the broker.',
  );
}

function summarise(
  socket: TLSSocket,
  { settings }: PreparedTls,
  { certificates }: PresentedChain,
  judgement: Judgement,
): TlsSummary {
  const [own] = certificates;
  const { alpn, serverName } = settings;
  const chosen = socket.alpnProtocol;
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName ?? socket.getCipher().name,
    ...judgement,
    ...(own === undefined
      ? {}
      : { peer: { subject: own.subject, issuer: own.issuer, validTo: own.validTo } }),
    clientCertificate: settings.certificate !== undefined,
    ...(alpn.length === 0
      ? {}
      : { alpn: { offered: alpn, ...(typeof chosen === 'string' ? { chosen } : {}) } }),
    ...(serverName === '' ? {} : { serverName }),
  };
}
