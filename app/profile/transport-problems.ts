import type { ProfileProblem, SecretsPresent } from './problems.ts';
import { type Profile, tlsVersions } from './profile.ts';

/** `token` of RFC 9110 section 5.6.2: what names of headers and subprotocols are made of. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that the opening handshake makes itself (RFC 6455 section 4.1, RFC 9112). */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'host',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-version',
  'transfer-encoding',
  'upgrade',
]);

/** What is wrong with the way to the broker: WebSocket, socket, address family, proxy. */
export function transportProblems(profile: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const isWeb = profile.protocol === 'ws' || profile.protocol === 'wss';
  return [
    ...(isWeb ? webSocketProblems(profile, secrets) : []),
    ...socketProblems(profile, isWeb),
    ...proxyProblems(profile, secrets),
  ];
}

function webSocketProblems({ webSocket }: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const add = (field: string, message: string) => problems.push({ field, tab: 'General', message });
  const seen = new Set<string>();
  for (const [index, { name, value, secret }] of webSocket.headers.entries()) {
    const problem = headerNameProblem(name, seen);
    seen.add(name.toLowerCase());
    if (problem !== undefined) {
      add(`webSocket.headers.${index}.name`, problem);
    }
    const content = secret ? (secrets.typed?.(`header:${name}`) ?? '') : value;
    if (hasControlCharacter(content)) {
      add(`webSocket.headers.${index}.value`, 'The value of a header is one line of Latin characters.');
    } else if (secret && name !== '' && secrets.has?.(`header:${name}`) === false) {
      add(`webSocket.headers.${index}.value`, `Enter the secret value of the header “${name}”.`);
    }
  }
  if (webSocket.subprotocol !== '' && !token.test(webSocket.subprotocol)) {
    add('webSocket.subprotocol', 'A subprotocol is one word without spaces or commas, such as “mqtt”.');
  }
  return problems;
}

function headerNameProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  const lower = name.toLowerCase();
  if (name === '') {
    return 'Give the header a name, or remove it.';
  }
  if (!token.test(name)) {
    return 'The name of a header has letters, digits and hyphens only, no spaces or colons.';
  }
  if (lower === 'sec-websocket-protocol') {
    return 'The subprotocol has a field of its own.';
  }
  if (ownHeaders.has(lower)) {
    return `The handshake of the WebSocket makes the header “${name}” itself.`;
  }
  return seen.has(lower) ? `The header “${name}” stands there twice.` : undefined;
}

/** Anything that a header can't carry (RFC 9110 section 5.5), line breaks above all. */
function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (code < 0x20 && code !== 9) || code === 0x7f || code > 0xff;
  });
}

function socketProblems(profile: Profile, isWeb: boolean): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const add = (field: string, message: string) => problems.push({ field, tab: 'Advanced', message });
  const { socketPath, addressFamily, host, proxy } = profile;
  if (socketPath !== '' && isWeb) {
    add('socketPath', `A Unix socket takes mqtt or mqtts, not ${profile.protocol}.`);
  } else if (socketPath !== '' && (proxy?.kind === 'http' || proxy?.kind === 'socks5')) {
    add('socketPath', 'A Unix socket is on this machine: no proxy leads to it. Choose one of the two.');
  }
  const family = addressFamilyOf(host);
  if (family !== undefined && addressFamily !== 'any' && family !== addressFamily) {
    const words = { ipv4: 'an IPv4 address', ipv6: 'an IPv6 address' };
    add('addressFamily', `The host is ${words[family]}. Choose “Any”, or enter ${words[addressFamily]}.`);
  }
  return problems;
}

function proxyProblems({ proxy }: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  if (proxy === undefined) {
    return [];
  }
  return proxyFieldProblems(proxy, secrets.has?.('proxyPassword') ?? false).map(({ field, message }) => ({
    field: `proxy.${field}`,
    tab: 'Advanced',
    message,
  }));
}

