import type { ConnectionSettings } from './settings.ts';

/** TLS settings with nothing special: verified by the issuers of the system and those that Node brings along. */
export function plainTls(overrides: Partial<ConnectionSettings['tls']> = {}): ConnectionSettings['tls'] {
  return {
    verify: true,
    trust: { system: true, bundled: true },
    alpn: [],
    serverName: '',
    wantsKeyLog: false,
    ca: [],
    ...overrides,
  };
}

/** Everything of a connection that may as well be left alone: straight to the broker, no secrets. */
export const plainTransport = {
  socketPath: '',
  addressFamily: 'any',
  webSocket: { headers: [], subprotocol: '' },
  credentials: { kind: 'password' },
  secrets: {},
} as const satisfies Partial<ConnectionSettings>;
