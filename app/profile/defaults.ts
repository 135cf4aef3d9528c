import type { Birth, Profile, Protocol, Subscription, Tls, Will } from './profile.ts';

/** Registered and customary ports: IANA 1883 and 8883; Mosquitto's documentation for the WebSocket pair. */
export const defaultPorts: Readonly<Record<Protocol, number>> = {
  mqtt: 1883,
  mqtts: 8883,
  ws: 8080,
  wss: 8081,
};

/** Id of the demo broker's profile, which is never saved: its port is another one with each start. */
export const DEMO_PROFILE_ID = 'demo';

/** Bytes: 256 MB, in the powers of 1000 that sizes are shown in. */
export const DEFAULT_LOG_BUDGET = 256_000_000;

/** A client id of our own prefix and 8 random characters: unlike any other copy of Topicscope, and 19 characters long (MQTT 3.1 allows 23). */
export function generateClientId(): string {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `topicscope-${Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')}`;
}

export function newWill(): Will {
  return { enabled: false, topic: '', payload: '', format: 'text', qos: 0, retain: false };
}

export function newBirth(): Birth {
  return { enabled: false, topic: '', payload: '', format: 'text', qos: 0, retain: false };
}

export function newSubscription(filter: string, overrides: Partial<Subscription> = {}): Subscription {
  return {
    id: crypto.randomUUID(),
    filter,
    qos: 0,
    noLocal: false,
    retainAsPublished: true,
    retainHandling: 0,
    color: 'blue',
    muted: false,
    enabled: true,
    ...overrides,
  };
}

/** TLS as a new profile has it: verified, by the issuers of the system and those that Node brings along. */
export function newTls(overrides: Partial<Tls> = {}): Tls {
  return {
    verify: true,
    trust: { system: true, bundled: true },
    alpn: [],
    serverName: '',
    keyLogFile: '',
    ca: [],
    ...overrides,
  };
}

/** A new profile as the form first shows it: MQTT 5.0 over plain TCP, verification on, no subscription. */
export function newProfile(overrides: Partial<Profile> = {}): Profile {
  return {
    id: crypto.randomUUID(),
    name: 'New connection',
    color: 'gray',
    group: '',
    autoConnect: false,
    askCredentials: false,
    guard: 'none',
    secretRefs: {},
    protocol: 'mqtt',
    host: 'localhost',
    port: defaultPorts.mqtt,
    path: '/mqtt',
    webSocket: { headers: [], subprotocol: '' },
    socketPath: '',
    addressFamily: 'any',
    credentials: { kind: 'password' },
    mqttVersion: '5.0',
    clientId: generateClientId(),
    keepAlive: 60,
    connectTimeout: 15,
    clean: true,
    sessionExpiryInterval: 0,
    reconnect: { enabled: true, minDelay: 1, maxDelay: 30 },
    username: '',
    tls: newTls(),
    will: newWill(),
    birth: newBirth(),
    subscriptions: [],
    rules: [],
    schemas: [],
    mqtt5: { userProperties: [] },
    logBudget: DEFAULT_LOG_BUDGET,
    ...overrides,
  };
}
