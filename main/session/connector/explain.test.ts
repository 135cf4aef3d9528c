import { describe, expect, it } from 'vitest';
import { reasonTable } from '#app/mqtt/reason-table.ts';
import { explainConnack, explainDisconnect, explainEarlyEnd, explainLoss } from './explain-mqtt.ts';
import { explainDns, explainTcp, explainTimeout, formatTarget, type Target } from './explain-network.ts';
import { explainTlsError, type TlsContext } from './explain-tls.ts';
import { explainPinChanged, explainUntrusted } from './explain-untrusted.ts';
import { explainHttpAnswer, explainWebSocketError } from './explain-websocket.ts';
import { explainSocketPath, socketPathProblem } from './socket-path.ts';
import type { PresentedChain } from './tls-chain.ts';
import { errorFacts, type Verdict } from './verdict.ts';

const target: Target = { protocol: 'mqtts', host: 'broker.example', port: 8883 };
const context: TlsContext = { ...target, hasOwnCa: false, hasClientCertificate: false };

function errorWith(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

/** Every explanation is a sentence with a remedy, and none shows raw technology where words belong. */
function expectPlain(verdict: Verdict): void {
  const { message, hint } = verdict.failure;
  expect(message).toMatch(/\.$/);
  expect(hint).toMatch(/\.$/);
  expect(`${message} ${hint}`).not.toMatch(/undefined|NaN|\[object|E[A-Z]{5,}|ERR_/);
}

describe('network failures', () => {
  it.each([
    ['ENOTFOUND', 'dns.not-found'],
    ['EAI_AGAIN', 'dns.unavailable'],
    ['EAI_FAIL', 'dns.failed'],
  ])('DNS %s', (code, name) => {
    const verdict = explainDns(errorWith(code), 'broker.example');
    expect(verdict.failure.code).toBe(name);
    expect(verdict.retry).toBe(true);
    expectPlain(verdict);
  });

  it.each([
    ['ECONNREFUSED', 'tcp.refused', true],
    ['ETIMEDOUT', 'tcp.timeout', true],
    ['EHOSTUNREACH', 'tcp.unreachable', true],
    ['ENETUNREACH', 'tcp.unreachable', true],
    ['ECONNRESET', 'tcp.reset', true],
    ['EACCES', 'tcp.denied', false],
    ['EINVAL', 'tcp.failed', true],
  ])('TCP %s', (code, name, retry) => {
    const verdict = explainTcp(errorWith(code), target);
    expect(verdict.failure.code).toBe(name);
    expect(verdict.retry).toBe(retry);
    expectPlain(verdict);
  });

  it.each(['dns', 'socket', 'tcp', 'tls', 'websocket', 'connect'] as const)('time out in %s', (stage) => {
    const verdict = explainTimeout(stage, target, 15);
    expect(verdict.failure.code).toBe(`${stage}.timeout`);
    expect(verdict.failure.message).toContain('within 15 s');
    expectPlain(verdict);
  });

  it.each(['http', 'socks5'] as const)('time out on the way to and in a proxy (%s)', (kind) => {
    const proxied = { ...target, proxy: { kind, host: 'proxy.example', port: 3128 } };
    const codes = (['dns', 'tcp', 'proxy', 'tls'] as const).map((stage) => {
      const verdict = explainTimeout(stage, proxied, 15);
      expect(verdict.failure.message).toContain('within 15 s');
      expect(verdict.failure.message).toContain(stage === 'tls' ? 'broker.example' : 'proxy.example');
      expectPlain(verdict);
      return verdict.failure.code;
    });
    expect(codes).toEqual(['proxy.dns', 'proxy.timeout', 'proxy.timeout', 'tls.timeout']);
  });

  it.each(['ENOENT', 'ECONNREFUSED', 'EACCES', 'ENOTSOCK', 'EIO'])('Unix socket: %s', (code) => {
    const verdict = explainSocketPath(errorWith(code), '/run/mqtt.sock');
    expect(verdict.failure.code).toMatch(/^socket\./);
    expect(verdict.failure.message).toContain('/run/mqtt.sock');
    expectPlain(verdict);
  });

  it.each([
    ['win32', '/run/mqtt.sock', 'socket.unsupported'],
    ['win32', '\\\\.\\pipe\\mqtt', undefined],
    ['linux', '\\\\.\\pipe\\mqtt', 'socket.unsupported'],
    ['linux', `/${'a'.repeat(106)}`, undefined],
    ['linux', `/${'a'.repeat(107)}`, 'socket.path'],
    ['darwin', `/${'a'.repeat(103)}`, 'socket.path'],
    ['linux', 'run/mqtt.sock', 'socket.path'],
  ] as const)('on %s, %s: %s', (platform, path, code) => {
    const verdict = socketPathProblem(path, platform);
    expect(verdict?.failure.code).toBe(code);
    if (verdict !== undefined) {
      expectPlain(verdict);
    }
  });

  it('brackets IPv6 addresses', () => {
    expect(formatTarget({ host: '::1', port: 1883 })).toBe('[::1]:1883');
    expect(formatTarget({ host: 'a', port: 1 })).toBe('a:1');
  });
});

describe('TLS failures', () => {
  const peer = {
    subject: 'other',
    issuer: 'Some CA',
    names: ['a.example', '*.b.example'],
    validFrom: Date.UTC(2030, 0, 2),
    validTo: Date.UTC(2020, 4, 6),
    fingerprint256: 'AA:BB:CC:DD:EE',
    selfSigned: false,
  };
  const chain: PresentedChain = { certificates: [peer], missingIssuer: 'Some CA' };

  it.each([
    ['CERT_HAS_EXPIRED', 'tls.expired', 'expired on 2020-05-06'],
    ['CERT_NOT_YET_VALID', 'tls.not-yet-valid', 'before 2030-01-02'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls.wrong-host', 'for a.example, *.b.example, not for broker.example'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls.self-signed', 'signed by itself'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls.unknown-issuer', '"Some CA"'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls.unknown-issuer', '"Some CA"'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls.unknown-issuer', '"Some CA"'],
    ['CERT_REVOKED', 'tls.revoked', 'revoked'],
    ['INVALID_PURPOSE', 'tls.purpose', 'not meant for a server'],
    ['CERT_CHAIN_TOO_LONG', 'tls.untrusted', 'could not be verified'],
  ])('%s', (code, name, words) => {
    for (const known of [{ ...context, chain }, context]) {
      const verdict = explainUntrusted(code, known);
      expect(verdict.failure.code).toBe(name);
      expect(verdict.failure.detail).toContain(code);
      expect(verdict.retry).toBe(false);
      expectPlain(verdict);
    }
    expect(explainUntrusted(code, { ...context, chain }).failure.message).toContain(words);
  });

  it('names which certificate of a chain has expired', () => {
    const past = Date.UTC(2020, 4, 6);
    const future = Date.UTC(2090, 0, 1);
    const own = { ...peer, validTo: future };
    const issuer = { ...peer, subject: 'Some CA', validTo: past };
    const of = (certificates: PresentedChain['certificates']) => {
      const verdict = explainUntrusted('CERT_HAS_EXPIRED', { ...context, chain: { ...chain, certificates } });
      expectPlain(verdict);
      return verdict.failure.message;
    };
    expect(of([own, issuer])).toContain('that of its issuer "Some CA" expired on 2020-05-06');
    expect(of([own])).toContain('the CA certificate that vouches for it has expired');
  });

  it('says where a chain breaks off, before anything else', () => {
    const hintOf = (known: Partial<TlsContext>, changes: Partial<PresentedChain> = {}) => {
      const verdict = explainUntrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', {
        ...context,
        ...known,
        chain: { ...chain, ...changes },
      });
      expectPlain(verdict);
      return verdict.failure.hint ?? '';
    };
    expect(hintOf({})).toMatch(/sends its certificate alone: if "Some CA" is an intermediate/);
    expect(hintOf({ hasOwnCa: true })).toMatch(/not the one that signed it\. The broker sends its/);
    expect(hintOf({ trustsSystem: false })).toMatch(/choose the CAs of the system under Security\.$/);
    expect(hintOf({}, { certificates: [peer, peer] })).toMatch(/ends before "Some CA"/);
    expect(hintOf({ hasOwnCa: true }, { renewedIssuer: 'Some CA' })).toMatch(/but with another key/);
    const { missingIssuer: _, ...complete } = chain;
    const root = { ...peer, subject: 'The Root', selfSigned: true };
    const verdict = explainUntrusted('SELF_SIGNED_CERT_IN_CHAIN', {
      ...context,
      chain: { ...complete, certificates: [peer, root] },
    });
    expect(verdict.failure.hint).toContain('Drop the CA certificate of the broker, "The Root"');
  });

  it('names both certificates when the trusted one is not there any more', () => {
    const pin = '12:34:56:78:9A';
    const changed = explainPinChanged(pin, { ...context, chain });
    expectPlain(changed);
    expect(changed.failure).toMatchObject({ code: 'tls.pin-changed' });
    expect(changed.failure.message).toMatch(/trusted is 12:34:56:78…, presented was AA:BB:CC:DD…/);
    expect(changed.failure.detail).toContain(`Trusted: ${pin}. Presented: ${peer.fingerprint256}`);
    const gone = explainPinChanged(pin, context);
    expectPlain(gone);
    expect(gone.failure.code).toBe('tls.pin-missing');
  });

  it('never offers to switch verification off', () => {
    for (const code of ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_UNTRUSTED']) {
      expect(explainUntrusted(code, { ...context, chain }).failure.hint).not.toMatch(/verif(y|ication)/i);
    }
  });

  it.each([
    [{ alpn: ['a', 'b'] }, 'tlsv1 alert no application protocol', 'tls.alpn', 'offered by ALPN (a, b)'],
    [
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' },
      'tlsv1 alert protocol version',
      'tls.version',
      'TLS 1.3 only',
    ],
    [{ maxVersion: 'TLSv1.2' }, 'unsupported protocol', 'tls.version', 'TLS 1.2 only'],
    [{ minVersion: 'TLSv1' }, 'unsupported protocol', 'tls.version', 'TLS 1 to TLS 1.3'],
    [{ serverName: 'x.example' }, 'tlsv1 unrecognized name', 'tls.unrecognized-name', '"x.example"'],
    [{ hasPreSharedKey: true }, 'alert unknown psk identity', 'tls.psk-identity', 'identity'],
    [{ hasPreSharedKey: true }, 'no ciphers available', 'tls.psk-unsupported', 'no pre-shared keys'],
    [{ hasPreSharedKey: true }, 'alert bad record mac', 'tls.psk-key', 'another pre-shared key'],
    [
      { hasPreSharedKey: true },
      'alert handshake failure',
      'tls.psk-refused',
      'does not take pre-shared keys',
    ],
  ] as const)('in the light of %j: %s', (known, message, code, words) => {
    const verdict = explainTlsError(new Error(message), { ...context, ...known });
    expect(verdict?.failure.code).toBe(code);
    expect(verdict?.failure.message).toContain(words);
    expectPlain(verdict as Verdict);
  });

  it('shows some of many names only', () => {
    const names = Array.from({ length: 40 }, (_, index) => `h${index}`);
    const verdict = explainUntrusted('HOSTNAME_MISMATCH', {
      ...context,
      chain: { ...chain, certificates: [{ ...peer, names }] },
    });
    expect(verdict.failure.message).toContain('h4 and 35 more');
  });

  // The same in the words of OpenSSL 3 (Node) and of BoringSSL (Electron).
  it.each([
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
      'tls.not-tls',
    ],
    [
      'EPROTO',
      'write EPROTO 3:error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER',
      'tls.not-tls',
    ],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'SSL routines::packet length too long', 'tls.not-tls'],
    ['ERR_SSL_HTTP_REQUEST', 'SSL routines::http request', 'tls.not-tls'],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      'SSL routines::tlsv13 alert certificate required',
      'tls.client-certificate-required',
    ],
    [
      'EPROTO',
      'error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED',
      'tls.client-certificate-required',
    ],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'SSL routines::sslv3 alert handshake failure', 'tls.handshake'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'SSL routines::tlsv1 alert protocol version', 'tls.version'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'SSL routines::unsupported protocol', 'tls.version'],
    ['ERR_SSL_DH_KEY_TOO_SMALL', 'SSL routines::dh key too small', 'tls.weak'],
    ['ERR_SSL_INTERNAL_ERROR', 'SSL routines::internal error', 'tls.failed'],
    [
      'ECONNRESET',
      'Client network socket disconnected before secure TLS connection was established',
      'tls.closed',
    ],
  ])('%s: %s', (code, message, name) => {
    const verdict = explainTlsError(errorWith(code, message), context);
    expect(verdict?.failure.code).toBe(name);
    expect(verdict?.retry).toBe(name === 'tls.closed');
    if (verdict !== undefined) {
      expectPlain(verdict);
    }
  });

  it.each([
    ['tlsv1 alert unknown ca', 'tls.client-certificate-refused'],
    ['sslv3 alert certificate expired', 'tls.client-certificate-expired'],
    ['sslv3 alert bad certificate', 'tls.client-certificate-refused'],
    ['sslv3 alert certificate unknown', 'tls.client-certificate-refused'],
  ])('with a client certificate: %s', (message, name) => {
    const error = errorWith('ERR_SSL_ALERT', message);
    expect(explainTlsError(error, { ...context, hasClientCertificate: true })?.failure.code).toBe(name);
    expect(explainTlsError(error, context)?.failure.code).toBe('tls.client-certificate-required');
  });

  it('leaves what is none of TLS to others', () => {
    expect(explainTlsError(errorWith('ECONNRESET', 'read ECONNRESET'), context)).toBeUndefined();
    expect(explainTlsError(undefined, context)).toBeUndefined();
  });
});

