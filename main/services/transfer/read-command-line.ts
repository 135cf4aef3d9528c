import { generateClientId } from '#app/profile/defaults.ts';
import { type Qos, type TlsVersion, tlsVersions } from '#app/profile/profile.ts';
import type { Attachments } from './attachments.ts';
import { baseName } from './attachments.ts';
import { type OptionKey, reasonFor } from './mosquitto-options.ts';
import { applyProperty } from './mosquitto-properties.ts';
import { type MosquittoWords, parseOptions } from './mosquitto-words.ts';
import { ProfileDraft, type ReadProfile } from './profile-draft.ts';
import { type ServerUri, setEndpoint } from './server-uri.ts';
import { type ShellCommand, splitCommands } from './shell-words.ts';
import { number } from './values.ts';

const program = /^mosquitto_(pub|sub|rr)(\.exe)?$/i;
const NEVER = 0xffff_ffff;

/** True where a text has a command of Mosquitto's clients somewhere. */
export function hasMosquittoCommand(text: string): boolean {
  return /mosquitto_(pub|sub|rr)\b/i.test(text);
}

/** One profile for each `mosquitto_pub` and `mosquitto_sub` of a text; other commands are passed over. */
export function readCommandLines(text: string, attachments: Attachments): readonly ReadProfile[] {
  return splitCommands(text).flatMap((command) => {
    const start = command.words.findIndex((word) => program.test(baseName(word)));
    return start < 0 ? [] : [readCommand(command, start, attachments)];
  });
}

function readCommand(command: ShellCommand, start: number, attachments: Attachments): ReadProfile {
  const isPub = /pub/i.test(baseName(command.words[start] ?? ''));
  const draft = new ProfileDraft(attachments);
  const found = parseOptions(command.words.slice(start + 1), draft);
  const uri = endpointOf(found, draft);
  const one = (key: OptionKey) => found.values.get(key)?.at(-1);
  const isSecure =
    (['cafile', 'capath', 'cert', 'osCerts', 'psk'] as const).some((key) => found.values.has(key)) ||
    uri.port === 8883;
  setEndpoint(draft, uri, { hasTls: isSecure, isWebSocket: found.values.has('ws') });
  const socketPath = one('unix');
  if (socketPath !== undefined) {
    draft.set({ socketPath, host: draft.profile.host || 'localhost' }, 'Unix socket');
  }
  readSession(draft, found);
  readTls(draft, found);
  readProxy(draft, one('proxy'));
  readWill(draft, found);
  for (const property of found.properties) {
    applyProperty(draft, property);
  }
  readTopics(draft, found, uri, isPub);
  nameTheRest(draft, found, command);
  return draft.finish();
}

/** `-L` first, then `-h` and `-p` over it. */
function endpointOf(
  { values }: MosquittoWords,
  draft: ProfileDraft,
): ServerUri & { readonly topic?: string } {
  const url = values.get('url')?.at(-1);
  const host = values.get('host')?.at(-1);
  const port = values.get('port')?.at(-1);
  const parsed = url === undefined ? undefined : parseUrl(url, draft);
  const bare = (host ?? parsed?.host ?? 'localhost').replace(/^\[(.*)\]$/, '$1');
  const wanted = port === undefined ? undefined : number(port);
  if (port !== undefined && wanted === undefined) {
    draft.skip(`-p ${port}`, 'It is no number.');
  }
  return {
    protocol: parsed?.protocol,
    host: bare,
    port: wanted ?? parsed?.port,
    path: undefined,
    ...(parsed?.topic === undefined ? {} : { topic: parsed.topic }),
  };
}

/** `mqtt(s)://[user[:password]@]host[:port]/topic`. As in Mosquitto nothing is decoded, and the path is the topic. */
function parseUrl(url: string, draft: ProfileDraft): (ServerUri & { readonly topic: string }) | undefined {
  const match = /^(mqtts?|wss?):\/\/(?:([^@/]*)@)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?(?:\/(.*))?$/i.exec(url);
  if (match === null) {
    draft.skip('-L', 'The URL can’t be read. It looks like mqtts://user:password@host:8883/topic.');
    return undefined;
  }
  const [, scheme = 'mqtt', signIn, host = '', port, topic = ''] = match;
  if (signIn !== undefined) {
    const colon = signIn.indexOf(':');
    draft.credentials(
      colon < 0 ? signIn : signIn.slice(0, colon),
      colon < 0 ? undefined : signIn.slice(colon + 1),
    );
  }
  const protocol = scheme.toLowerCase();
  return {
    protocol: protocol === 'mqtts' || protocol === 'ws' || protocol === 'wss' ? protocol : 'mqtt',
    host,
    port: port === undefined ? undefined : Number(port),
    path: undefined,
    topic,
  };
}

