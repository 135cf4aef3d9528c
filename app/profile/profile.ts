import { z } from 'zod';

/** Version of the stored profile file; raised with each change of shape, see `migrations.ts`. */
export const PROFILE_SCHEMA_VERSION = 1;

export const protocols = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
export const mqttVersions = ['3.1', '3.1.1', '5.0'] as const;
export const payloadFormats = ['text', 'json', 'xml', 'hex', 'base64'] as const;
/** Names into the palette of `renderer/ui`; a colour is data, its shade follows the theme. */
export const profileColors = [
  'gray',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'violet',
  'pink',
] as const;

export type Protocol = (typeof protocols)[number];
export type MqttVersion = (typeof mqttVersions)[number];
export type PayloadFormat = (typeof payloadFormats)[number];
export type ProfileColor = (typeof profileColors)[number];

const id = z.string().min(1).max(64);
const uint32 = z.int().min(0).max(0xffff_ffff);

export const qosSchema = z.union([z.literal(0), z.literal(1), z.literal(2)]);
export type Qos = z.infer<typeof qosSchema>;

const userPropertySchema = z.object({ key: z.string().max(65535), value: z.string().max(65535) });
export type UserProperty = z.infer<typeof userPropertySchema>;

/** A reference into the vault and what may be shown of what lies there. The bytes themselves never leave the engine. */
const vaultFileSchema = z.object({
  /** Key in the vault. */
  ref: id,
  /** Name of the file that was dropped; for display only. */
  fileName: z.string().max(255),
});
export type VaultFile = z.infer<typeof vaultFileSchema>;

/** MQTT 5.0, section 3.3.2.3, as far as a sender may set them. */
export const publishPropertiesSchema = z.object({
  contentType: z.string().max(65535).optional(),
  /** True: the payload is UTF-8 text (Payload Format Indicator 1). */
  payloadIsUtf8: z.boolean().optional(),
  /** Seconds. */
  messageExpiryInterval: uint32.optional(),
  responseTopic: z.string().max(65535).optional(),
  correlationData: z.instanceof(Uint8Array).optional(),
  userProperties: z.array(userPropertySchema).max(1000).optional(),
});
export type PublishProperties = z.infer<typeof publishPropertiesSchema>;

const willSchema = z.object({
  enabled: z.boolean(),
  topic: z.string().max(65535),
  /** As typed; turned into bytes by `format` when connecting. */
  payload: z.string().max(1_000_000),
  format: z.enum(payloadFormats),
  qos: qosSchema,
  retain: z.boolean(),
  /** MQTT 5.0 only (section 3.1.3.2); delay and expiry in seconds, correlation data in hex as typed. */
  delayInterval: uint32.optional(),
  contentType: z.string().max(65535).optional(),
  payloadIsUtf8: z.boolean().optional(),
  messageExpiryInterval: uint32.optional(),
  responseTopic: z.string().max(65535).optional(),
  correlationDataHex: z.string().max(131070).optional(),
  userProperties: z.array(userPropertySchema).max(1000).optional(),
});
export type Will = z.infer<typeof willSchema>;

export const subscriptionSchema = z.object({
  id,
  filter: z.string().min(1).max(65535),
  qos: qosSchema,
  /** MQTT 5.0, section 3.8.3.1. */
  noLocal: z.boolean(),
  retainAsPublished: z.boolean(),
  retainHandling: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  color: z.enum(profileColors),
  /** Messages that only muted subscriptions match are kept and counted, but not shown in the stream. */
  muted: z.boolean(),
  /** False: kept in the profile, not sent to the broker. */
  enabled: z.boolean(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

const tlsSchema = z.object({
  verify: z.boolean(),
  ca: z.array(vaultFileSchema).max(100),
  certificate: vaultFileSchema.optional(),
  key: vaultFileSchema.optional(),
  /** Vault key of the passphrase of `key`. */
  passphraseRef: id.optional(),
});
export type Tls = z.infer<typeof tlsSchema>;

export const profileSchema = z.object({
  id,
  name: z.string().min(1, 'A profile needs a name').max(200),
  color: z.enum(profileColors),
  protocol: z.enum(protocols),
  host: z.string().min(1, 'A host name or address is needed').max(255),
  port: z.int().min(1).max(65535),
  /** Path of the WebSocket endpoint; unused for mqtt and mqtts. */
  path: z.string().max(2000),
  mqttVersion: z.enum(mqttVersions),
  /** Empty: the broker assigns one (MQTT 5.0; MQTT 3.1.1 with clean session). */
  clientId: z.string().max(65535),
  /** Seconds; 0 switches keep alive off. */
  keepAlive: z.int().min(0).max(65535),
  /** Seconds for all stages from DNS to CONNACK. */
  connectTimeout: z.int().min(1).max(600),
  /** Clean Session (3.1, 3.1.1) or Clean Start (5.0). */
  clean: z.boolean(),
  /** MQTT 5.0, seconds; 0xFFFFFFFF never expires. */
  sessionExpiryInterval: uint32,
  reconnect: z.object({
    enabled: z.boolean(),
    /** Seconds before the first try; doubles up to `maxDelay`. */
    minDelay: z.number().min(0.1).max(3600),
    maxDelay: z.number().min(0.1).max(3600),
  }),
  username: z.string().max(65535),
  /** Vault key of the password; absent: none is sent. */
  passwordRef: id.optional(),
  tls: tlsSchema,
  will: willSchema,
  subscriptions: z.array(subscriptionSchema).max(1000),
  /** CONNECT properties, MQTT 5.0 section 3.1.2.11. Topic Alias Maximum is never sent: see docs/decisions. */
  mqtt5: z.object({
    receiveMaximum: z.int().min(1).max(65535).optional(),
    maximumPacketSize: z.int().min(1).max(0xffff_ffff).optional(),
    requestResponseInformation: z.boolean().optional(),
    requestProblemInformation: z.boolean().optional(),
    userProperties: z.array(userPropertySchema).max(1000),
  }),
  /** Bytes of messages that a session keeps before the oldest go. */
  logBudget: z.int().min(1_000_000).max(64_000_000_000),
});
export type Profile = z.infer<typeof profileSchema>;
