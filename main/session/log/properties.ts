import { decode, encode } from '@msgpack/msgpack';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import type { PublishProperties, UserProperty } from '#app/profile/profile.ts';

/** The properties of a PUBLISH (MQTT 5.0 section 3.3.2.3) as the contract knows them. */
export type MessageProperties = MessageDetails['properties'];

/** What the client library calls them. Values come from the network and are checked one by one. */
interface LibraryProperties {
  readonly payloadFormatIndicator?: unknown;
  readonly messageExpiryInterval?: unknown;
  readonly topicAlias?: unknown;
  readonly responseTopic?: unknown;
  readonly correlationData?: unknown;
  readonly userProperties?: unknown;
  readonly subscriptionIdentifier?: unknown;
  readonly contentType?: unknown;
}

/** The compact form in the log: an array in this order, absent ones as nil, so that names cost nothing. */
type Packed = [
  contentType: string | null,
  payloadIsUtf8: boolean | null,
  messageExpiryInterval: number | null,
  responseTopic: string | null,
  correlationData: Uint8Array | null,
  userProperties: readonly string[] | null,
  topicAlias: number | null,
  subscriptionIdentifiers: readonly number[] | null,
];

/** The properties of a received packet in the log's compact form; `undefined` when there are none. */
export function packReceived(properties: object | undefined): Uint8Array | undefined {
  if (properties === undefined) {
    return undefined;
  }
  const from: LibraryProperties = properties;
  return pack([
    text(from.contentType),
    typeof from.payloadFormatIndicator === 'boolean' ? from.payloadFormatIndicator : null,
    number(from.messageExpiryInterval),
    text(from.responseTopic),
    from.correlationData instanceof Uint8Array ? from.correlationData : null,
    flatten(from.userProperties),
    number(from.topicAlias),
    numbers(from.subscriptionIdentifier),
  ]);
}

/** The properties of a message of our own in the log's compact form. */
export function packPublished(properties: PublishProperties): Uint8Array | undefined {
  const user = properties.userProperties?.flatMap(({ key, value }) => [key, value]);
  return pack([
    properties.contentType ?? null,
    properties.payloadIsUtf8 ?? null,
    properties.messageExpiryInterval ?? null,
    properties.responseTopic ?? null,
    properties.correlationData ?? null,
    user === undefined || user.length === 0 ? null : user,
    null,
    null,
  ]);
}

/** Back from the compact form. The bytes may lie in shared memory. */
export function unpackProperties(bytes: Uint8Array | undefined): MessageProperties {
  if (bytes === undefined) {
    return {};
  }
  const packed = decode(bytes.slice()) as Partial<Packed>;
  const [
    contentType,
    payloadIsUtf8,
    messageExpiryInterval,
    responseTopic,
    correlationData,
    user,
    alias,
    ids,
  ] = packed;
  return {
    ...(contentType == null ? {} : { contentType }),
    ...(payloadIsUtf8 == null ? {} : { payloadIsUtf8 }),
    ...(messageExpiryInterval == null ? {} : { messageExpiryInterval }),
    ...(responseTopic == null ? {} : { responseTopic }),
    ...(correlationData == null ? {} : { correlationData: correlationData.slice() }),
    ...(user == null ? {} : { userProperties: pairs(user) }),
    ...(alias == null ? {} : { topicAlias: alias }),
    ...(ids == null ? {} : { subscriptionIdentifiers: ids }),
  };
}

function pack(packed: Packed): Uint8Array | undefined {
  const last = packed.findLastIndex((value) => value !== null);
  return last < 0 ? undefined : encode(packed.slice(0, last + 1));
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** One identifier comes as a number, several as an array. */
function numbers(value: unknown): readonly number[] | null {
  const list = Array.isArray(value) ? value : [value];
  const found = list.filter((item) => typeof item === 'number');
  return found.length === 0 ? null : found;
}

/** `{key: value | values}` as `[key, value, key, value, ...]`: keys may repeat. */
function flatten(value: unknown): readonly string[] | null {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const flat: string[] = [];
  for (const [key, entry] of Object.entries(value)) {
    for (const item of Array.isArray(entry) ? entry : [entry]) {
      flat.push(key, String(item));
    }
  }
  return flat.length === 0 ? null : flat;
}

function pairs(flat: readonly string[]): UserProperty[] {
  const result: UserProperty[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    result.push({ key: flat[index] ?? '', value: flat[index + 1] ?? '' });
  }
  return result;
}