function readSession(draft: ProfileDraft, { values, properties }: MosquittoWords): void {
  const one = (key: OptionKey) => values.get(key)?.at(-1);
  draft.credentials(one('username'), one('password'));
  const version = (one('version') ?? '').toLowerCase().replace('mqttv', '');
  // A property makes Mosquitto's clients speak MQTT 5.
  const isFive = version === '5' || (version === '' && (properties.length > 0 || values.has('expiry')));
  const names = { '5': '5.0', '311': '3.1.1', '31': '3.1' } as const;
  if (isFive) {
    draft.set({ mqttVersion: '5.0' }, 'MQTT version');
  } else if (version === '311' || version === '31') {
    draft.set({ mqttVersion: names[version] }, 'MQTT version');
  } else if (version !== '') {
    draft.skip(`-V ${version}`, 'There is no such version; 3.1.1 is used.');
  }
  const clientId = one('id');
  const prefix = one('idPrefix');
  if (clientId !== undefined) {
    draft.set({ clientId }, 'Client ID');
  } else if (prefix !== undefined) {
    draft.set({ clientId: `${prefix}${generateClientId().slice(-8)}` }, 'Prefix of the client ID');
  }
  whole(draft, 'Keep alive', '-k', one('keepAlive'), 65_535, (keepAlive) => draft.set({ keepAlive }));
  if (values.has('persistent')) {
    draft.set({ clean: false }, 'Clean session');
  }
  const expiry = one('expiry');
  if (expiry === '-1' || expiry === '∞' || (expiry === undefined && values.has('persistent') && isFive)) {
    draft.set({ sessionExpiryInterval: NEVER }, 'Session expiry');
  } else {
    whole(draft, 'Session expiry', '-x', expiry, NEVER, (value) =>
      draft.set({ sessionExpiryInterval: value }),
    );
  }
}

function whole(
  draft: ProfileDraft,
  what: string,
  name: string,
  value: string | undefined,
  max: number,
  apply: (value: number) => void,
): void {
  if (value !== undefined && number(value) === undefined) {
    draft.skip(`${name} ${value}`, 'It is no number.');
    return;
  }
  draft.whole(what, number(value), 0, max, (found) => {
    apply(found);
    draft.take(what);
  });
}

function readTls(draft: ProfileDraft, { values }: MosquittoWords): void {
  const one = (key: OptionKey) => values.get(key)?.at(-1);
  if (!draft.usesTls) {
    return;
  }
  draft.reference('ca', one('cafile'));
  draft.reference('certificate', one('cert'));
  draft.reference('key', one('key'));
  if (values.has('osCerts')) {
    draft.setTls({ trust: { system: true, bundled: true } }, 'CAs of the system');
  }
  const version = one('tlsVersion')?.toLowerCase();
  const minVersion = tlsVersions.find(
    (name) => name.toLowerCase() === (version === 'tlsv1.0' ? 'tlsv1' : version),
  );
  if (minVersion !== undefined) {
    draft.setTls({ minVersion: minVersion satisfies TlsVersion }, `${minVersion} or newer`);
  } else if (version !== undefined) {
    draft.skip(`--tls-version ${version}`, 'There is no such version.');
  }
  const alpn = one('alpn');
  if (alpn !== undefined && alpn !== '') {
    draft.setTls({ alpn: [alpn.slice(0, 255)] }, 'ALPN');
  }
  const psk = one('psk');
  const identity = one('pskIdentity');
  if (psk !== undefined && identity !== undefined && identity.length <= 1024) {
    draft.setTls({ psk: { identity } }, 'PSK identity');
    if (/^([0-9a-f]{2})+$/i.test(psk)) {
      draft.secret('psk', psk, 'Pre-shared key');
    } else {
      draft.skip('--psk', 'The key is not in hexadecimal digits.');
    }
  } else if (psk !== undefined || identity !== undefined) {
    draft.skip(
      psk === undefined ? '--psk-identity' : '--psk',
      'A pre-shared key needs both --psk and --psk-identity.',
    );
  }
}

