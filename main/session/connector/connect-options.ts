import type { IClientOptions, IPublishPacket } from 'mqtt';
import { topicNameProblem, utf8Length } from '#app/mqtt/topic.ts';
import type {
  AuthenticationMethod,
  MqttVersion,
  PublishProperties,
  UserProperty,
} from '#app/profile/profile.ts';
import type { ConnectionSettings } from '../settings.ts';
import { ConnectError, lasting } from './verdict.ts';

const protocols = {
  '3.1': { protocolId: 'MQIsdp', protocolVersion: 3 },
  '3.1.1': { protocolId: 'MQTT', protocolVersion: 4 },
  '5.0': { protocolId: 'MQTT', protocolVersion: 5 },
} as const satisfies Record<MqttVersion, Pick<IClientOptions, 'protocolId' | 'protocolVersion'>>;

/** What an attempt may change in the settings: a session that is resumed, the client ID that the broker gave. */
export interface SessionOverrides {
  readonly clean: boolean;
  readonly clientId: string;
}

/** The beginning of enhanced authentication (MQTT 5.0 section 4.12). */
export interface Authentication {
  readonly method: AuthenticationMethod;
  readonly first: () => Buffer;
}

/**
 * The CONNECT packet as mqtt.js takes it. Throws a ConnectError for what no broker could accept. With enhanced
 * authentication user name and password stay out of it: the name travels in the method's own data, the password not at
 * all.
 */
export function connectOptions(
  settings: ConnectionSettings,
  session: SessionOverrides,
  authentication?: Authentication,
): IClientOptions {
  checkClientId(settings.mqttVersion, session);
  checkLengths(settings, session);
  const will = willOptions(settings);
  const properties = settings.mqttVersion === '5.0' ? connectProperties(settings, authentication) : undefined;
  const hasLogin =
    authentication === undefined && (settings.username !== '' || settings.password !== undefined);
  return {
    ...protocols[settings.mqttVersion],
    clientId: session.clientId,
    clean: session.clean,
    keepalive: settings.keepAlive,
    // A password needs a username in 3.1 and 3.1.1, if only an empty one.
    ...(hasLogin ? { username: settings.username } : {}),
    ...(hasLogin && settings.password !== undefined ? { password: settings.password } : {}),
    ...(will === undefined ? {} : { will }),
    ...(properties === undefined ? {} : { properties }),
  };
}

function checkClientId(version: MqttVersion, session: SessionOverrides): void {
  if (session.clientId === '' && (version === '3.1' || !session.clean)) {
    throw new ConnectError(
      lasting(
        'connect.client-id',
        version === '3.1'
          ? 'MQTT 3.1 needs a client ID, and none is given.'
          : 'A session can be resumed only under a client ID, and none is given.',
        version === '3.1' ? 'Enter or generate one.' : 'Enter a client ID, or switch the clean session on.',
      ),
    );
  }
}

function checkLengths(settings: ConnectionSettings, session: SessionOverrides): void {
  const isVersion5 = settings.mqttVersion === '5.0';
  const what =
    tooLong([
      ['The client ID', session.clientId],
      ['The user name', settings.username],
      ['The password', settings.password],
    ]) ??
    (isVersion5 ? oversizedProperty({ userProperties: [...settings.mqtt5.userProperties] }) : undefined) ??
    (isVersion5 && settings.will !== undefined ? oversizedProperty(settings.will.properties) : undefined);
  if (what !== undefined) {
    throw new ConnectError(
      lasting('connect.too-long', `${what} is longer than the 65,535 bytes that MQTT allows.`, 'Shorten it.'),
    );
  }
}

/** The property that is longer than MQTT allows, as the subject of a sentence; mqtt.js would send a broken packet. */
export function oversizedProperty(properties: PublishProperties): string | undefined {
  const { contentType, responseTopic, correlationData, userProperties = [] } = properties;
  return tooLong([
    ['The content type', contentType],
    ['The response topic', responseTopic],
    ['The correlation data', correlationData],
    ...userProperties.flatMap(({ key, value }): Field[] => [
      ['A user property', key],
      ['A user property', value],
    ]),
  ]);
}

type Field = readonly [what: string, value: string | Uint8Array | undefined];

