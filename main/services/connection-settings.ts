import { fail } from '#app/contract/failure.ts';
import type { MaterialAdvice } from '#app/contract/operations/main.ts';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import { encodePayload } from '#app/payload/registry.ts';
import { type Profile, type SecretName, secretNameSchema, type VaultFile } from '#app/profile/profile.ts';
import { willProperties } from '#app/profile/will-properties.ts';
import type { ConnectionSettings } from '../session/settings.ts';
import { followsSystemProxy, type ProxySources, resolveProxy } from './network/resolve-proxy.ts';
import { judgeTlsMaterial, type MaterialFile } from './tls-material.ts';
import type { SecretVault } from './vault.ts';

/** Secrets that are not in the vault: of a temporary session. */
export interface LooseSecrets {
  readonly password?: string;
}

const decoder = new TextDecoder();

/**
 * Fills a profile's secrets in. Throws a failure that says what to mend: a secret that is gone or can't be decrypted,
 * a key that stays locked, a will or birth message that is not valid. A read-only profile has neither.
 */
export async function resolveSettings(
  profile: Profile,
  vault: SecretVault,
  loose: LooseSecrets = {},
  proxies?: ProxySources,
): Promise<ConnectionSettings> {
  const password = loose.password ?? (await readSecret(vault, profile.passwordRef, 'password'));
  const secrets = await readSecrets(profile, vault);
  const usesTls = profile.protocol === 'mqtts' || profile.protocol === 'wss';
  const usesWebSocket = profile.protocol === 'ws' || profile.protocol === 'wss';
  const tls = usesTls ? await resolveTls(profile, vault) : { ca: [] };
  const proxy = await resolveProxy(profile, secrets.proxyPassword, proxies);
  // Armed, it would be a message that the broker publishes for us with the first loss of the connection.
  const mayPublish = profile.guard !== 'readOnly';
  const will = profile.will.enabled && mayPublish ? resolveWill(profile) : undefined;
  const birth = profile.birth.enabled && mayPublish ? resolveBirth(profile) : undefined;
  const { requestProblemInformation, requestResponseInformation, ...mqtt5 } = profile.mqtt5;
  return {
    protocol: profile.protocol,
    host: profile.host,
    port: profile.port,
    path: profile.path,
    socketPath: profile.socketPath,
    addressFamily: profile.addressFamily,
    webSocket: {
      subprotocol: profile.webSocket.subprotocol,
      headers: (usesWebSocket ? profile.webSocket.headers : []).map(({ name, value, secret }) => ({
        name,
        value: secret ? secretHeader(name, secrets) : value,
      })),
    },
    ...(proxy === undefined ? {} : { proxy }),
    ...(followsSystemProxy(profile, proxies) ? { followsSystemProxy: true } : {}),
    credentials: profile.credentials,
    secrets,
    mqttVersion: profile.mqttVersion,
    clientId: profile.clientId,
    keepAlive: profile.keepAlive,
    connectTimeout: profile.connectTimeout,
    clean: profile.clean,
    sessionExpiryInterval: profile.sessionExpiryInterval,
    reconnect: profile.reconnect,
    username: profile.username,
    ...(password === undefined ? {} : { password }),
    tls: {
      verify: profile.tls.verify,
      trust: profile.tls.trust,
      alpn: profile.tls.alpn,
      serverName: profile.tls.serverName,
      wantsKeyLog: profile.tls.keyLogFile !== '',
      ...defined({
        pin: profile.tls.pin?.fingerprint256,
        minVersion: profile.tls.minVersion,
        maxVersion: profile.tls.maxVersion,
        psk: usesTls ? resolvePsk(profile, secrets) : undefined,
      }),
      ...tls,
    },
    ...(will === undefined ? {} : { will }),
    ...(birth === undefined ? {} : { birth }),
    mqtt5: {
      userProperties: mqtt5.userProperties,
      ...defined({
        receiveMaximum: mqtt5.receiveMaximum,
        maximumPacketSize: mqtt5.maximumPacketSize,
        requestResponseInformation,
        requestProblemInformation,
        authenticationMethod: mqtt5.authenticationMethod,
      }),
    },
  };
}

/** Sent without its value, a header of a sign-in would be refused by the broker for no visible reason. */
function secretHeader(name: string, secrets: Partial<Record<SecretName, string>>): string {
  const value = secrets[`header:${name}`];
  if (value === undefined) {
    throw fail(
      'webSocket.header',
      `The secret value of the WebSocket header “${name}” is not stored.`,
      'Type it in again, or remove the header.',
    );
  }
  return value;
}