/** `socks5h://[user[:password]@]host[:port]`; of what is encoded Mosquitto knows `%25`, `%3A` and `%40`. */
function readProxy(draft: ProfileDraft, proxy: string | undefined): void {
  if (proxy === undefined) {
    return;
  }
  const match = /^socks5h?:\/\/(?:([^@]*)@)?(\[[^\]]*\]|[^:/]+)(?::(\d+))?\/?$/i.exec(proxy);
  const port = match?.[3] === undefined ? 1080 : Number(match[3]);
  if (match === null || port < 1 || port > 65_535) {
    draft.skip(
      '--proxy',
      'The address of the proxy can’t be read: it looks like socks5h://user:password@host:1080.',
    );
    return;
  }
  const decode = (text: string) =>
    text.replace(/%(25|3A|40)/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  const signIn = match[1] ?? '';
  const colon = signIn.indexOf(':');
  const host = (match[2] ?? '').replace(/^\[(.*)\]$/, '$1');
  const username = decode(colon < 0 ? signIn : signIn.slice(0, colon)).slice(0, 255);
  draft.set({ proxy: { kind: 'socks5', host: host.slice(0, 255), port, username } }, 'SOCKS5 proxy');
  if (colon >= 0) {
    draft.secret('proxyPassword', decode(signIn.slice(colon + 1)), 'Password of the proxy');
  }
}

function readWill(draft: ProfileDraft, { values }: MosquittoWords): void {
  const topic = values.get('willTopic')?.at(-1);
  if (topic === undefined) {
    return;
  }
  draft.setWill({
    enabled: true,
    topic,
    payload: values.get('willPayload')?.at(-1) ?? '',
    qos: qosOf(values.get('willQos')?.at(-1)),
    retain: values.has('willRetain'),
  });
  draft.take('Last will');
}

function qosOf(text: string | undefined): Qos {
  const qos = number(text);
  return qos === 1 || qos === 2 ? qos : 0;
}

/** Topics of `mosquitto_sub` become subscriptions; those of `mosquitto_pub` are only named. */
function readTopics(
  draft: ProfileDraft,
  { values, properties }: MosquittoWords,
  { topic }: { readonly topic?: string },
  isPub: boolean,
): void {
  const topics = [...(values.get('topic') ?? []), ...(topic === undefined || topic === '' ? [] : [topic])];
  if (isPub) {
    for (const name of topics) {
      draft.skip(`Topic ${name}`, 'An import never publishes: enter it under “Publish”.');
    }
    return;
  }
  const handling: ReadonlyMap<string, 0 | 1 | 2> = new Map([
    ['always', 0],
    ['new', 1],
    ['never', 2],
  ]);
  for (const filter of topics) {
    draft.subscribe(filter, {
      qos: qosOf(values.get('qos')?.at(-1)),
      retainAsPublished: values.has('retainAsPublished'),
      retainHandling: handling.get(values.get('retainHandling')?.at(-1) ?? '') ?? 0,
    });
  }
  if (properties.some(([command]) => /^subscribe$/i.test(command ?? ''))) {
    draft.skip('-D subscribe', 'Subscriptions carry no properties of their own here.');
  }
}

function nameTheRest(draft: ProfileDraft, { rest, values }: MosquittoWords, command: ShellCommand): void {
  for (const { name, value, key } of rest) {
    const written = value === '' ? name : `${name} ${value}`;
    if (key === 'message' || key === 'retain') {
      draft.skip(written, 'An import never publishes: enter it under “Publish”.');
    } else if (key === 'insecure') {
      draft.skip(
        name,
        'The server’s name is checked all the same. If it does not fit, enter the right one as “Server name (SNI)”.',
      );
    } else if (key === 'keyLog') {
      draft.skip(written, 'Choose the file of the TLS keys under “Security” yourself.');
    } else if (key === 'capath') {
      draft.skip(written, 'Only its path is known. Drop its certificates under “Security”.');
    } else if (key === 'output') {
      draft.skip(written, 'It concerns what Mosquitto’s client prints, not the connection.');
    } else {
      draft.skip(written, reasonFor(name));
    }
  }
  if (!draft.usesTls && values.has('alpn')) {
    draft.skip('--tls-alpn', 'The command does not use TLS.');
  }
  for (const variable of new Set(command.unresolved)) {
    draft.warn(`${variable} stands as it is written: its value is known to the shell only.`);
  }
}
