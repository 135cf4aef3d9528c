import type { IConnackPacket } from 'mqtt';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import type { UserProperty } from '#app/profile/profile.ts';

/** A CONNACK as the screen shows it: only what the broker said. */
export function summariseConnack(packet: IConnackPacket): ConnackSummary {
  const properties = packet.properties ?? {};
  const {
    assignedClientIdentifier: assignedClientId,
    serverKeepAlive,
    sessionExpiryInterval,
    receiveMaximum,
    maximumQoS: maximumQos,
    retainAvailable,
    maximumPacketSize,
    topicAliasMaximum,
    wildcardSubscriptionAvailable,
    subscriptionIdentifiersAvailable,
    sharedSubscriptionAvailable,
    responseInformation,
    reasonString,
  } = properties;
  const said = {
    assignedClientId,
    serverKeepAlive,
    sessionExpiryInterval,
    receiveMaximum,
    maximumQos,
    retainAvailable,
    maximumPacketSize,
    topicAliasMaximum,
    wildcardSubscriptionAvailable,
    subscriptionIdentifiersAvailable,
    sharedSubscriptionAvailable,
    responseInformation,
    reasonString,
  };
  const present = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return {
    ...present,
    sessionPresent: packet.sessionPresent,
    userProperties: listUserProperties(properties.userProperties),
  };
}

/** User properties of mqtt.js (one value or a list under each name) as a list of pairs. */
function listUserProperties(
  properties: Readonly<Record<string, string | readonly string[]>> | undefined,
): readonly UserProperty[] {
  return Object.entries(properties ?? {}).flatMap(([key, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ({ key, value })),
  );
}
