/** What an option of `mosquitto_pub`, `mosquitto_sub` and `mosquitto_rr` is about, and how many words follow it. */
export interface MosquittoOption {
  readonly key: OptionKey;
  readonly words: 0 | 1 | 2;
}

export type OptionKey =
  | 'host'
  | 'port'
  | 'username'
  | 'password'
  | 'id'
  | 'idPrefix'
  | 'keepAlive'
  | 'persistent'
  | 'version'
  | 'url'
  | 'unix'
  | 'ws'
  | 'topic'
  | 'qos'
  | 'cafile'
  | 'capath'
  | 'cert'
  | 'key'
  | 'tlsVersion'
  | 'alpn'
  | 'osCerts'
  | 'insecure'
  | 'keyLog'
  | 'psk'
  | 'pskIdentity'
  | 'proxy'
  | 'willTopic'
  | 'willPayload'
  | 'willQos'
  | 'willRetain'
  | 'expiry'
  | 'property'
  | 'retainAsPublished'
  | 'retainHandling'
  | 'message'
  | 'retain'
  | 'notTaken'
  | 'output';

const table: readonly (readonly [names: string, key: OptionKey, words: 0 | 1 | 2])[] = [
  ['-h --host', 'host', 1],
  ['-p --port', 'port', 1],
  ['-u --username', 'username', 1],
  ['-P --pw', 'password', 1],
  ['-i --id', 'id', 1],
  ['-I --id-prefix', 'idPrefix', 1],
  ['-k --keepalive', 'keepAlive', 1],
  ['-c --disable-clean-session', 'persistent', 0],
  ['-V --protocol-version', 'version', 1],
  ['-L --url', 'url', 1],
  ['--unix', 'unix', 1],
  ['--ws', 'ws', 0],
  ['-t --topic', 'topic', 1],
  ['-q --qos', 'qos', 1],
  ['--cafile', 'cafile', 1],
  ['--capath', 'capath', 1],
  ['--cert', 'cert', 1],
  ['--key', 'key', 1],
  ['--tls-version', 'tlsVersion', 1],
  ['--tls-alpn', 'alpn', 1],
  ['--tls-use-os-certs', 'osCerts', 0],
  ['--insecure', 'insecure', 0],
  ['--tls-keylog', 'keyLog', 1],
  ['--psk', 'psk', 1],
  ['--psk-identity', 'pskIdentity', 1],
  ['--proxy', 'proxy', 1],
  ['--will-topic', 'willTopic', 1],
  ['--will-payload', 'willPayload', 1],
  ['--will-qos', 'willQos', 1],
  ['--will-retain', 'willRetain', 0],
  ['-x --session-expiry-interval', 'expiry', 1],
  ['-D --property', 'property', 0],
  ['--retain-as-published', 'retainAsPublished', 0],
  ['--retain-handling', 'retainHandling', 1],
  ['-m --message', 'message', 1],
  ['-f --file', 'message', 1],
  ['-l --stdin-line', 'message', 0],
  ['-s --stdin-file', 'message', 0],
  ['-n --null-message', 'message', 0],
  ['-r --retain', 'retain', 0],
  ['-e', 'message', 1],
  ['--repeat', 'message', 1],
  ['--repeat-delay', 'message', 1],
  ['-A', 'notTaken', 1],
  ['-S', 'notTaken', 0],
  ['-M', 'notTaken', 1],
  ['-T --filter-out', 'notTaken', 1],
  ['-U --unsubscribe', 'notTaken', 1],
  ['--ciphers', 'notTaken', 1],
  ['--tls-engine', 'notTaken', 1],
  ['--tls-engine-kpass-sha1', 'notTaken', 1],
  ['--keyform', 'notTaken', 1],
  ['--remove-retained', 'notTaken', 0],
  ['--nodelay', 'notTaken', 0],
  ['-C', 'output', 1],
  ['-W', 'output', 1],
  ['-F', 'output', 1],
  ['-o', 'notTaken', 1],
  ['--random-filter', 'output', 1],
  ['-E', 'output', 0],
  ['-N', 'output', 0],
  ['-R', 'output', 0],
  ['-d --debug', 'output', 0],
  ['-v --verbose', 'output', 0],
  ['-w --watch', 'output', 0],
  ['--pretty', 'output', 0],
  ['--quiet', 'output', 0],
  ['--retained-only', 'output', 0],
];

const options: ReadonlyMap<string, MosquittoOption> = new Map(
  table.flatMap(([names, key, words]) => names.split(' ').map((name) => [name, { key, words }] as const)),
);

export function findOption(name: string): MosquittoOption | undefined {
  return options.get(name);
}

/** Why an option is not taken; the others of the kind `notTaken` have nothing that corresponds. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['-A', 'Which network interface is used can’t be chosen.'],
  ['-S', 'Brokers are not looked up by SRV records: enter the host that the record names.'],
  ['-T', 'Filter the message stream instead.'],
  ['--filter-out', 'Filter the message stream instead.'],
  ['--ciphers', 'The ciphers of TLS can’t be chosen.'],
  ['--tls-engine', 'Keys in hardware are not supported.'],
  ['--tls-engine-kpass-sha1', 'Keys in hardware are not supported.'],
  ['--remove-retained', 'An import never deletes anything on a broker.'],
  ['-o', 'Options in other files are not read. Paste them here.'],
]);

export function reasonFor(name: string): string {
  return reasons.get(name) ?? 'It has no equal here.';
}
