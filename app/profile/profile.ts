import { z } from 'zod';
import { type ProfileColor, profileColors } from './colors.ts';
import { MAX_RULES, ruleSchema } from './rules.ts';
import { MAX_SCHEMAS, payloadSchema } from './schemas.ts';

export { type ProfileColor, profileColors };

/** Version of the stored profile file; raised with each change of shape, see `migrations.ts`. */
export const PROFILE_SCHEMA_VERSION = 5;

export const protocols = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
export const mqttVersions = ['3.1', '3.1.1', '5.0'] as const;
export const payloadFormats = [
  'text',
  'json',
  'xml',
  'yaml',
  'hex',
  'base64',
  'cbor',
  'msgpack',
  'sparkplug',
] as const;

export type Protocol = (typeof protocols)[number];
export type MqttVersion = (typeof mqttVersions)[number];
export type PayloadFormat = (typeof payloadFormats)[number];

/** How a message that is published is written: in one of these, or as the rule for its topic says. */
export const publishFormats = [...payloadFormats, 'rule'] as const;
export type PublishFormat = (typeof publishFormats)[number];

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
  /** Published by ourselves before DISCONNECT as well, on which the broker throws the will away. */
  onDisconnect: z.boolean().optional(),
});
export type Will = z.infer<typeof willSchema>;

/** The message that a client announces itself with after each connect: the counterpart of the last will. */
const birthSchema = z.object({
  enabled: z.boolean(),
  topic: z.string().max(65535),
  /** As typed; turned into bytes by `format` when connecting. */
  payload: z.string().max(1_000_000),
  format: z.enum(payloadFormats),
  qos: qosSchema,
  retain: z.boolean(),
});
export type Birth = z.infer<typeof birthSchema>;

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

/** Protocol versions of TLS that a profile may be limited to; names as Node's `tls` module takes them. */
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** A server certificate that the user chose to trust after seeing it, whoever issued it. */
export const pinnedCertificateSchema = z.object({
  /** SHA-256 of the certificate, upper-case hex with colons, as `openssl x509 -fingerprint -sha256` prints it. */
  fingerprint256: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  /** For display only. */
  subject: z.string().max(2000),
  /** Milliseconds since the epoch. */
  pinnedAt: z.number(),
});
export type PinnedCertificate = z.infer<typeof pinnedCertificateSchema>;

const tlsSchema = z.object({
  verify: z.boolean(),
  /** Which issuers are trusted beside `ca`: those of the operating system, those that Node brings along. */
  trust: z.object({ system: z.boolean(), bundled: z.boolean() }),
  pin: pinnedCertificateSchema.optional(),
  minVersion: z.enum(tlsVersions).optional(),
  maxVersion: z.enum(tlsVersions).optional(),
  /** Application-Layer Protocol Negotiation (RFC 7301), in order of preference; empty: not sent. */
  alpn: z.array(z.string().min(1).max(255)).max(16),
  /** Server Name Indication (RFC 6066 section 3); empty: the host. */
  serverName: z.string().max(255),
  /** Pre-shared key (RFC 4279); the key is the secret `psk`, in hex. Absent: certificates. */
  psk: z.object({ identity: z.string().max(1024) }).optional(),
  /** Path of a file that gets the session keys in the SSLKEYLOGFILE format, for Wireshark; empty: none. */
  keyLogFile: z.string().max(4096),
  ca: z.array(vaultFileSchema).max(100),
  certificate: vaultFileSchema.optional(),
  key: vaultFileSchema.optional(),
  /** Vault key of the passphrase of `key`. */
  passphraseRef: id.optional(),
});
export type Tls = z.infer<typeof tlsSchema>;

/** What stands between us and the broker. Host name and port of the proxy; its password is the secret `proxyPassword`. */
export const proxySchema = z.object({
  kind: z.enum(['none', 'system', 'http', 'socks5']),
  host: z.string().max(255),
  port: z.int().min(1).max(65535),
  username: z.string().max(255),
});

/** Names of the secrets of a profile beside password and passphrase; a WebSocket header's value is `header:NAME`. */
export const secretNames = [
  'proxyPassword',
  'psk',
  'awsSecretAccessKey',
  'awsSessionToken',
  'awsAuthorizerToken',
  'awsAuthorizerSignature',
  'azureDeviceKey',
  'jwtPrivateKey',
] as const;
export const secretNameSchema = z.union([
  z.enum(secretNames),
  z.templateLiteral(['header:', z.string().min(1).max(200)]),
]);
export type SecretName = z.infer<typeof secretNameSchema>;

/**
 * How user name, password and the path of the WebSocket come about. Anything but `password` is worked out anew for each
 * attempt to connect, so that a token is never an old one.
 */
