import { explainDns, explainTcp, formatAuthority, type ProxyTarget, type Target } from './explain-network.ts';
import { errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** A target that is reached through a proxy. */
export interface ProxiedTarget extends Target {
  readonly proxy: ProxyTarget;
}

/** What an HTTP proxy answered to CONNECT (RFC 9110 section 9.3.6). */
export interface ConnectAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Schemes of `Proxy-Authenticate`, as `Basic`. */
  readonly schemes: readonly string[];
  /** What some proxies name as reason in a header of their own. */
  readonly reason?: string | undefined;
}

const CHECK_PROXY = 'Check host and port of the proxy, or connect without it where that is possible.';

/** `the HTTP proxy proxy.example:8080` */
export function formatProxy({ kind, host, port }: ProxyTarget): string {
  return `the ${kind === 'http' ? 'HTTP' : 'SOCKS5'} proxy ${formatAuthority({ host, port })}`;
}

/** Why the host name of the proxy gave no address. */
export function explainProxyDns(error: unknown, proxy: ProxyTarget): Verdict {
  const verdict = explainDns(error, proxy.host);
  return passing(
    'proxy.dns',
    verdict.failure.code === 'dns.not-found'
      ? `The host name of the proxy, "${proxy.host}", was not found.`
      : `The host name of the proxy, "${proxy.host}", could not be looked up.`,
    'Check its spelling. A proxy of a company network is known inside that network or its VPN only.',
    verdict.failure.detail,
  );
}

/** Why no TCP connection to the proxy came about. */
export function explainProxyTcp(error: unknown, target: ProxiedTarget): Verdict {
  const { proxy } = target;
  const verdict = explainTcp(error, { ...target, ...proxy });
  const { code, detail } = verdict.failure;
  const name = formatProxy(proxy);
  switch (code) {
    case 'tcp.refused':
      return passing('proxy.unreachable', `Nothing accepts connections at ${name}.`, CHECK_PROXY, detail);
    case 'tcp.timeout':
      return explainProxyTimeout('tcp', target, '');
    default:
      return { ...verdict, failure: { ...verdict.failure, code: 'proxy.unreachable', hint: CHECK_PROXY } };
  }
}

/** Time ran out on the way to the proxy, or in it; `time` as ` within 15 s`. */
export function explainProxyTimeout(
  stage: 'dns' | 'tcp' | 'proxy',
  target: ProxiedTarget,
  time: string,
): Verdict {
  const name = formatProxy(target.proxy);
  const where = formatAuthority(target);
  switch (stage) {
    case 'dns':
      return passing(
        'proxy.dns',
        `The name server did not answer for the proxy "${target.proxy.host}"${time}.`,
        'Check that this computer is online, or use the IP address of the proxy.',
      );
    case 'tcp':
      return passing('proxy.timeout', `${capitalise(name)} did not answer${time}.`, CHECK_PROXY);
    case 'proxy':
      return passing(
        'proxy.timeout',
        `${capitalise(name)} accepted the connection but did not say whether it reaches ${where}${time}.`,
        `Either ${where} does not answer the proxy, or this port speaks something else than ${
          target.proxy.kind === 'http' ? 'HTTP' : 'SOCKS5'
        }: check both addresses.`,
      );
  }
}

/** An HTTP proxy did not open the tunnel. */
export function explainConnectAnswer(
  answer: ConnectAnswer,
  target: ProxiedTarget,
  hasLogin: boolean,
): Verdict {
  const { status } = answer;
  const name = formatProxy(target.proxy);
  const where = formatAuthority(target);
  const detail = [
    `HTTP ${status} ${answer.statusText}`.trim(),
    ...(answer.schemes.length === 0 ? [] : [`Proxy-Authenticate: ${answer.schemes.join(', ')}`]),
    ...(answer.reason === undefined ? [] : [answer.reason]),
  ].join('; ');
  switch (status) {
    case 407:
      return explainLogin(answer, name, hasLogin, detail);
    case 403:
      return lasting(
        'proxy.forbidden',
        `${capitalise(name)} forbids connections to ${where}.`,
        `Many proxies let only port 443 through: use the broker's WebSocket or TLS listener at 443 if it has one, or have ${where} allowed.`,
        detail,
      );
    case 404:
    case 405:
    case 400:
    case 501:
      return lasting(
        'proxy.no-connect',
        `${capitalise(name)} does not open tunnels: it refused CONNECT.`,
        'It may be a web server or a proxy for web pages only. Check host and port of the proxy.',
        detail,
      );
    case 502:
    case 503:
    case 504:
      return passing(
        'proxy.no-way',
        `${capitalise(name)} could not reach ${where}.`,
        'Check host and port of the broker, as seen from the proxy: it looks the name up itself.',
        detail,
      );
    default:
      return status >= 500
        ? passing(
            'proxy.failed',
            `${capitalise(name)} failed to connect to ${where}.`,
            'Try again later, or look at the log of the proxy.',
            detail,
          )
        : lasting(
            'proxy.refused',
            `${capitalise(name)} refused to connect to ${where}.`,
            'The detail and the log of the proxy name the reason.',
            detail,
          );
  }
}

