import { generateClientId } from '../profile/defaults.ts';
import type { Credentials, MqttVersion, Profile, Protocol, Qos } from '../profile/profile.ts';
import { azureClientId } from './azure-iot-hub.ts';
import { mergeCredentials } from './credential-kinds.ts';
import { googleProject } from './credential-problems.ts';

/** What a service can't do, as far as a profile could ask for it. */
export interface ServiceLimits {
  /** Seconds. */
  readonly keepAlive?: { readonly min: number; readonly max: number };
  readonly maxQos?: Qos;
  /** Retained messages end the connection or are not kept. */
  readonly retain?: false;
  readonly versions?: readonly MqttVersion[];
}

/** A broker or service that fills and explains the form. */
export interface Preset {
  readonly id: string;
  /** As the picker shows it, within its group. */
  readonly label: string;
  readonly group: string;
  /** The name of a connection that has none yet. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Of the WebSocket endpoint. */
  readonly path?: string;
  /** A fixed host; absent: each customer has one. */
  readonly host?: string;
  /** What the service's hosts look like, for people, and how to tell. */
  readonly hosts?: { readonly example: string; readonly pattern: RegExp };
  readonly alpn?: readonly string[];
  readonly mqttVersion: MqttVersion;
  readonly credentials: Credentials;
  /** The client shows a certificate. */
  readonly needsCertificate?: true;
  /** The client signs in by user name and password. */
  readonly needsPassword?: true;
  /** Plain sentences: what it is, what is needed from the vendor's console, what it can't do. */
  readonly explanation: readonly string[];
  readonly limits?: ServiceLimits;
}

/** Hosts that nobody chose: they give way to a preset. */
const isUnchosen = (host: string, presets: readonly Preset[]) =>
  host === 'localhost' || presets.some((preset) => preset.host === host);

/**
 * A profile with a preset's values filled in. What the user entered stays where the service leaves it open: host,
 * name, device, keys. `presets` are all there are: a host that another one filled in goes.
 */
export function withPreset(profile: Profile, preset: Preset, presets: readonly Preset[]): Profile {
  const { keepAlive } = preset.limits ?? {};
  const host = preset.host ?? (isUnchosen(profile.host, presets) ? '' : profile.host);
  const isUnnamed = profile.name === 'New connection' || presets.some(({ name }) => name === profile.name);
  const credentials = mergeCredentials(profile.credentials, preset.credentials);
  return {
    ...profile,
    presetId: preset.id,
    name: isUnnamed ? preset.name : profile.name,
    host,
    protocol: preset.protocol,
    port: preset.port,
    path: preset.path ?? profile.path,
    mqttVersion: preset.mqttVersion,
    credentials,
    clientId: clientIdFor(profile, credentials),
    clean: true,
    keepAlive:
      keepAlive === undefined
        ? profile.keepAlive
        : Math.min(Math.max(profile.keepAlive, keepAlive.min), keepAlive.max),
    tls: { ...profile.tls, alpn: [...(preset.alpn ?? [])] },
  };
}

/** Client IDs that a service prescribes come and go with it. */
function clientIdFor({ clientId, credentials: old }: Profile, credentials: Credentials): string {
  if (credentials.kind === 'azureSas' || credentials.kind === 'azureX509') {
    return credentials.deviceId === '' ? clientId : azureClientId(credentials);
  }
  if (credentials.kind === 'googleJwt') {
    return googleProject(clientId) === undefined ? '' : clientId;
  }
  const wasPrescribed =
    clientId === '' ||
    googleProject(clientId) !== undefined ||
    ((old.kind === 'azureSas' || old.kind === 'azureX509') && clientId === azureClientId(old));
  return wasPrescribed ? generateClientId() : clientId;
}

/** What in a profile does not fit the service of its preset: said, not forbidden, as services change and have proxies. */
export function presetAdvice(profile: Profile, preset: Preset): readonly string[] {
  const { limits = {} } = preset;
  const { host, protocol, port, keepAlive, mqttVersion, tls, will, subscriptions } = profile;
  const advice: string[] = [];
  const add = (applies: boolean, sentence: string) => applies && advice.push(sentence);
  const { hosts, alpn = [] } = preset;
  if (hosts !== undefined && host !== '') {
    add(
      !hosts.pattern.test(host),
      `The host does not look like one of this service, which are like ${hosts.example}.`,
    );
  }
  add(preset.host !== undefined && host !== preset.host, `The host of this broker is ${preset.host}.`);
  add(
    protocol !== preset.protocol || port !== preset.port,
    `This preset is for ${preset.protocol} on port ${preset.port}.`,
  );
  add(
    alpn.length > 0 && !alpn.every((name) => tls.alpn.includes(name)),
    `On port ${preset.port} the service tells connections apart by ALPN “${alpn.join(', ')}”; it is set under Security.`,
  );
  add(
    preset.needsCertificate === true && (tls.certificate === undefined || tls.key === undefined),
    'A client certificate and its key are needed: add both under Security.',
  );
  add(preset.needsPassword === true && profile.username === '', 'A username and a password are needed.');
  const { min = 0, max = 65_535 } = limits.keepAlive ?? {};
  add(
    keepAlive < min || keepAlive > max,
    `Keep alive has to be from ${min} to ${max} seconds for this service.`,
  );
  add(
    limits.versions !== undefined && !limits.versions.includes(mqttVersion),
    `The service does not speak MQTT ${mqttVersion}; choose ${limits.versions?.join(' or ')}.`,
  );
  const maxQos = limits.maxQos ?? 2;
  add(
    (will.enabled && will.qos > maxQos) || subscriptions.some(({ enabled, qos }) => enabled && qos > maxQos),
    `The service has no QoS above ${maxQos}, and the last will or a subscription asks for it.`,
  );
  add(
    limits.retain === false && will.enabled && will.retain,
    'The service does not keep retained messages, and the last will is one.',
  );
  return advice;
}
