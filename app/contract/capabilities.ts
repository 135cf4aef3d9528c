import type { MqttVersion } from '../profile/profile.ts';
import type { Capability, CapabilityName } from './operations/diagnosis.ts';
import type { ConnackSummary } from './session-state.ts';

/** What a packet of MQTT may have at most (5.0 section 2.1.4): four digits of seven bits, and the fixed header. */
const MAX_PACKET = 268_435_455 + 5;

/** What the properties of CONNACK mean where they are absent (MQTT 5.0 section 3.2.2.3). */
const defaults: Readonly<Record<Exclude<CapabilityName, 'keepAlive'>, number | boolean>> = {
  maximumQos: 2,
  retain: true,
  wildcardSubscriptions: true,
  sharedSubscriptions: true,
  subscriptionIdentifiers: true,
  maximumPacketSize: MAX_PACKET,
  receiveMaximum: 65_535,
  topicAliasMaximum: 0,
};

/** MQTT 5.0 brought these; before it there is nothing to know. */
const newIn5: ReadonlySet<CapabilityName> = new Set([
  'subscriptionIdentifiers',
  'receiveMaximum',
  'topicAliasMaximum',
]);

/**
 * What is known of a broker from its CONNACK alone, in the order of the card. `keepAlive`: seconds that the client asked
 * for.
 */
export function statedCapabilities(
  connack: ConnackSummary,
  version: MqttVersion,
  keepAlive: number,
): readonly Capability[] {
  const stated: Readonly<Record<CapabilityName, number | boolean | undefined>> = {
    maximumQos: connack.maximumQos,
    retain: connack.retainAvailable,
    wildcardSubscriptions: connack.wildcardSubscriptionAvailable,
    sharedSubscriptions: connack.sharedSubscriptionAvailable,
    subscriptionIdentifiers: connack.subscriptionIdentifiersAvailable,
    maximumPacketSize: connack.maximumPacketSize,
    receiveMaximum: connack.receiveMaximum,
    topicAliasMaximum: connack.topicAliasMaximum,
    keepAlive: connack.serverKeepAlive,
  };
  const names = Object.keys(stated) as readonly CapabilityName[];
  return names.map((name): Capability => {
    const value = stated[name];
    if (value !== undefined) {
      return { name, value, source: 'stated', note: statedNote(name, value) };
    }
    if (name === 'keepAlive') {
      return { name, value: keepAlive, source: 'default', note: keepAliveNote(keepAlive, version) };
    }
    if (version === '5.0') {
      return { name, value: defaults[name], source: 'default', note: defaultNote(name) };
    }
    if (newIn5.has(name)) {
      return { name, source: 'unknown', note: `MQTT ${version} does not have it: it came with MQTT 5.0.` };
    }
    if (name === 'maximumPacketSize') {
      return {
        name,
        value: MAX_PACKET,
        source: 'default',
        note: `MQTT ${version} has no way to say less; a broker that takes less closes the connection.`,
      };
    }
    return { name, source: 'unknown', note: `MQTT ${version} has no way to say; probing finds out.` };
  });
}

function statedNote(name: CapabilityName, value: number | boolean): string {
  const said = 'The broker says so in CONNACK.';
  if (value === false || (name === 'maximumQos' && value !== 2)) {
    return `${said} ${consequences[name] ?? ''}`.trim();
  }
  return name === 'keepAlive' ? `${said} It overrides what this connection asked for.` : said;
}

/** What follows for the user where the broker can't do it. */
const consequences: Readonly<Partial<Record<CapabilityName, string>>> = {
  maximumQos: 'Messages of a higher QoS are refused.',
  retain: 'Retained messages are refused, and none are kept.',
  wildcardSubscriptions: 'Topic filters with + and # are refused: subscribe to whole topics.',
  sharedSubscriptions: 'Topic filters that begin with $share are refused.',
  subscriptionIdentifiers: 'A message does not tell which subscription it matched.',
};

function defaultNote(name: CapabilityName): string {
  return name === 'maximumPacketSize'
    ? 'CONNACK names no limit, so only that of the protocol holds.'
    : 'CONNACK does not mention it, so the default of the specification holds.';
}

function keepAliveNote(seconds: number, version: MqttVersion): string {
  if (seconds === 0) {
    return 'This connection switched it off, and the broker did not object.';
  }
  return version === '5.0'
    ? 'As this connection asked for; the broker did not override it.'
    : `As this connection asked for: MQTT ${version} does not let the broker override it.`;
}
