import type { Preset, ServiceLimits } from './preset.ts';

const awsHosts = {
  example: 'ID-ats.iot.REGION.amazonaws.com',
  pattern: /\.iot\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/i,
};
const awsEndpoint = 'From the console of AWS IoT: the device data endpoint under Settings';
/** AWS IoT Core endpoints and quotas; AWS IoT differences from MQTT specifications. */
const awsLimits: ServiceLimits = {
  keepAlive: { min: 30, max: 1200 },
  maxQos: 1,
  versions: ['3.1.1', '5.0'],
};
const awsRules =
  'No QoS 2, at most 128 KB a message. What a policy does not allow ends the connection without a word: start with one topic rather than #.';

const aws = {
  group: 'AWS IoT Core',
  name: 'AWS IoT Core',
  hosts: awsHosts,
  mqttVersion: '5.0',
  limits: awsLimits,
} as const;

/** Device communication protocols, AWS IoT Core developer guide: ports, ALPN names and ways to sign in. */
export const awsPresets: readonly Preset[] = [
  {
    ...aws,
    id: 'aws-certificate',
    label: 'Client certificate, port 8883',
    protocol: 'mqtts',
    port: 8883,
    credentials: { kind: 'password' },
    needsCertificate: true,
    explanation: [
      'A device known by its certificate.',
      `${awsEndpoint}, and the certificate and private key of the thing: drop the files, or the zip, under Security. The certificate has to be active and to have a policy.`,
      awsRules,
    ],
  },
  {
    ...aws,
    id: 'aws-certificate-443',
    label: 'Client certificate, port 443 with ALPN',
    protocol: 'mqtts',
    port: 443,
    alpn: ['x-amzn-mqtt-ca'],
    credentials: { kind: 'password' },
    needsCertificate: true,
    explanation: [
      'A device known by its certificate, through firewalls that let only port 443 pass. The ALPN name x-amzn-mqtt-ca tells AWS that MQTT follows.',
      `${awsEndpoint}, and the certificate and private key of the thing, to be added under Security.`,
      awsRules,
    ],
  },
  {
    ...aws,
    id: 'aws-sigv4',
    label: 'Access keys, WebSocket, port 443',
    protocol: 'wss',
    port: 443,
    path: '/mqtt',
    credentials: { kind: 'awsSigV4', region: '', accessKeyId: '' },
    explanation: [
      'A user or role of IAM. Topicscope signs the address of the WebSocket with its access keys (Signature Version 4), anew with each connect.',
      `${awsEndpoint}. From IAM: access key ID and secret access key, with temporary keys the session token as well; a policy that allows iot:Connect, iot:Subscribe and iot:Receive.`,
      `AWS closes such a connection after 24 hours. ${awsRules}`,
    ],
  },
  {
    ...aws,
    id: 'aws-authorizer',
    label: 'Custom authorizer, port 443 with ALPN',
    protocol: 'mqtts',
    port: 443,
    alpn: ['mqtt'],
    credentials: { kind: 'awsAuthorizer', authorizer: '', tokenKeyName: '' },
    explanation: [
      'A Lambda function of yours decides. It gets username and password, and token and signature if signing is switched on; the ALPN name mqtt tells AWS so.',
      `${awsEndpoint}, and the name of the authorizer under Security, Authorizers; it may be left empty if it is the default one.`,
      awsRules,
    ],
  },
];

const hubHosts = { example: 'HUB.azure-devices.net', pattern: /\.azure-devices\.(net|cn|us)$/i };
const hubRules =
  'IoT Hub is no general broker: a device sends to devices/DEVICE/messages/events/ and reads devices/DEVICE/messages/devicebound/#. A message with QoS 2 ends the connection, retained ones are not kept, and one device has one connection.';
/** Communicate with an IoT hub using the MQTT protocol: the largest keep alive is 1177 s. */
const hubLimits: ServiceLimits = {
  keepAlive: { min: 1, max: 1177 },
  maxQos: 1,
  retain: false,
  versions: ['3.1.1'],
};
const sas = { kind: 'azureSas', deviceId: '', moduleId: '', lifetime: 3600 } as const;
const hubKeyNeeds =
  'From the portal: the hub’s host name, and under Devices the device’s ID and one of its keys; its connection string, pasted as device key, fills in all three. Topicscope makes the username and a token that expires, and a new one with each connect.';

const hub = {
  group: 'Azure',
  name: 'Azure IoT Hub',
  hosts: hubHosts,
  mqttVersion: '3.1.1',
  limits: hubLimits,
} as const;

/** Azure IoT Hub (device keys and X.509) and the MQTT broker of Event Grid namespaces. */
export const azurePresets: readonly Preset[] = [
  {
    ...hub,
    id: 'azure-iot-hub',
    label: 'IoT Hub, device key (SAS token), port 8883',
    protocol: 'mqtts',
    port: 8883,
    credentials: sas,
    explanation: ['A device that signs in with its key.', hubKeyNeeds, hubRules],
  },
  {
    ...hub,
    id: 'azure-iot-hub-websocket',
    label: 'IoT Hub, device key (SAS token), WebSocket, port 443',
    protocol: 'wss',
    port: 443,
    path: '/$iothub/websocket',
    credentials: sas,
    explanation: [
      'A device that signs in with its key, through firewalls that let only port 443 pass.',
      hubKeyNeeds,
      hubRules,
    ],
  },
  {
    ...hub,
    id: 'azure-iot-hub-x509',
    label: 'IoT Hub, X.509 certificate, port 8883',
    protocol: 'mqtts',
    port: 8883,
    credentials: { kind: 'azureX509', deviceId: '', moduleId: '' },
    needsCertificate: true,
    explanation: [
      'A device known by its certificate.',
      'From the portal: the hub’s host name and the device’s ID. The certificate’s thumbprint, or its CA, is registered there; certificate and key are added under Security.',
      hubRules,
    ],
  },
  {
    id: 'azure-event-grid',
    label: 'Event Grid MQTT broker, certificate, port 8883',
    group: 'Azure',
    name: 'Azure Event Grid',
    protocol: 'mqtts',
    port: 8883,
    hosts: {
      example: 'NAMESPACE.REGION-1.ts.eventgrid.azure.net',
      pattern: /\.ts\.eventgrid\.azure\.(net|cn|us)$/i,
    },
    mqttVersion: '5.0',
    credentials: { kind: 'password' },
    needsCertificate: true,
    explanation: [
      'The MQTT broker of an Event Grid namespace, with topics of your own.',
      'From the portal: the MQTT host name of the namespace, and a client under Clients. Its authentication name is the username here, and stays without a password; certificate and key are added under Security.',
      'The client ID is the name of the session: each that is used counts. No QoS 2, no subscription identifiers, no user properties on CONNECT; retained messages up to 64 KB.',
    ],
    limits: { keepAlive: { min: 1, max: 1160 }, maxQos: 1, versions: ['3.1.1', '5.0'] },
  },
];