describe('WebSocket failures', () => {
  it('are plain for every status', () => {
    for (let status = 100; status < 600; status += 1) {
      const verdict = explainHttpAnswer({ status, statusText: '' }, target, '/mqtt');
      expect(verdict.failure.code).toBe(`websocket.http-${status}`);
      expect(verdict.retry).toBe(status >= 500);
      expectPlain(verdict);
    }
  });

  it.each([
    [new Error('Server sent no subprotocol'), 'websocket.subprotocol'],
    [new Error('Server sent an invalid subprotocol'), 'websocket.subprotocol'],
    [errorWith('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/'), 'websocket.not-http'],
    [new Error('Invalid Sec-WebSocket-Accept header'), 'websocket.invalid'],
    [errorWith('ECONNRESET', 'socket hang up'), 'websocket.closed'],
    [new Error('something else'), 'websocket.failed'],
  ])('%s', (error, code) => {
    const verdict = explainWebSocketError(error, target, 'mqtt');
    expect(verdict.failure.code).toBe(code);
    expectPlain(verdict);
  });
});

describe('what the broker says', () => {
  it('is plain for every code of CONNACK and DISCONNECT', () => {
    for (let code = 1; code < 256; code += 1) {
      for (const version of ['3.1', '3.1.1', '5.0'] as const) {
        expectPlain(explainConnack(version === '5.0' ? { reasonCode: code } : { returnCode: code }, version));
      }
      expectPlain(explainDisconnect({ reasonCode: code }));
    }
  });

  it('decides which refusals are worth another try', () => {
    const retried = reasonTable
      .filter((entry) => entry.code >= 0x80 && entry.packets.includes('connack'))
      .filter((entry) => explainConnack({ reasonCode: entry.code }, '5.0').retry)
      .map((entry) => entry.name);
    expect(retried).toEqual([
      'Unspecified error',
      'Implementation specific error',
      'Server unavailable',
      'Server busy',
      'Quota exceeded',
      'Connection rate exceeded',
    ]);
    expect([1, 2, 3, 4, 5].filter((code) => explainConnack({ returnCode: code }, '3.1.1').retry)).toEqual([
      3,
    ]);
    expect(explainDisconnect({ reasonCode: 0x8e }).retry).toBe(false);
    expect(explainDisconnect({ reasonCode: 0x8b }).retry).toBe(true);
  });
});

