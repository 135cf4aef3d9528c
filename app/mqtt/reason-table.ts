import type { ReasonPacket } from './reason-codes.ts';

/** One code of MQTT 5.0 section 2.4 with the packets that may carry it. `in` holds better words for one packet. */
export interface ReasonEntry {
  readonly code: number;
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly packets: readonly ReasonPacket[];
  readonly in?: Partial<Record<ReasonPacket, { readonly message?: string; readonly hint?: string }>>;
}

const published = ['puback', 'pubrec'] as const;
const subscribed = ['suback', 'unsuback'] as const;
const accessRules = 'Check the access rules (ACL) of the broker for this user.';
const brokerLog = 'Look at the log of the broker: only it knows more.';

/** All reason codes of MQTT 5.0, ordered by number. A number occurs more than once where its meaning differs by packet. */
export const reasonTable: readonly ReasonEntry[] = [
  {
    code: 0x00,
    name: 'Success',
    message: 'Done.',
    packets: ['connack', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'unsuback', 'auth'],
  },
  {
    code: 0x00,
    name: 'Normal disconnection',
    message: 'The broker closed the connection normally.',
    packets: ['disconnect'],
  },
  { code: 0x00, name: 'Granted QoS 0', message: 'Subscribed with QoS 0.', packets: ['suback'] },
  { code: 0x01, name: 'Granted QoS 1', message: 'Subscribed with QoS 1 at most.', packets: ['suback'] },
  { code: 0x02, name: 'Granted QoS 2', message: 'Subscribed with QoS 2 at most.', packets: ['suback'] },
  {
    code: 0x04,
    name: 'Disconnect with Will Message',
    message: 'Disconnected, and the last will is sent.',
    packets: ['disconnect'],
  },
  {
    code: 0x10,
    name: 'No matching subscribers',
    message: 'The broker took the message, but nobody is subscribed to its topic.',
    packets: published,
  },
  {
    code: 0x11,
    name: 'No subscription existed',
    message: 'The broker knew of no such subscription.',
    packets: ['unsuback'],
  },
  {
    code: 0x18,
    name: 'Continue authentication',
    message: 'The broker asks for the next step of authentication.',
    packets: ['auth'],
  },
  { code: 0x19, name: 'Re-authenticate', message: 'A new authentication begins.', packets: ['auth'] },
  {
    code: 0x80,
    name: 'Unspecified error',
    message: 'The broker refused and gave no reason.',
    hint: brokerLog,
    packets: ['connack', ...published, ...subscribed, 'disconnect'],
    in: {
      puback: { message: 'The broker refused the message and gave no reason.' },
      pubrec: { message: 'The broker refused the message and gave no reason.' },
      suback: { message: 'The broker refused this subscription and gave no reason.' },
      disconnect: { message: 'The broker closed the connection and gave no reason.' },
    },
  },
  {
    code: 0x81,
    name: 'Malformed Packet',
    message: 'The broker could not read a packet that Topicscope sent.',
    hint: 'Try MQTT 3.1.1 for this connection, and look at the log of the broker.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0x82,
    name: 'Protocol Error',
    message: 'The broker found that the protocol was broken.',
    hint: 'Check the MQTT 5 properties of the connection, or try MQTT 3.1.1.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0x83,
    name: 'Implementation specific error',
    message: 'The broker refused for a reason of its own.',
    hint: brokerLog,
    packets: ['connack', ...published, ...subscribed, 'disconnect'],
  },
  {
    code: 0x84,
    name: 'Unsupported Protocol Version',
    message: 'The broker does not speak this version of MQTT.',
    hint: 'Choose MQTT 3.1.1 in the connection: almost every broker speaks it.',
    packets: ['connack'],
  },
  {
    code: 0x85,
    name: 'Client Identifier not valid',
    message: 'The broker does not accept this client ID.',
    hint: 'Choose another client ID. Some brokers want one that they know, some forbid an empty one.',
    packets: ['connack'],
  },
  {
    code: 0x86,
    name: 'Bad User Name or Password',
    message: 'The broker does not accept this username and password.',
    hint: 'Check the username and type the password anew.',
    packets: ['connack'],
  },
  {
    code: 0x87,
    name: 'Not authorized',
    message: 'The broker does not allow this.',
    hint: accessRules,
    packets: ['connack', ...published, ...subscribed, 'disconnect'],
    in: {
      connack: {
        message: 'The broker does not let this client connect.',
        hint: 'Check username and password (many brokers say the same of wrong ones), the client ID, and the access rules of the broker.',
      },
      puback: { message: 'This user may not publish to this topic.' },
      pubrec: { message: 'This user may not publish to this topic.' },
      suback: { message: 'This user may not subscribe to this topic filter.' },
      disconnect: { message: 'The broker closed the connection: this client may not do what it did.' },
    },
  },
  {
    code: 0x88,
    name: 'Server unavailable',
    message: 'The broker answers, but its MQTT service is not available.',
    hint: 'Wait and try again, or look at the log of the broker.',
    packets: ['connack'],
  },
  {
    code: 0x89,
    name: 'Server busy',
    message: 'The broker is too busy.',
    hint: 'Try again later.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0x8a,
    name: 'Banned',
    message: 'The broker has banned this client.',
    hint: 'Ask those who run the broker; connecting again will not help.',
    packets: ['connack'],
  },
  {
    code: 0x8b,
    name: 'Server shutting down',
    message: 'The broker is shutting down.',
    hint: 'Wait until it is up again.',
    packets: ['disconnect'],
  },
  {
    code: 0x8c,
    name: 'Bad authentication method',
    message: 'The broker does not accept this way of authentication.',
    hint: 'It may ask for enhanced authentication (AUTH), which needs settings at the broker.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0x8d,
    name: 'Keep Alive timeout',
    message: 'The broker heard nothing from Topicscope for longer than the keep alive time.',
    hint: 'The network was interrupted or this computer slept. A longer keep alive tolerates more.',
    packets: ['disconnect'],
  },
  {
    code: 0x8e,
    name: 'Session taken over',
    message: 'Another client connected with the same client ID, so the broker closed this connection.',
    hint: 'Give this connection a client ID of its own, or stop the other client, then connect again.',
    packets: ['disconnect'],
  },
  {
    code: 0x8f,
    name: 'Topic Filter invalid',
    message: 'The broker does not accept this topic filter.',
    hint: 'Its form is right, but this broker limits filters: fewer levels or no leading $ may help.',
    packets: [...subscribed, 'disconnect'],
  },
  {
    code: 0x90,
    name: 'Topic Name invalid',
    message: 'The broker does not accept this topic.',
    hint: 'Its form is right, but this broker limits topics: fewer levels or no leading $ may help.',
    packets: ['connack', ...published, 'disconnect'],
    in: { connack: { message: 'The broker does not accept the topic of the last will.' } },
  },
  {
    code: 0x91,
    name: 'Packet Identifier in use',
    message: 'The broker still waits for an earlier packet with the same number.',
    hint: 'Connect again with a clean start.',
    packets: [...published, ...subscribed],
  },
  {
    code: 0x92,
    name: 'Packet Identifier not found',
    message: 'Broker and Topicscope no longer agree on which messages are in flight.',
    hint: 'Connect again with a clean start.',
    packets: ['pubrel', 'pubcomp'],
  },
  {
    code: 0x93,
    name: 'Receive Maximum exceeded',
    message: 'More messages were in flight than the broker takes at once.',
    hint: 'Publish fewer messages of QoS 1 and 2 at a time.',
    packets: ['disconnect'],
  },
  {
    code: 0x94,
    name: 'Topic Alias invalid',
    message: 'The broker did not accept a topic alias.',
    hint: brokerLog,
    packets: ['disconnect'],
  },
  {
    code: 0x95,
    name: 'Packet too large',
    message: 'A packet was larger than the broker takes.',
    hint: 'Send a smaller payload, or raise the limit of the broker.',
    packets: ['connack', 'disconnect'],
    in: {
      connack: {
        message: 'The CONNECT packet was larger than the broker takes.',
        hint: 'Shorten the payload of the last will or the user properties.',
      },
    },
  },
  {
    code: 0x96,
    name: 'Message rate too high',
    message: 'Messages came faster than the broker allows.',
    hint: 'Publish more slowly.',
    packets: ['disconnect'],
  },
  {
    code: 0x97,
    name: 'Quota exceeded',
    message: 'A limit that the broker sets for this client is used up.',
    hint: 'Wait, or raise the limit at the broker.',
    packets: ['connack', ...published, 'suback', 'disconnect'],
  },
  {
    code: 0x98,
    name: 'Administrative action',
    message: 'Someone who runs the broker closed this connection.',
    hint: 'Ask them before you connect again.',
    packets: ['disconnect'],
  },
  {
    code: 0x99,
    name: 'Payload format invalid',
    message: 'The payload is not what its properties say.',
    hint: 'Take back "UTF-8 text" in the properties if the payload is not text.',
    packets: ['connack', ...published, 'disconnect'],
    in: { connack: { message: 'The payload of the last will is not what its properties say.' } },
  },
  {
    code: 0x9a,
    name: 'Retain not supported',
    message: 'The broker keeps no retained messages.',
    hint: 'Switch Retain off.',
    packets: ['connack', 'disconnect'],
    in: { connack: { hint: 'Switch Retain off in the last will.' } },
  },
  {
    code: 0x9b,
    name: 'QoS not supported',
    message: 'The broker does not support this QoS.',
    hint: 'Choose a lower QoS.',
    packets: ['connack', 'disconnect'],
    in: { connack: { hint: 'Choose a lower QoS for the last will.' } },
  },
  {
    code: 0x9c,
    name: 'Use another server',
    message: 'The broker asks to use another server for now.',
    hint: 'Change the host to the server that the broker names.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0x9d,
    name: 'Server moved',
    message: 'The broker has moved to another server.',
    hint: 'Change the host to the server that the broker names.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0x9e,
    name: 'Shared Subscriptions not supported',
    message: 'The broker does not support shared subscriptions.',
    hint: 'Subscribe without $share/group/.',
    packets: ['suback', 'disconnect'],
  },
  {
    code: 0x9f,
    name: 'Connection rate exceeded',
    message: 'Connections came faster than the broker allows.',
    hint: 'Wait before connecting again.',
    packets: ['connack', 'disconnect'],
  },
  {
    code: 0xa0,
    name: 'Maximum connect time',
    message: 'The broker limits how long a connection may last, and the time is over.',
    packets: ['disconnect'],
  },
  {
    code: 0xa1,
    name: 'Subscription Identifiers not supported',
    message: 'The broker does not support subscription identifiers.',
    packets: ['suback', 'disconnect'],
  },
  {
    code: 0xa2,
    name: 'Wildcard Subscriptions not supported',
    message: 'The broker does not support wildcards in subscriptions.',
    hint: 'Subscribe to whole topics, without + and #.',
    packets: ['suback', 'disconnect'],
  },
];
