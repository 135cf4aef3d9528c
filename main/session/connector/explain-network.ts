import type { DialStage } from '#app/contract/session-state.ts';
import type { Protocol } from '#app/profile/profile.ts';
import { explainProxyTimeout } from './explain-proxy.ts';
import { errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** Where an attempt went. */
export interface Target {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** What leads there; DNS and TCP are then about the proxy. */
  readonly proxy?: ProxyTarget;
  /** Dialled instead of host and port. */
  readonly socketPath?: string;
}

export interface ProxyTarget {
  readonly kind: 'http' | 'socks5';
  readonly host: string;
  readonly port: number;
}

/** `broker.example:1883`; IPv6 addresses in brackets; the path where a Unix socket was dialled. */
export function formatTarget(target: Pick<Target, 'host' | 'port' | 'socketPath'>): string {
  return target.socketPath ?? formatAuthority(target);
}

/** `broker.example:1883`; IPv6 addresses in brackets. */
export function formatAuthority(target: Pick<Target, 'host' | 'port'>): string {
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** Why a host name gave no address. */
export function explainDns(error: unknown, host: string): Verdict {
  const facts = errorFacts(error);
  switch (facts.code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return passing(
        'dns.not-found',
        `The host name "${host}" was not found.`,
        'Check its spelling. A name of a company or home network is known inside that network or its VPN only.',
        facts.detail,
      );
    case 'EAI_AGAIN':
    case 'ETIMEOUT':
    case 'ESERVFAIL':
    case 'EREFUSED':
      return passing(
        'dns.unavailable',
        `The name server did not answer for "${host}".`,
        'Check that this computer is online.',
        facts.detail,
      );
    default:
      return passing(
        'dns.failed',
        `The host name "${host}" could not be looked up.`,
        'Check the host and the network, or use the IP address of the broker.',
        facts.detail,
      );
  }
}

/** The host has addresses, but none of the family that the connection is limited to. */
export function explainFamily(
  host: string,
  family: 'ipv4' | 'ipv6',
  found: readonly string[],
  ofProxy = false,
): Verdict {
  const wanted = family === 'ipv4' ? 'IPv4' : 'IPv6';
  const other = family === 'ipv4' ? 'IPv6' : 'IPv4';
  return lasting(
    'dns.family',
    `${ofProxy ? 'The proxy ' : ''}"${host}" has no ${wanted} address, and this connection is limited to ${wanted}.`,
    `Under Advanced, choose "Any" or ${other} as address family.`,
    `Found: ${found.join(', ')}`,
  );
}

/** Why no TCP connection came about; of several addresses, the error of the last one. */
export function explainTcp(error: unknown, target: Target): Verdict {
  const facts = errorFacts(error);
  const where = formatTarget(target);
  switch (facts.code) {
    case 'ECONNREFUSED':
      return passing(
        'tcp.refused',
        `Nothing accepts connections at ${where}.`,
        'Check that the broker runs and that the port is right (1883 plain, 8883 TLS, 8080 and 8081 WebSocket are usual).',
        facts.detail,
      );
    case 'ETIMEDOUT':
      return explainTimeout('tcp', target);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return passing(
        'tcp.unreachable',
        `There is no way to ${where} from this computer.`,
        'Check the network, a VPN that may be needed, and the address of the broker.',
        facts.detail,
      );
    case 'ECONNRESET':
      return passing(
        'tcp.reset',
        `${where} broke the connection off at once.`,
        'A firewall or a load balancer without a broker behind it does this. Check the port.',
        facts.detail,
      );
    case 'EACCES':
    case 'EPERM':
      return lasting(
        'tcp.denied',
        `This computer does not allow a connection to ${where}.`,
        'A firewall on this computer blocks it: allow Topicscope there.',
        facts.detail,
      );
    default:
      return passing(
        'tcp.failed',
        `No connection to ${where} came about.`,
        'Check host, port and network.',
        facts.detail,
      );
  }
}

/** Time ran out in a stage; `seconds` is the time for all stages together. */
export function explainTimeout(stage: DialStage, target: Target, seconds?: number): Verdict {
  const where = formatTarget(target);
  const time = seconds === undefined ? '' : ` within ${seconds} s`;
  if (target.proxy !== undefined && (stage === 'dns' || stage === 'tcp' || stage === 'proxy')) {
    return explainProxyTimeout(stage, { ...target, proxy: target.proxy }, time);
  }
  switch (stage) {
    case 'socket':
      return passing(
        'socket.timeout',
        `${where} did not accept the connection${time}.`,
        'The broker behind this socket may hang: look at its log.',
      );
    case 'proxy':
    case 'dns':
      return passing(
        'dns.timeout',
        `The name server did not answer for "${target.host}"${time}.`,
        'Check that this computer is online, or use the IP address of the broker.',
      );
    case 'tcp':
      return passing(
        'tcp.timeout',
        `${where} did not answer${time}.`,
        'Check host and port. A firewall on the way that swallows packets looks like this too.',
      );
    case 'tls':
      return passing(
        'tls.timeout',
        `${where} accepted the connection but did not take part in the TLS handshake${time}.`,
        'This port may not speak TLS: check the port, or choose the protocol without encryption.',
      );
    case 'websocket':
      return passing(
        'websocket.timeout',
        `${where} did not answer the WebSocket request${time}.`,
        'This port may not speak WebSocket: check the port, or choose mqtt or mqtts.',
      );
    case 'connect':
      return passing(
        'connect.timeout',
        `${where} accepted the connection but did not answer the MQTT CONNECT${time}.`,
        target.protocol === 'mqtt'
          ? 'This port may want TLS (then choose mqtts) or may not be an MQTT port. An overloaded broker looks like this too.'
          : 'This may not be an MQTT port, or the broker is overloaded.',
      );
  }
}
