import { topicNameProblem } from '../mqtt/topic.ts';
import { encodePayload } from '../payload/registry.ts';
import type { Profile } from '../profile/profile.ts';
import { willProperties } from '../profile/will-properties.ts';
import { type ProgramConnection, usesTls } from './program.ts';

/**
 * What a program needs of a profile whose variables are filled in. `password`: only where it was asked for. A will that is
 * not valid is left out and said.
 */
export function programConnection(profile: Profile, password?: string): ProgramConnection {
  const { tls } = profile;
  const beyond: string[] = [];
  const sign = profile.credentials.kind;
  if (sign !== 'password') {
    beyond.push('The sign-in of a cloud is made anew for each connect here; the program has none of it.');
  }
  if (profile.proxy !== undefined && profile.proxy.kind !== 'none') {
    beyond.push('The proxy is left out.');
  }
  if (profile.socketPath !== '') {
    beyond.push('The connection goes through a socket of this computer; the program takes host and port.');
  }
  if (usesTls(profile) && tls.psk !== undefined) {
    beyond.push('The pre-shared key (PSK) is left out.');
  }
  if (profile.mqtt5.authenticationMethod !== undefined) {
    beyond.push('The enhanced authentication is left out.');
  }
  if (usesTls(profile) && tls.pin !== undefined) {
    beyond.push(
      'The pinned certificate is left out: the server’s certificate has to be issued by a CA that is trusted.',
    );
  }
  if (profile.webSocket.headers.length > 0 && profile.protocol.startsWith('ws')) {
    beyond.push('The headers of the WebSocket are left out.');
  }
  if (profile.birth.enabled) {
    beyond.push('The birth message is left out.');
  }
  const will = profile.will.enabled ? willOf(profile, beyond) : undefined;
  return {
    protocol: profile.protocol,
    host: profile.host,
    port: profile.port,
    path: profile.path,
    mqttVersion: profile.mqttVersion,
    clientId: profile.clientId,
    username: sign === 'password' ? profile.username : '',
    hasPassword: sign === 'password' && (profile.passwordRef !== undefined || profile.askCredentials),
    ...(password === undefined || sign !== 'password' ? {} : { password }),
    keepAlive: profile.keepAlive,
    clean: profile.clean,
    sessionExpiryInterval: profile.sessionExpiryInterval,
    tls: {
      verify: tls.verify,
      ca: tls.ca.map(({ fileName }) => fileName),
      ...(tls.certificate === undefined ? {} : { certificate: tls.certificate.fileName }),
      ...(tls.key === undefined ? {} : { key: tls.key.fileName }),
      hasPassphrase: tls.passphraseRef !== undefined,
      alpn: tls.alpn,
      serverName: tls.serverName,
    },
    ...(will === undefined ? {} : { will }),
    subscriptions: profile.subscriptions.filter(({ enabled }) => enabled),
    beyond,
  };
}

function willOf({ will, mqttVersion, guard }: Profile, beyond: string[]): ProgramConnection['will'] {
  if (guard === 'readOnly') {
    beyond.push('The last will is left out: the connection is read-only, and the broker would publish it.');
    return undefined;
  }
  if (topicNameProblem(will.topic, mqttVersion) !== undefined) {
    beyond.push('The last will is left out: its topic is not valid.');
    return undefined;
  }
  try {
    const { topic, qos, retain, delayInterval } = will;
    const isFive = mqttVersion === '5.0';
    return {
      topic,
      qos,
      retain,
      payload: encodePayload(will.format, will.payload),
      properties: isFive ? willProperties(will) : {},
      ...(isFive && delayInterval !== undefined ? { delayInterval } : {}),
    };
  } catch {
    beyond.push('The last will is left out: its payload is not valid.');
    return undefined;
  }
}