async function resolveTls(
  profile: Profile,
  vault: SecretVault,
): Promise<Pick<ConnectionSettings['tls'], 'ca' | 'certificate' | 'key'>> {
  const load = async (file: VaultFile): Promise<MaterialFile> => ({
    ...file,
    bytes: await vault.get(file.ref),
  });
  const { tls } = profile;
  const { report, pem } = await judgeTlsMaterial({
    ca: await Promise.all(tls.ca.map(load)),
    certificate: tls.certificate === undefined ? undefined : await load(tls.certificate),
    key: tls.key === undefined ? undefined : await load(tls.key),
    passphrase: await readSecret(vault, tls.passphraseRef, 'passphrase'),
  });
  const errors = report.advice.filter(({ severity }) => severity === 'error');
  const cause = errors.find(({ place }) => place === 'ca')?.message;
  const caIsMissing = tls.ca.length > 0 && pem.ca.length === 0;
  const hint = 'Open the profile, tab “Security”, and mend it there.';
  if (report.match === 'locked' || report.match === 'mismatch' || report.match === 'incomplete') {
    const codes = { locked: 'tls.key-locked', mismatch: 'tls.key-mismatch', incomplete: 'tls.incomplete' };
    throw fail(
      codes[report.match],
      keyProblem(errors) ?? 'Client certificate and key are not complete.',
      hint,
    );
  }
  if (caIsMissing) {
    throw fail('tls.ca', cause ?? 'The CA certificate can’t be used.', hint);
  }
  return pem;
}

/** Whether the pair fits is judged last, and that is what keeps it from being used. */
function keyProblem(errors: readonly MaterialAdvice[]): string | undefined {
  return errors.findLast(({ place }) => place !== 'ca')?.message;
}

function resolveWill({ will, mqttVersion }: Profile): NonNullable<ConnectionSettings['will']> {
  const problem = topicNameProblem(will.topic, mqttVersion);
  if (problem !== undefined) {
    throw fail(
      'will.topic',
      `The topic of the last will is not valid. ${problem}`,
      'Open the profile, tab “Last will”.',
    );
  }
  const isMqtt5 = mqttVersion === '5.0';
  return {
    topic: will.topic,
    payload: encodePayload(will.format, will.payload),
    qos: will.qos,
    retain: will.retain,
    ...(isMqtt5 && will.delayInterval !== undefined ? { delayInterval: will.delayInterval } : {}),
    properties: isMqtt5 ? willProperties(will) : {},
    ...(will.onDisconnect === true ? { onDisconnect: true } : {}),
  };
}

function resolveBirth({ birth, mqttVersion }: Profile): NonNullable<ConnectionSettings['birth']> {
  const { topic, qos, retain } = birth;
  const problem = topicNameProblem(topic, mqttVersion);
  if (problem !== undefined) {
    throw fail(
      'birth.topic',
      `The topic of the birth message is not valid. ${problem}`,
      'Open the profile, tab “Last will”.',
    );
  }
  return { topic, payload: encodePayload(birth.format, birth.payload), qos, retain };
}

/** All secrets beside password and passphrase, by name. */
async function readSecrets(
  profile: Profile,
  vault: SecretVault,
): Promise<Partial<Record<SecretName, string>>> {
  const secrets: Partial<Record<SecretName, string>> = {};
  for (const [name, ref] of Object.entries(profile.secretRefs)) {
    const value = await readSecret(vault, ref, wordsOf(name));
    if (value !== undefined) {
      secrets[secretNameSchema.parse(name)] = value;
    }
  }
  return secrets;
}

/** `awsSecretAccessKey` → `aws secret access key`. */
function wordsOf(name: string): string {
  return name.startsWith('header:')
    ? `value of the header ${name.slice('header:'.length)}`
    : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function resolvePsk(
  { tls }: Profile,
  secrets: Partial<Record<SecretName, string>>,
): ConnectionSettings['tls']['psk'] {
  if (tls.psk === undefined) {
    return undefined;
  }
  const hex = secrets.psk ?? '';
  if (!/^([0-9a-f]{2})+$/i.test(hex)) {
    throw fail(
      'tls.psk',
      'The pre-shared key is missing or is not hexadecimal.',
      'Open the profile, tab “Security”, and enter the key as pairs of hexadecimal digits.',
    );
  }
  return { identity: tls.psk.identity, key: Buffer.from(hex, 'hex') };
}

async function readSecret(
  vault: SecretVault,
  ref: string | undefined,
  what: string,
): Promise<string | undefined> {
  if (ref === undefined) {
    return undefined;
  }
  const bytes = await vault.get(ref);
  if (bytes === undefined) {
    throw fail(
      'vault.missing',
      `The ${what} of this profile is not stored here.`,
      `It may have been stored by the desktop app or in another data directory. Edit the profile and enter the ${what} again.`,
    );
  }
  return decoder.decode(bytes);
}

/** Without the members that are `undefined`. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
