import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { tlsVersions } from '#app/profile/profile.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Target } from './explain-network.ts';
import { explainNoPreSharedKeys, type TlsContext } from './explain-tls.ts';
import { readTlsMaterial, type TlsMaterial } from './tls-material.ts';
import { trustedAuthorities } from './tls-trust.ts';
import { ConnectError, errorFacts, lasting } from './verdict.ts';

/** Everything that a handshake needs, read and checked before anything is dialled. */
export interface PreparedTls {
  readonly settings: ConnectionSettings['tls'];
  readonly context: TlsContext;
  /** The connection's own CA certificates, one each. */
  readonly ownAuthorities: readonly string[];
  /** For `tls.connect`, beside the socket. */
  readonly options: ConnectionOptions;
}

/**
 * Pre-shared keys with and without Diffie-Hellman (RFC 4279, RFC 5489), but none where a certificate comes in as well,
 * and none without encryption. Of TLS 1.2: in 1.3 a server could fall back to a certificate that nobody checks.
 */
const PSK_CIPHERS = 'kECDHEPSK:kDHEPSK:aPSK:!eNULL';

/** OpenSSL 3 has TLS below 1.2 at this level only; BoringSSL knows no levels and has no need of it. */
const OLD_VERSIONS_CIPHERS = 'DEFAULT@SECLEVEL=0';

/** Bytes that Node and OpenSSL take of a pre-shared key and of its identity. */
const MAX_PSK = 256;
const MAX_PSK_IDENTITY = 256;

/** Reads and checks the TLS settings. Throws a ConnectError. */
export function prepareTls({ tls }: Pick<ConnectionSettings, 'tls'>, target: Target): PreparedTls {
  checkServerName(tls.serverName);
  checkVersions(tls);
  const material = readTlsMaterial(tls);
  const secureContext =
    tls.psk === undefined ? certificateContext(tls, material) : preSharedKeyContext(tls.psk, tls);
  const name = tls.serverName === '' ? target.host : tls.serverName;
  return {
    settings: tls,
    context: contextOf({ tls }, target),
    ownAuthorities: material.ca,
    options: {
      secureContext,
      host: target.host,
      // Server Name Indication takes no addresses (RFC 6066 section 3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(tls.alpn.length === 0 ? {} : { ALPNProtocols: [...tls.alpn] }),
      ...pskOptions(tls.psk),
    },
  };
}

/** What explanations have to know of the settings. */
export function contextOf({ tls }: Pick<ConnectionSettings, 'tls'>, target: Target): TlsContext {
  return {
    ...target,
    hasOwnCa: tls.ca.length > 0,
    trustsSystem: tls.trust.system,
    hasClientCertificate: tls.certificate !== undefined,
    ...(tls.serverName === '' ? {} : { serverName: tls.serverName }),
    ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion }),
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
    alpn: tls.alpn,
    hasPreSharedKey: tls.psk !== undefined,
  };
}

function certificateContext(tls: ConnectionSettings['tls'], material: TlsMaterial): SecureContext {
  const ca = trustedAuthorities(tls, material.ca);
  const isOld = isBelow12(tls.minVersion) || isBelow12(tls.maxVersion);
  const options = {
    // Also when empty: absent would mean those that come with Node.
    ca: [...ca],
    ...(material.certificate === undefined ? {} : { cert: material.certificate }),
    ...(material.key === undefined ? {} : { key: material.key }),
    ...versionsOf(tls),
    // Whoever gives an intermediate or a server certificate as CA means: trust this one.
    allowPartialTrustChain: tls.ca.length > 0,
  };
  try {
    return isOld
      ? createLenient({ ...options, ciphers: OLD_VERSIONS_CIPHERS }, options)
      : createSecureContext(options);
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

type ContextOptions = Parameters<typeof createSecureContext>[0];

function createLenient(options: ContextOptions, otherwise: ContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch {
    return createSecureContext(otherwise);
  }
}

function preSharedKeyContext(
  { identity, key }: NonNullable<ConnectionSettings['tls']['psk']>,
  tls: ConnectionSettings['tls'],
): SecureContext {
  if (tls.minVersion === 'TLSv1.3') {
    throw new ConnectError(
      lasting(
        'tls.psk-version',
        'Pre-shared keys are used with TLS 1.2, but this connection allows TLS 1.3 only.',
        'Set the oldest TLS version to 1.2 under Security.',
      ),
    );
  }
  if (identity === '' || Buffer.byteLength(identity) > MAX_PSK_IDENTITY || key.length > MAX_PSK) {
    throw new ConnectError(
      lasting(
        'tls.psk',
        'The pre-shared key or its identity cannot be used.',
        `The identity has 1 to ${MAX_PSK_IDENTITY} bytes, the key at most ${MAX_PSK}.`,
      ),
    );
  }
  try {
    return createSecureContext({
      ciphers: PSK_CIPHERS,
      minVersion: 'TLSv1.2',
      ...versionsOf({ minVersion: tls.minVersion, maxVersion: undefined }),
      maxVersion: tls.maxVersion === undefined || tls.maxVersion === 'TLSv1.3' ? 'TLSv1.2' : tls.maxVersion,
    });
  } catch (error) {
    throw new ConnectError(explainNoPreSharedKeys(errorFacts(error).detail));
  }
}

function pskOptions(psk: ConnectionSettings['tls']['psk']): ConnectionOptions {
  return psk === undefined
    ? {}
    : {
        pskCallback: () => ({ identity: psk.identity, psk: psk.key }),
        // There is no certificate whose name could be checked: the key is the proof.
        checkServerIdentity: () => undefined,
      };
}

function versionsOf({
  minVersion,
  maxVersion,
}: {
  readonly minVersion?: ConnectionSettings['tls']['minVersion'];
  readonly maxVersion?: ConnectionSettings['tls']['maxVersion'];
}): Pick<NonNullable<ContextOptions>, 'minVersion' | 'maxVersion'> {
  // Node's own lowest is 1.2: a highest below that would leave nothing.
  const lowest = minVersion ?? (isBelow12(maxVersion) ? maxVersion : undefined);
  return {
    ...(lowest === undefined ? {} : { minVersion: lowest }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}

function isBelow12(version: ConnectionSettings['tls']['minVersion']): boolean {
  return version === 'TLSv1' || version === 'TLSv1.1';
}

function checkVersions({ minVersion, maxVersion }: ConnectionSettings['tls']): void {
  if (
    minVersion !== undefined &&
    maxVersion !== undefined &&
    tlsVersions.indexOf(minVersion) > tlsVersions.indexOf(maxVersion)
  ) {
    throw new ConnectError(
      lasting(
        'tls.version-range',
        'The oldest TLS version that this connection allows is newer than the newest one.',
        'Change the TLS versions under Security.',
      ),
    );
  }
}

function checkServerName(serverName: string): void {
  if (isIP(serverName) !== 0) {
    throw new ConnectError(
      lasting(
        'tls.server-name',
        'The server name for TLS is an IP address, which TLS does not take.',
        'Enter a host name as "Server name (SNI)" under Security, or leave it empty.',
      ),
    );
  }
}
