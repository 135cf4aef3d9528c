import type { Credentials } from '../profile/profile.ts';
import type { Preset } from './preset.ts';
import { awsPresets, azurePresets } from './presets-aws-azure.ts';

const password: Credentials = { kind: 'password' };

const mosquitto: readonly Preset[] = [
  {
    id: 'mosquitto',
    label: 'Mosquitto on this computer, port 1883',
    group: 'Mosquitto',
    name: 'Mosquitto',
    protocol: 'mqtt',
    port: 1883,
    host: 'localhost',
    mqttVersion: '5.0',
    credentials: password,
    explanation: [
      'Eclipse Mosquitto as it starts by itself: unencrypted, for clients of the same computer.',
      'Beside the port are the five ports that Mosquitto usually has.',
    ],
  },
  {
    id: 'influx-itu',
    label: 'influx.itu.dk, encrypted, port 8883',
    group: 'Mosquitto',
    name: 'influx.itu.dk',
    protocol: 'mqtts',
    port: 8883,
    host: 'influx.itu.dk',
    mqttVersion: '5.0',
    credentials: password,
    explanation: [
      'The public Mosquitto of the IT University of Copenhagen, with a certificate of Let’s Encrypt.',
      'If its certificate is not accepted, the broker may leave out the intermediate one: add Let’s Encrypt’s chain.pem as CA certificate under Security.',
      'Everybody can read what is sent there: on the unencrypted ports also what was sent encrypted.',
    ],
  },
  {
    id: 'test-mosquitto',
    label: 'test.mosquitto.org, encrypted, port 8886',
    group: 'Mosquitto',
    name: 'test.mosquitto.org',
    protocol: 'mqtts',
    port: 8886,
    host: 'test.mosquitto.org',
    mqttVersion: '5.0',
    credentials: password,
    explanation: [
      'The public test broker of the Mosquitto project: no account, no guarantee, everybody can read everything.',
      'Port 8886 has a certificate of Let’s Encrypt; 8883 has one of the project’s own CA, 8884 asks for a client certificate, 1883 is unencrypted.',
      'Subscribe to topics rather than to everything (#), which is more than it likes to send.',
    ],
  },
];

const google: Preset = {
  id: 'google-iot-core',
  label: 'JSON Web Token, as ClearBlade and others take it, port 8883',
  group: 'Google Cloud IoT Core (retired)',
  name: 'ClearBlade IoT Core',
  protocol: 'mqtts',
  port: 8883,
  // Who speaks the scheme has hosts of any name; only Google's own are certainly wrong.
  hosts: {
    example: 'REGION-mqtt.clearblade.com',
    pattern: /^(?!.*\.(googleapis\.com|ltsapis\.goog)$)/i,
  },
  mqttVersion: '3.1.1',
  credentials: { kind: 'googleJwt', projectId: '', algorithm: 'RS256', lifetime: 3600 },
  explanation: [
    'Google retired Cloud IoT Core in August 2023: mqtt.googleapis.com no longer answers. ClearBlade IoT Core took over its devices and speaks the same, at a host of its region; other brokers check such tokens as well.',
    'Needed: the path of the device as client ID, and the private key whose public half is registered for the device. Topicscope makes the token (JWT) that goes as password, anew with each connect.',
    'No QoS 2, no retained messages, and only topics of the form /devices/DEVICE/events, state, config and commands.',
  ],
  limits: { keepAlive: { min: 1, max: 1200 }, maxQos: 1, retain: false, versions: ['3.1.1'] },
};

const hosted: readonly Preset[] = [
  {
    id: 'hivemq-cloud',
    label: 'HiveMQ Cloud, port 8883',
    group: 'Hosted brokers',
    name: 'HiveMQ Cloud',
    protocol: 'mqtts',
    port: 8883,
    hosts: { example: 'ID.s1.eu.hivemq.cloud', pattern: /\.hivemq\.cloud$/i },
    mqttVersion: '5.0',
    credentials: password,
    needsPassword: true,
    explanation: [
      'A hosted HiveMQ broker: always encrypted, with all of MQTT 5.0.',
      'From its console: the cluster’s URL under Overview, and a username and password made under Access Management.',
    ],
  },
  {
    id: 'hivemq-cloud-websocket',
    label: 'HiveMQ Cloud, WebSocket, port 8884',
    group: 'Hosted brokers',
    name: 'HiveMQ Cloud',
    protocol: 'wss',
    port: 8884,
    path: '/mqtt',
    hosts: { example: 'ID.s1.eu.hivemq.cloud', pattern: /\.hivemq\.cloud$/i },
    mqttVersion: '5.0',
    credentials: password,
    needsPassword: true,
    explanation: [
      'A hosted HiveMQ broker over WebSocket, for networks that let little else through.',
      'From its console: the cluster’s URL under Overview, and a username and password made under Access Management.',
    ],
  },
  {
    id: 'emqx-serverless',
    label: 'EMQX Cloud Serverless, port 8883',
    group: 'Hosted brokers',
    name: 'EMQX Cloud',
    protocol: 'mqtts',
    port: 8883,
    hosts: { example: 'ID.ala.eu-central-1.emqxsl.com', pattern: /\.emqxsl\.(com|cn)$/i },
    mqttVersion: '5.0',
    credentials: password,
    needsPassword: true,
    explanation: [
      'A share of an EMQX cluster: always encrypted. Deployments are told apart by the server name (SNI), which Topicscope sends as long as the host is a name and not an address.',
      'From its console: address and port under Overview, a username and password made under Access Control, Client Authentication. If the certificate is not accepted, add the CA from Overview under Security.',
      'Over WebSocket it is wss on port 8084 with the path /mqtt.',
    ],
  },
  {
    id: 'emqx-dedicated',
    label: 'EMQX Cloud Dedicated, port 8883',
    group: 'Hosted brokers',
    name: 'EMQX Cloud',
    protocol: 'mqtts',
    port: 8883,
    hosts: { example: 'ID.eu-central-1.emqx.cloud', pattern: /\.emqx(cloud)?\.(cloud|com|net|io|cn)$/i },
    mqttVersion: '5.0',
    credentials: password,
    needsPassword: true,
    explanation: [
      'An EMQX deployment of your own. Encrypted once a certificate is set in its console; without one it is mqtt on the port that Overview names.',
      'From its console: address and ports under Overview, a username and password made under Access Control, Client Authentication.',
    ],
  },
];

/** All presets, in the order of the picker: groups stand together. */
export const presets: readonly Preset[] = [...mosquitto, ...awsPresets, ...azurePresets, google, ...hosted];

/** The preset of an id; undefined for none, and for one that a later release had. */
export function findPreset(id: string | undefined): Preset | undefined {
  return presets.find((preset) => preset.id === id);
}
