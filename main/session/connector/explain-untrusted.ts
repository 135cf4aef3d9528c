import type { PresentedCertificate } from '#app/contract/session-state.ts';
import { formatTarget } from './explain-network.ts';
import type { TlsContext } from './explain-tls.ts';
import type { PresentedChain } from './tls-chain.ts';
import { errorFacts, lasting, type Verdict } from './verdict.ts';

/** What is known of a certificate that is not trusted. */
export interface UntrustedContext extends TlsContext {
  /** What the server presented, if it came to that. */
  readonly chain?: PresentedChain;
}

/** Why the certificate of the server is not trusted. `error` is OpenSSL's code of the check, or the error about the name. */
export function explainUntrusted(error: unknown, context: UntrustedContext): Verdict {
  const facts = typeof error === 'string' ? errorFacts({ code: error }) : errorFacts(error);
  const code = facts.code === '' ? facts.message : facts.code;
  const where = formatTarget(context);
  const peer = peerOf(context);
  const shown = peer === undefined ? '' : ` Subject: ${peer.subject}. Issuer: ${peer.issuer}.`;
  const explain = (name: string, message: string, hint: string) =>
    lasting(name, message, hint, `${code}.${shown}`);
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return explain('tls.expired', ...expired(context, where));
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
        `The certificate of ${where} is for ${formatNames(peer?.names ?? [])}, not for ${context.serverName ?? context.host}.`,
        context.serverName === undefined
          ? 'Enter the host as one of these names, or have the certificate made for this host. Where the host has to stay, enter one of the names as "Server name (SNI)" under Security.'
          : 'Enter one of these names as "Server name (SNI)" under Security, or have the certificate made for this one.',
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return explain(
        'tls.self-signed',
        `The certificate of ${where} is signed by itself, so nobody vouches for it.`,
        context.hasOwnCa
          ? 'It is not the certificate that you gave as CA. Drop the present certificate of the broker there.'
          : 'Compare its fingerprint with that of the broker. If it is the right one, trust this certificate, or drop it onto "CA certificate".',
      );
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_UNTRUSTED':
    case 'CERT_REJECTED':
    case 'INVALID_CA':
      return explain(
        'tls.unknown-issuer',
        `The certificate of ${where} was issued by ${peer === undefined ? 'an authority' : `"${peer.issuer}"`}, which is not trusted here.`,
        unknownIssuerHint(context),
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

/** The server presented another certificate than the one that the connection trusts by its fingerprint. */
export function explainPinChanged(pin: string, context: UntrustedContext): Verdict {
  const where = formatTarget(context);
  const peer = peerOf(context);
  if (peer === undefined) {
    return lasting(
      'tls.pin-missing',
      `${where} presented no certificate, but this connection trusts one by its fingerprint.`,
      'Check host and port. If nobody changed the broker, somebody may be in between: do not connect.',
      `Trusted: ${pin}`,
    );
  }
  return lasting(
    'tls.pin-changed',
    `The certificate of ${where} has changed: trusted is ${abbreviate(pin)}, presented was ${abbreviate(peer.fingerprint256)}.`,
    'If the broker was given a new certificate, compare its fingerprint there, then trust the new one. If nobody changed it, somebody may be in between: do not connect.',
    [
      `Trusted: ${pin}`,
      `Presented: ${peer.fingerprint256}`,
      `Subject: ${peer.subject}, issuer: ${peer.issuer}, valid from ${formatDay(peer.validFrom)} to ${formatDay(peer.validTo)}`,
    ].join('. '),
  );
}

/** The chain's first certificate, or what else is known of the server's. */
function peerOf(context: UntrustedContext): PresentedCertificate | undefined {
  return context.chain?.certificates[0];
}

function expired({ chain }: UntrustedContext, where: string): [message: string, hint: string] {
  const [own, ...others] = chain?.certificates ?? [];
  const now = Date.now();
  if (own === undefined) {
    return [
      `The certificate of ${where} expired.`,
      'Have it renewed at the broker. If it is not that old, check the clock of this computer.',
    ];
  }
  if (own.validTo <= now) {
    return [
      `The certificate of ${where} expired on ${formatDay(own.validTo)}.`,
      'Have it renewed at the broker. If it is not that old, check the clock of this computer.',
    ];
  }
  const issuer = others.find(({ validTo }) => validTo <= now);
  return issuer === undefined
    ? [
        `The certificate of ${where} is valid, but the CA certificate that vouches for it has expired.`,
        'Use the present CA certificate. If none is that old, check the clock of this computer.',
      ]
    : [
        `The certificate of ${where} is valid, but that of its issuer "${issuer.subject}" expired on ${formatDay(issuer.validTo)}.`,
        'Have the broker send the present certificate of the issuer. If it is not that old, check the clock of this computer.',
      ];
}

function unknownIssuerHint(context: UntrustedContext): string {
  const hint = ownIssuerHint(context);
  return context.trustsSystem === false
    ? `${hint} If a public CA issued it, choose the CAs of the system under Security.`
    : hint;
}

function ownIssuerHint({ chain, hasOwnCa }: UntrustedContext): string {
  const missing = chain?.missingIssuer;
  const count = chain?.certificates.length ?? 0;
  if (chain?.renewedIssuer !== undefined) {
    return `A CA certificate named "${chain.renewedIssuer}" is in this connection, but with another key: the CA was renewed or is another one. Drop its present certificate.`;
  }
  const intermediate =
    missing === undefined
      ? ''
      : count === 1
        ? ` The broker sends its certificate alone: if "${missing}" is an intermediate, have the broker send that one too (fullchain.pem rather than cert.pem), or drop it there as well.`
        : ` The chain that the broker sends ends before "${missing}".`;
  const root = count > 1 && missing === undefined ? chain?.certificates.at(-1)?.subject : undefined;
  if (hasOwnCa) {
    return `The CA certificate in this connection is not the one that signed it${
      root === undefined ? '' : `: the chain ends at "${root}"`
    }.${missing === undefined ? ' Drop that one.' : intermediate}`;
  }
  return `Drop the CA certificate of the broker${root === undefined ? '' : `, "${root}",`} onto "CA certificate".${intermediate}`;
}

/** `1A:2B:3C:4D…`: enough to tell two apart at a glance; the detail has them whole. */
function abbreviate(fingerprint: string): string {
  return `${fingerprint.slice(0, 11)}…`;
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