describe('ends before CONNACK', () => {
  const end = { ...target, protocol: 'mqtt', mqttVersion: '5.0', error: undefined } as const;

  it.each([
    [[0x15, 3, 1, 0, 2], 'connect.tls-port'],
    [[0x16, 3, 3], 'connect.tls-port'],
    [[...Buffer.from('HTTP/1.1 400 Bad Request')], 'connect.http-port'],
    [[...Buffer.from('SSH-2.0-OpenSSH')], 'connect.not-mqtt'],
    [[0x20, 2, 255, 0], 'connect.malformed'],
    [[], 'connect.closed'],
  ])('after the bytes %j', (bytes, code) => {
    const verdict = explainEarlyEnd({ ...end, firstBytes: Uint8Array.from(bytes) });
    expect(verdict.failure.code).toBe(code);
    expect(verdict.retry).toBe(code === 'connect.closed');
    expectPlain(verdict);
  });

  it('hints at TLS and at an older version only where they may help', () => {
    const hint = (overrides: object) =>
      explainEarlyEnd({ ...end, firstBytes: new Uint8Array(), ...overrides }).failure.hint;
    expect(hint({})).toMatch(/mqtts.*3\.1\.1/);
    expect(hint({ mqttVersion: '3.1.1' })).not.toMatch(/try 3\.1\.1/);
    expect(hint({ protocol: 'mqtts' })).not.toMatch(/choose mqtts/);
  });
});

