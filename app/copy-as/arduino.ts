import { cString, cText } from './literals.ts';
import {
  comments,
  commonNotes,
  type ProgramConnection,
  type ProgramMessage,
  type ProgramTask,
  passwordOf,
  usesTls,
  usesWebSocket,
} from './program.ts';

/** Bytes of a packet that PubSubClient takes without being told. */
const DEFAULT_BUFFER = 256;
/** Bytes of a payload that still fit into the memory of such a board. */
const MAX_PAYLOAD = 16 * 1024;

/** A sketch for boards with Wi-Fi (ESP32, ESP8266 with its own header) and PubSubClient 2.8. */
export function arduinoSketch({ connection, message }: ProgramTask): string {
  const { tls } = connection;
  const isTls = usesTls(connection);
  const needs = bufferFor(connection, message);
  const lines = [
    ...comments([...commonNotes(connection), ...limits(connection, message)], '//'),
    '#include <WiFi.h>',
    ...(isTls ? ['#include <WiFiClientSecure.h>'] : []),
    '#include <PubSubClient.h>',
    '',
    'const char WIFI_SSID[] = "YOUR_NETWORK";',
    'const char WIFI_PASSWORD[] = "YOUR_NETWORK_PASSWORD";',
    '',
    ...(isTls ? certificates(connection) : []),
    isTls ? 'WiFiClientSecure network;' : 'WiFiClient network;',
    'PubSubClient client(network);',
    '',
    '// From one try to connect to the next, in ms; the first one is at once.',
    'const unsigned long RETRY_AFTER = 5000;',
    'unsigned long lastTry = 0 - RETRY_AFTER;',
    ...(message === undefined ? [] : ['bool isPublished = false;']),
    '',
    ...(message === undefined
      ? [
          'void onMessage(char *topic, uint8_t *payload, unsigned int length) {',
          '  Serial.print(topic);',
          '  Serial.print(" ");',
          '  Serial.write(payload, length);',
          '  Serial.println();',
          '}',
          '',
        ]
      : []),
    ...connectLines(connection, message),
    '',
    'void setup() {',
    '  Serial.begin(115200);',
    '  WiFi.begin(WIFI_SSID, WIFI_PASSWORD);',
    '  while (WiFi.status() != WL_CONNECTED) {',
    '    delay(200);',
    '  }',
    ...(isTls && tls.verify && tls.ca.length > 0 ? ['  network.setCACert(CA_CERTIFICATE);'] : []),
    ...(isTls && !tls.verify ? ['  network.setInsecure();'] : []),
    ...(isTls && tls.certificate !== undefined && tls.key !== undefined
      ? ['  network.setCertificate(CLIENT_CERTIFICATE);', '  network.setPrivateKey(CLIENT_KEY);']
      : []),
    `  client.setServer(${cText(connection.host)}, ${connection.port});`,
    `  client.setKeepAlive(${connection.keepAlive === 0 ? MAX_KEEP_ALIVE : connection.keepAlive});`,
    ...(needs > DEFAULT_BUFFER ? [`  client.setBufferSize(${needs});`] : []),
    ...(message === undefined ? ['  client.setCallback(onMessage);'] : []),
    '}',
    '',
    ...loopLines,
  ];
  return `${lines.join('\n')}\n`;
}

/** Seconds. PubSubClient takes 0 for a time that is over at once, not for none. */
const MAX_KEEP_ALIVE = 65_535;

function limits(connection: ProgramConnection, message: ProgramMessage | undefined): string[] {
  const { mqttVersion, tls, will, subscriptions, sessionExpiryInterval } = connection;
  const hasProperties = (properties: object | undefined) => Object.keys(properties ?? {}).length > 0;
  return [
    ...(mqttVersion === '5.0' ? ['PubSubClient speaks MQTT 3.1.1, not 5.0.'] : []),
    ...(mqttVersion === '5.0' && (hasProperties(message?.properties) || hasProperties(will?.properties))
      ? ['The MQTT 5 properties are left out.']
      : []),
    ...(mqttVersion === '5.0' && (will?.delayInterval ?? 0) > 0
      ? ['The will is sent without its delay.']
      : []),
    ...(mqttVersion === '5.0' && sessionExpiryInterval > 0
      ? ['The session expiry interval is left out.']
      : []),
    ...(connection.keepAlive === 0
      ? [`Keep alive is ${MAX_KEEP_ALIVE} s: PubSubClient cannot do without.`]
      : []),
    ...(message !== undefined && message.qos > 0
      ? [`PubSubClient publishes at QoS 0 only; the message had QoS ${message.qos}.`]
      : []),
    ...(message !== undefined && message.payload.length > MAX_PAYLOAD
      ? ['The payload is larger than most boards can hold: use beginPublish() and write it piece by piece.']
      : []),
    ...(message === undefined && subscriptions.some(({ qos }) => qos === 2)
      ? ['PubSubClient subscribes at QoS 0 and 1; QoS 2 became 1.']
      : []),
    ...(will?.payload.includes(0) === true
      ? ['The last will is cut at its first zero byte: PubSubClient takes it as a text.']
      : []),
    ...(usesWebSocket(connection)
      ? ['PubSubClient does not speak WebSocket: take the port of an MQTT listener.']
      : []),
    ...(usesTls(connection) && tls.alpn.length > 0 ? ['ALPN is left out.'] : []),
    ...(usesTls(connection) && tls.serverName !== '' ? ['The host is sent as server name (SNI).'] : []),
    ...(usesTls(connection) && tls.ca.length > 1
      ? [`Put all CA certificates into CA_CERTIFICATE (${tls.ca.join(', ')}).`]
      : []),
    ...(usesTls(connection) && tls.verify && tls.ca.length === 0
      ? [
          'The board knows no CAs of its own: put the CA of the broker into CA_CERTIFICATE and call setCACert.',
        ]
      : []),
    ...(usesTls(connection) && tls.hasPassphrase ? ['The client key must be without a passphrase.'] : []),
  ];
}