function explainLogin(answer: ConnectAnswer, name: string, hasLogin: boolean, detail: string): Verdict {
  const takesBasic = answer.schemes.length === 0 || answer.schemes.some((scheme) => /^basic$/i.test(scheme));
  if (!takesBasic) {
    return lasting(
      'proxy.scheme',
      `${capitalise(name)} wants a way of logging in that Topicscope does not speak (${answer.schemes.join(', ')}).`,
      'Topicscope logs in with a user name and password (Basic). Ask for that, or run a local proxy that speaks the other way.',
      detail,
    );
  }
  return hasLogin
    ? lasting(
        'proxy.login',
        `${capitalise(name)} does not accept the user name and password given for it.`,
        "Type the proxy's user name and password anew. They are not those of the broker.",
        detail,
      )
    : lasting(
        'proxy.login-required',
        `${capitalise(name)} wants a user name and password.`,
        "Enter the proxy's user name and password beside its address.",
        detail,
      );
}

/** An HTTP proxy answered nothing that is HTTP, or closed the connection. */
export function explainConnectError(error: unknown, target: ProxiedTarget): Verdict {
  const facts = errorFacts(error);
  const name = formatProxy(target.proxy);
  if (facts.code.startsWith('HPE_') || facts.text.includes('parse error')) {
    return lasting(
      'proxy.not-http',
      `${capitalise(name)} does not answer in HTTP.`,
      'It may be a SOCKS5 proxy, one that wants TLS, or none at all: check its kind and port.',
      facts.detail,
    );
  }
  return passing(
    'proxy.closed',
    `${capitalise(name)} closed the connection without an answer.`,
    'It may be a SOCKS5 proxy, one that wants TLS, or limit who may use it: check its kind and port.',
    facts.detail,
  );
}

/** Reply codes of RFC 1928 section 6 as the `socks` library names them, with what they mean. */
const replies: readonly (readonly [name: string, explain: (name: string, where: string) => Verdict])[] = [
  [
    'notallowed',
    (name, where) =>
      lasting(
        'proxy.forbidden',
        `${capitalise(name)} forbids connections to ${where}.`,
        `Have ${where} allowed at the proxy.`,
      ),
  ],
  ['networkunreachable', (name, where) => noWay(name, where, 'there is no network that leads there')],
  ['hostunreachable', (name, where) => noWay(name, where, 'the host was not found or does not answer')],
  ['connectionrefused', (name, where) => noWay(name, where, 'nothing accepts connections there')],
  ['ttlexpired', (name, where) => noWay(name, where, 'the way there is too long')],
  [
    'commandnotsupported',
    (name) =>
      lasting(
        'proxy.no-connect',
        `${capitalise(name)} does not open connections: it refused CONNECT.`,
        'Check host and port of the proxy.',
      ),
  ],
  [
    'addressnotsupported',
    (name, where) =>
      lasting(
        'proxy.address',
        `${capitalise(name)} does not take this kind of address: ${where}.`,
        'Some proxies take no names or no IPv6: enter the broker by another one of its addresses.',
      ),
  ],
];

function noWay(name: string, where: string, reason: string): Verdict {
  return passing(
    'proxy.no-way',
    `${capitalise(name)} could not reach ${where}: ${reason}.`,
    'Check host and port of the broker, as seen from the proxy: it looks the name up itself.',
  );
}

/** What went wrong between us and a SOCKS5 proxy; `error` is one of the `socks` library. */
export function explainSocksError(error: unknown, target: ProxiedTarget, hasLogin: boolean): Verdict {
  const facts = errorFacts(error);
  const name = formatProxy(target.proxy);
  const where = formatAuthority(target);
  const { text, detail } = facts;
  const withDetail = (verdict: Verdict) => ({ ...verdict, failure: { ...verdict.failure, detail } });
  if (text.includes('no accepted authentication')) {
    return hasLogin
      ? lasting(
          'proxy.scheme',
          `${capitalise(name)} takes neither a user name with password nor a client without.`,
          'It wants another way of logging in. Ask for a user name and password, or run a local proxy in between.',
          detail,
        )
      : lasting(
          'proxy.login-required',
          `${capitalise(name)} wants a user name and password.`,
          "Enter the proxy's user name and password beside its address.",
          detail,
        );
  }
  if (text.includes('authentication failed')) {
    return lasting(
      'proxy.login',
      `${capitalise(name)} does not accept the user name and password given for it.`,
      "Type the proxy's user name and password anew. They are not those of the broker.",
      detail,
    );
  }
  if (text.includes('rejected connection')) {
    const known = replies.find(([reply]) => text.includes(reply));
    return withDetail(
      known?.[1](name, where) ??
        passing(
          'proxy.failed',
          `${capitalise(name)} failed to connect to ${where}.`,
          'Check host and port of the broker; the log of the proxy names the reason.',
        ),
    );
  }
  if (text.includes('invalid socks') || text.includes('negotiation') || text.includes('unknown auth')) {
    return lasting(
      'proxy.not-socks',
      `${capitalise(name)} does not answer in SOCKS5.`,
      'It may be an HTTP proxy, a SOCKS4 proxy, or none at all: check its kind and port.',
      detail,
    );
  }
  return passing(
    'proxy.closed',
    `${capitalise(name)} closed the connection without an answer.`,
    'It may be an HTTP proxy or limit who may use it: check its kind and port.',
    detail,
  );
}

/** User name, password or host do not fit into what the proxy is sent. */
export function explainProxyInput(what: string, target: ProxiedTarget): Verdict {
  return lasting(
    'proxy.input',
    `The ${what} cannot be sent to ${formatProxy(target.proxy)}.`,
    'SOCKS5 takes at most 255 bytes of each; an HTTP proxy takes no colon in the user name and no control characters.',
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