/** Strings and binary data are preceded by their length in two bytes (MQTT 3.1.1 section 1.5.3, 5.0 section 1.5.4). */
function tooLong(fields: readonly Field[]): string | undefined {
  return fields.find(([, value]) => {
    const length = typeof value === 'string' ? utf8Length(value) : (value?.length ?? 0);
    return length > 65_535;
  })?.[0];
}

function connectProperties(
  settings: ConnectionSettings,
  authentication: Authentication | undefined,
): IClientOptions['properties'] {
  const { mqtt5 } = settings;
  const userProperties = userPropertiesOf(mqtt5.userProperties);
  // Topic Alias Maximum is never sent: mqtt.js closes the connection on an alias that it does not know, and at QoS 2
  // it loses the topic. Without it a broker must not use aliases (MQTT 5.0 section 3.1.2.11.5).
  const properties = {
    ...(settings.sessionExpiryInterval > 0 ? { sessionExpiryInterval: settings.sessionExpiryInterval } : {}),
    ...given('receiveMaximum', mqtt5.receiveMaximum),
    ...given('maximumPacketSize', mqtt5.maximumPacketSize),
    ...given('requestResponseInformation', mqtt5.requestResponseInformation),
    ...given('requestProblemInformation', mqtt5.requestProblemInformation),
    ...given('userProperties', userProperties),
    ...given('authenticationMethod', authentication?.method),
    ...given('authenticationData', authentication?.first()),
  };
  return Object.keys(properties).length === 0 ? undefined : properties;
}

function willOptions(settings: ConnectionSettings): IClientOptions['will'] {
  const { will } = settings;
  if (will === undefined) {
    return undefined;
  }
  const problem = topicNameProblem(will.topic, settings.mqttVersion);
  if (problem !== undefined) {
    throw new ConnectError(
      lasting(
        'will.topic',
        `The topic of the last will cannot be used. ${problem}`,
        'Change it under Last will.',
      ),
    );
  }
  if (will.payload.length > 65_535) {
    throw new ConnectError(
      lasting(
        'will.payload',
        `The payload of the last will has ${will.payload.length} bytes; MQTT allows 65535.`,
        'Shorten it under Last will.',
      ),
    );
  }
  const isVersion5 = settings.mqttVersion === '5.0';
  return {
    topic: will.topic,
    payload: toBuffer(will.payload),
    qos: will.qos,
    retain: will.retain,
    ...(isVersion5
      ? {
          properties: {
            ...given('willDelayInterval', will.delayInterval),
            ...publishProperties(will.properties),
          },
        }
      : {}),
  };
}

/** Properties of a PUBLISH or of the will, as mqtt.js takes them; undefined when there are none. */
export function publishProperties(properties: PublishProperties): NonNullable<IPublishPacket['properties']> {
  const { correlationData } = properties;
  return {
    ...given('contentType', properties.contentType),
    ...given('payloadFormatIndicator', properties.payloadIsUtf8),
    ...given('messageExpiryInterval', properties.messageExpiryInterval),
    ...given('responseTopic', properties.responseTopic),
    ...given('correlationData', correlationData === undefined ? undefined : toBuffer(correlationData)),
    ...given('userProperties', userPropertiesOf(properties.userProperties ?? [])),
  };
}

/** Bytes that the properties take in a packet, rounded up. */
export function propertiesSize(properties: PublishProperties): number {
  const texts = [properties.contentType, properties.responseTopic].map((text) => utf8Length(text ?? '') + 3);
  const users = (properties.userProperties ?? []).map(
    ({ key, value }) => utf8Length(key) + utf8Length(value) + 5,
  );
  const rest = (properties.correlationData?.length ?? 0) + 3 + 5 + 2 + 4;
  return [...texts, ...users].reduce((sum, size) => sum + size, rest);
}

/**
 * mqtt.js wants an object from names to one value or a list. It has no prototype, so that a name like `__proto__` is
 * a name like any other; none at all must be left out, because the library then sends no packet.
 */
function userPropertiesOf(list: readonly UserProperty[]): Record<string, string[]> | undefined {
  if (list.length === 0) {
    return undefined;
  }
  const result: Record<string, string[]> = Object.create(null);
  for (const { key, value } of list) {
    const values = result[key] ?? [];
    values.push(value);
    result[key] = values;
  }
  return result;
}

/** The same bytes as a Buffer, without a copy. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