describe('lost connections', () => {
  const loss = {
    ...target,
    disconnect: undefined,
    error: undefined,
    keepAlive: 10,
    shortLives: 0,
    waitingFor: undefined,
  } as const;

  it.each([
    [{}, 'connection.closed', /restarted/],
    [{ error: errorWith('ECONNRESET') }, 'connection.reset', /restarted/],
    [{ error: errorWith('ETIMEDOUT') }, 'connection.network', /network/],
    [{ error: new Error('Keepalive timeout') }, 'connection.keep-alive', /Keep alive/],
    [{ error: new Error('Invalid header flag bits') }, 'connection.protocol', /version/],
    [{ waitingFor: 'subscribe' }, 'connection.closed', /topic filters/],
    [{ waitingFor: 'publish' }, 'connection.closed', /publish to that topic/],
    [{ shortLives: 1 }, 'connection.closed', /restarted/],
    [{ shortLives: 2 }, 'connection.short-lived', /same client ID/],
    [{ shortLives: 5 }, 'connection.takeover-loop', /same client ID.*ID of its own/],
    [{ shortLives: 5, waitingFor: 'subscribe' }, 'connection.closed', /topic filters/],
    [{ disconnect: { reasonCode: 0x8e } }, 'connection.taken-over', /client ID/],
    [{ disconnect: { reasonCode: 0x98 } }, 'connection.ended-by-broker', /Ask/],
  ] as const)('%j', (overrides, code, hint) => {
    const verdict = explainLoss({ ...loss, ...overrides });
    expect(verdict.failure.code).toBe(code);
    expect(verdict.failure.hint).toMatch(hint);
    expectPlain(verdict);
  });

  it('goes on where a twin is suspected, and stops where it is all but certain', () => {
    const retries = [1, 2, 4, 5].map((shortLives) => explainLoss({ ...loss, shortLives }).retry);
    expect(retries).toEqual([true, true, true, false]);
  });

  it('says how long it was silent', () => {
    const verdict = explainLoss({ ...loss, error: new Error('Keepalive timeout') });
    expect(verdict.failure.message).toContain('15 s');
  });
});

describe('errorFacts', () => {
  it('reads whatever was thrown', () => {
    expect(errorFacts(errorWith('ECODE', 'words')).detail).toBe('ECODE: words');
    expect(errorFacts('text').message).toBe('text');
    expect(errorFacts(undefined)).toEqual({ code: '', message: '', text: ' ', detail: '' });
    expect(errorFacts(Object.assign(new Error('refused'), { code: 135 })).code).toBe('');
  });
});