/** Constants for what the board has to carry itself; the files are pasted by hand. */
function certificates({ tls }: ProgramConnection): string[] {
  const constant = (name: string, file: string, kind: string) => [
    `// Paste the content of ${file.replaceAll(/[^\w .()-]/g, '_')} here.`,
    `const char ${name}[] = R"PEM(-----BEGIN ${kind}-----`,
    '...',
    `-----END ${kind}-----`,
    ')PEM";',
    '',
  ];
  return [
    ...(tls.verify ? constant('CA_CERTIFICATE', tls.ca[0] ?? 'the CA certificate', 'CERTIFICATE') : []),
    ...(tls.certificate === undefined || tls.key === undefined
      ? []
      : [
          ...constant('CLIENT_CERTIFICATE', tls.certificate, 'CERTIFICATE'),
          ...constant('CLIENT_KEY', tls.key, 'PRIVATE KEY'),
        ]),
  ];
}

/** Bytes of the largest packet: topic, payload and what stands around them (MQTT 3.1.1 sections 2.2, 3.1 and 3.3). */
function bufferFor(connection: ProgramConnection, message: ProgramMessage | undefined): number {
  const size = (text: string) => new TextEncoder().encode(text).length + 2;
  const { will, clientId, username } = connection;
  const connect =
    20 +
    size(clientId) +
    size(username) +
    size(passwordOf(connection) ?? '') +
    (will === undefined ? 0 : size(will.topic) + will.payload.length + 2);
  const publish = message === undefined ? 0 : 10 + size(message.topic) + message.payload.length;
  // What comes is not known: a kilobyte for messages of others.
  return Math.max(connect, publish, message === undefined ? 1024 : 0);
}

function connectLines(connection: ProgramConnection, message: ProgramMessage | undefined): string[] {
  const { username, will, clean, subscriptions, clientId } = connection;
  const password = passwordOf(connection);
  const id =
    message === undefined && clientId !== ''
      ? cText(clientId)
      : '("board-" + String(random(0xffff), HEX)).c_str()';
  const user = username === '' ? 'nullptr' : cText(username);
  const secret = password === undefined ? 'nullptr' : cText(password);
  const willWords =
    will === undefined
      ? 'nullptr, 0, false, nullptr'
      : `${cText(will.topic)}, ${will.qos}, ${will.retain}, ${cString(will.payload)}`;
  const keepsSession = message === undefined && !clean && clientId !== '';
  return [
    'void connectToBroker() {',
    `  if (!client.connect(${id}, ${user}, ${secret}, ${willWords}, ${!keepsSession})) {`,
    '    Serial.println(client.state());',
    '    return;',
    '  }',
    ...(message === undefined ? subscribeLines(subscriptions) : publishLines(message)),
    '}',
  ];
}

function subscribeLines(subscriptions: ProgramConnection['subscriptions']): string[] {
  const filters = subscriptions.length === 0 ? [{ filter: '#', qos: 0 }] : subscriptions;
  return filters.map(({ filter, qos }) => `  client.subscribe(${cText(filter)}, ${Math.min(1, qos)});`);
}

function publishLines({ topic, payload, retain }: ProgramMessage): string[] {
  return [
    '  // Once, and not with each new connection.',
    '  if (!isPublished) {',
    `    const char payload[] = ${cString(payload)};`,
    `    isPublished = client.publish(${cText(topic)}, (const uint8_t *)payload, ${payload.length}, ${retain});`,
    '  }',
  ];
}

/** Connects again by itself, without waiting in between: what is added to `loop` goes on meanwhile. */
const loopLines = [
  'void loop() {',
  '  if (!client.connected() && WiFi.status() == WL_CONNECTED && millis() - lastTry >= RETRY_AFTER) {',
  '    connectToBroker();',
  '    lastTry = millis();',
  '  }',
  '  client.loop();',
  '}',
];