/** What is wrong with a proxy, of a profile or of the settings. */
export function proxyFieldProblems(
  proxy: NonNullable<Profile['proxy']>,
  hasPassword: boolean,
): readonly { readonly field: 'host' | 'port' | 'username'; readonly message: string }[] {
  if (proxy.kind !== 'http' && proxy.kind !== 'socks5') {
    return [];
  }
  const problems: { field: 'host' | 'port' | 'username'; message: string }[] = [];
  if (proxy.host.trim() === '') {
    problems.push({ field: 'host', message: 'Enter the host name or IP address of the proxy.' });
  } else if (/[\s/]/.test(proxy.host)) {
    problems.push({ field: 'host', message: 'Enter the proxy’s host alone, without “http://” or a path.' });
  }
  if (!Number.isInteger(proxy.port) || proxy.port < 1 || proxy.port > 65_535) {
    problems.push({ field: 'port', message: 'A port is a whole number from 1 to 65535.' });
  }
  if (proxy.username === '' && hasPassword) {
    problems.push({ field: 'username', message: 'The password of the proxy needs its user name.' });
  }
  return problems;
}

/** What is wrong with TLS beyond the files, which the engine judges. */
export function tlsProblems({ tls }: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const add = (field: string, message: string) => problems.push({ field, tab: 'Security', message });
  const { minVersion, maxVersion, psk } = tls;
  if (
    minVersion !== undefined &&
    maxVersion !== undefined &&
    tlsVersions.indexOf(minVersion) > tlsVersions.indexOf(maxVersion)
  ) {
    add('tls.maxVersion', 'The newest TLS version allowed is older than the oldest one.');
  }
  if (psk !== undefined) {
    addPskProblems(tls, secrets, add);
  } else if (tls.verify && isNothingTrusted(tls)) {
    add(
      'tls.trust',
      'No issuer is trusted: choose the system’s or the bundled CAs, or add a CA certificate.',
    );
  }
  if (tls.alpn.some((name) => name.trim() === '' || new TextEncoder().encode(name).length > 255)) {
    add('tls.alpn', 'An ALPN protocol has 1 to 255 bytes.');
  }
  if (addressFamilyOf(tls.serverName) !== undefined) {
    add('tls.serverName', 'The server name is a host name: TLS does not take IP addresses there.');
  } else if (/[\s/:]/.test(tls.serverName)) {
    add('tls.serverName', 'The server name is a host name alone, without port or path.');
  }
  if (tls.keyLogFile !== '' && !/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(tls.keyLogFile)) {
    add('tls.keyLogFile', 'Give the whole path of the key log file, from the root on.');
  }
  return problems;
}

function addPskProblems(
  tls: Profile['tls'],
  secrets: SecretsPresent,
  add: (field: string, message: string) => void,
): void {
  if (tls.psk?.identity === '') {
    add('tls.psk.identity', 'Enter the identity that the broker knows the pre-shared key by.');
  }
  const typed = secrets.typed?.('psk');
  if (secrets.has?.('psk') === false) {
    add('tls.psk.key', 'Enter the pre-shared key.');
  } else if (typed !== undefined && !/^([0-9a-f]{2})+$/i.test(typed)) {
    add('tls.psk.key', 'The pre-shared key is hexadecimal: pairs of the digits 0 to 9 and a to f.');
  }
  if (tls.certificate !== undefined || tls.key !== undefined) {
    add(
      'tls.psk',
      'A pre-shared key takes the place of certificates: remove the client certificate, or the key.',
    );
  }
}

function isNothingTrusted({ trust, ca, pin }: Profile['tls']): boolean {
  return !trust.system && !trust.bundled && ca.length === 0 && pin === undefined;
}

/** SCRAM proves the password of a user; without either there is nothing to prove. */
export function authenticationProblems(profile: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const method = profile.mqtt5.authenticationMethod;
  if (method === undefined || profile.mqttVersion !== '5.0') {
    return [];
  }
  const problems: ProfileProblem[] = [];
  if (profile.credentials.kind !== 'password') {
    problems.push({
      field: 'mqtt5.authenticationMethod',
      tab: 'MQTT 5',
      message: `${method} needs a user name and a password; the cloud’s credentials don’t go with it.`,
    });
  } else if (!profile.askCredentials && profile.username === '') {
    problems.push({ field: 'username', tab: 'General', message: `${method} needs a user name.` });
  } else if (!profile.askCredentials && !secrets.password) {
    problems.push({
      field: 'mqtt5.authenticationMethod',
      tab: 'MQTT 5',
      message: `${method} needs a password: enter it in the tab “General”.`,
    });
  }
  return problems;
}

/** The family of an address, `undefined` for a host name. Brackets around IPv6 are not part of it. */
function addressFamilyOf(host: string): 'ipv4' | 'ipv6' | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) {
    return 'ipv4';
  }
  return /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%.+)?$/i.test(host) ? 'ipv6' : undefined;
}