const credentialsSchema = z.discriminatedUnion('kind', [
  /** User name and password as entered. */
  z.object({ kind: z.literal('password') }),
  /** AWS IoT Core over WebSocket: a signed URL (Signature Version 4), service `iotdevicegateway`. */
  z.object({
    kind: z.literal('awsSigV4'),
    region: z.string().max(100),
    accessKeyId: z.string().max(200),
  }),
  /** AWS IoT Core, custom authorizer: name, token key and signature travel in the user name. */
  z.object({
    kind: z.literal('awsAuthorizer'),
    authorizer: z.string().max(200),
    tokenKeyName: z.string().max(200),
  }),
  /** Azure IoT Hub: a shared access signature made from the device key. Lifetime in seconds. */
  z.object({
    kind: z.literal('azureSas'),
    deviceId: z.string().max(200),
    moduleId: z.string().max(200),
    lifetime: z.int().min(60).max(31_536_000),
  }),
  /** Azure IoT Hub with an X.509 client certificate: only the user name is made. */
  z.object({
    kind: z.literal('azureX509'),
    deviceId: z.string().max(200),
    moduleId: z.string().max(200),
  }),
  /** The scheme of Google Cloud IoT Core and its successors: a JSON Web Token as password. Lifetime in seconds. */
  z.object({
    kind: z.literal('googleJwt'),
    projectId: z.string().max(200),
    algorithm: z.enum(['RS256', 'ES256']),
    lifetime: z.int().min(60).max(86_400),
  }),
]);
export type Credentials = z.infer<typeof credentialsSchema>;

/** Enhanced authentication (MQTT 5.0 section 4.12) with user name and password (RFC 5802, RFC 7677). */
export const authenticationMethods = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

export const guards = ['none', 'confirm', 'readOnly'] as const;
/** `readOnly` refuses to publish, `confirm` asks for each publish to be held. */
export type Guard = (typeof guards)[number];

export const profileSchema = z.object({
  id,
  name: z.string().min(1, 'A profile needs a name').max(200),
  color: z.enum(profileColors),
  /** Path of the group, its levels parted by `/`; empty: none. */
  group: z.string().max(200),
  /** Connects when the app starts. */
  autoConnect: z.boolean(),
  /** User name and password are asked for with each connect, and not kept. */
  askCredentials: z.boolean(),
  guard: z.enum(guards),
  /** The environment whose variables are filled in for `{{name}}`; absent: none. */
  environmentId: id.optional(),
  /** Vault keys of secrets beside password and passphrase. */
  secretRefs: z.partialRecord(secretNameSchema, id),
  protocol: z.enum(protocols),
  host: z.string().min(1, 'A host name or address is needed').max(255),
  port: z.int().min(1).max(65535),
  /** Path of the WebSocket endpoint; unused for mqtt and mqtts. */
  path: z.string().max(2000),
  /** The opening handshake (RFC 6455 section 4.1). A header whose value is secret has an empty one here. */
  webSocket: z.object({
    headers: z
      .array(
        z.object({ name: z.string().min(1).max(200), value: z.string().max(16_384), secret: z.boolean() }),
      )
      .max(100),
    /** Empty: `mqtt`, or `mqttv3.1` for MQTT 3.1. */
    subprotocol: z.string().max(200),
  }),
  /** Absent: as the settings say for all connections. */
  proxy: proxySchema.optional(),
  /** Path of a Unix domain socket (or a Windows named pipe), dialled instead of host and port; empty: none. */
  socketPath: z.string().max(4096),
  addressFamily: z.enum(['any', 'ipv4', 'ipv6']),
  credentials: credentialsSchema,
  /** The broker preset that filled the form, whose explanation it goes on showing; see `app/cloud/presets.ts`. */
  presetId: id.optional(),
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
  birth: birthSchema,
  subscriptions: z.array(subscriptionSchema).max(1000),
  /** How messages are shown, by their topics; the first that matches a topic counts. */
  rules: z.array(ruleSchema).max(MAX_RULES),
  /** What rules read payloads by. */
  schemas: z.array(payloadSchema).max(MAX_SCHEMAS),
  /** CONNECT properties, MQTT 5.0 section 3.1.2.11. Topic Alias Maximum is never sent: see docs/decisions. */
  mqtt5: z.object({
    receiveMaximum: z.int().min(1).max(65535).optional(),
    maximumPacketSize: z.int().min(1).max(0xffff_ffff).optional(),
    requestResponseInformation: z.boolean().optional(),
    requestProblemInformation: z.boolean().optional(),
    userProperties: z.array(userPropertySchema).max(1000),
    authenticationMethod: z.enum(authenticationMethods).optional(),
  }),
  /** Bytes of messages that a session keeps before the oldest go. */
  logBudget: z.int().min(1_000_000).max(64_000_000_000),
});
export type Profile = z.infer<typeof profileSchema>;
