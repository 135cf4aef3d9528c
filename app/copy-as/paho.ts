import type { PublishProperties } from '../profile/profile.ts';
import { pyBytes, pyString } from './literals.ts';
import {
  comments,
  commonNotes,
  type ProgramConnection,
  type ProgramTask,
  passwordOf,
  usesTls,
  usesWebSocket,
} from './program.ts';

const versions = { '3.1': 'MQTTv31', '3.1.1': 'MQTTv311', '5.0': 'MQTTv5' } as const;

/** A program for Python 3 with paho-mqtt; releases 1.6 and 2 both run it. */
export function pahoProgram({ connection, message }: ProgramTask): string {
  const isFive = connection.mqttVersion === '5.0';
  const notes = [...commonNotes(connection), 'pip install paho-mqtt'];
  if (usesTls(connection) && connection.tls.ca.length > 1) {
    notes.push(`ca_certs takes one file: put all of them into it (${connection.tls.ca.join(', ')}).`);
  }
  if (usesTls(connection) && connection.tls.serverName !== '') {
    notes.push(`paho-mqtt sends the host as server name (SNI), not ${connection.tls.serverName}.`);
  }
  const lines = [
    ...comments(notes, '#'),
    ...(message === undefined ? [] : ['import threading', '']),
    ...(usesTls(connection) && !connection.tls.verify ? ['import ssl', ''] : []),
    'import paho.mqtt.client as mqtt',
    ...(isFive
      ? ['from paho.mqtt.packettypes import PacketTypes', 'from paho.mqtt.properties import Properties']
      : []),
    ...(isFive && message === undefined ? ['from paho.mqtt.subscribeoptions import SubscribeOptions'] : []),
    '',
    ...(message === undefined ? [] : ['connected = threading.Event()', '']),
    '',
    ...callbacks(connection, message === undefined),
    '',
    'options = {',
    // A second client of the same id would throw the first one out.
    `    "client_id": ${pyString(message === undefined ? connection.clientId : '')},`,
    `    "protocol": mqtt.${versions[connection.mqttVersion]},`,
    ...(usesWebSocket(connection) ? ['    "transport": "websockets",'] : []),
    ...(isFive
      ? []
      : [
          `    "clean_session": ${pyBoolean(message !== undefined || connection.clean || connection.clientId === '')},`,
        ]),
    '}',
    'if hasattr(mqtt, "CallbackAPIVersion"):  # paho-mqtt 2',
    '    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, **options)',
    'else:',
    '    client = mqtt.Client(**options)',
    'client.on_connect = on_connect',
    ...(message === undefined ? ['client.on_message = on_message'] : []),
    ...transport(connection),
    ...will(connection),
    ...connectLines(connection, message !== undefined),
  ];
  if (message === undefined) {
    lines.push('client.loop_forever()');
  } else {
    const properties = isFive ? propertyLines('properties', 'PUBLISH', message.properties) : [];
    lines.push(
      'client.loop_start()',
      'if not connected.wait(15):',
      '    raise SystemExit("Not connected")',
      ...properties,
      `info = client.publish(${pyString(message.topic)}, ${pyBytes(message.payload)}, qos=${message.qos}, retain=${pyBoolean(message.retain)}${properties.length === 0 ? '' : ', properties=properties'})`,
      'info.wait_for_publish()',
      'client.disconnect()',
      'client.loop_stop()',
    );
  }
  return `${lines.join('\n')}\n`;
}

function pyBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}

function callbacks({ subscriptions, mqttVersion }: ProgramConnection, subscribes: boolean): string[] {
  const head = [
    'def on_connect(client, userdata, flags, reason_code, properties=None):',
    '    if getattr(reason_code, "value", reason_code) != 0:',
    '        raise SystemExit(f"Refused: {reason_code}")',
  ];
  if (!subscribes) {
    return [...head, '    connected.set()', ''];
  }
  const wanted =
    subscriptions.length === 0
      ? ['    client.subscribe("#")']
      : subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) =>
          mqttVersion === '5.0'
            ? `    client.subscribe(${pyString(filter)}, options=SubscribeOptions(qos=${qos}, noLocal=${pyBoolean(noLocal)}, retainAsPublished=${pyBoolean(retainAsPublished)}, retainHandling=${retainHandling}))`
            : `    client.subscribe(${pyString(filter)}, qos=${qos})`,
        );
  return [
    ...head,
    ...wanted,
    '',
    '',
    'def on_message(client, userdata, message):',
    '    print(message.topic, message.payload, f"QoS {message.qos}", "retained" if message.retain else "", flush=True)',
    '',
  ];
}

function transport(connection: ProgramConnection): string[] {
  const { username, tls, path } = connection;
  const password = passwordOf(connection);
  const lines: string[] = [];
  if (username !== '' || password !== undefined) {
    lines.push(
      `client.username_pw_set(${username === '' ? 'None' : pyString(username)}${password === undefined ? '' : `, ${pyString(password)}`})`,
    );
  }
  if (usesWebSocket(connection)) {
    lines.push(`client.ws_set_options(path=${pyString(path)})`);
  }
  if (usesTls(connection)) {
    const options = [
      ...(tls.ca[0] === undefined ? [] : [`ca_certs=${pyString(tls.ca[0])}`]),
      ...(tls.certificate === undefined ? [] : [`certfile=${pyString(tls.certificate)}`]),
      ...(tls.key === undefined ? [] : [`keyfile=${pyString(tls.key)}`]),
      ...(tls.hasPassphrase ? ['keyfile_password="YOUR_PASSPHRASE"'] : []),
      ...(tls.verify ? [] : ['cert_reqs=ssl.CERT_NONE']),
      ...(tls.alpn.length === 0 ? [] : [`alpn_protocols=[${tls.alpn.map(pyString).join(', ')}]`]),
    ];
    lines.push(`client.tls_set(${options.join(', ')})`);
    if (!tls.verify) {
      lines.push('client.tls_insecure_set(True)');
    }
  }
  return lines;
}

function will({ will: message, mqttVersion }: ProgramConnection): string[] {
  if (message === undefined) {
    return [];
  }
  const delay = message.delayInterval;
  const properties =
    mqttVersion === '5.0'
      ? propertyLines('will_properties', 'WILLMESSAGE', message.properties, [
          ...(delay === undefined ? [] : [`will_properties.WillDelayInterval = ${delay}`]),
        ])
      : [];
  return [
    ...properties,
    `client.will_set(${pyString(message.topic)}, ${pyBytes(message.payload)}, qos=${message.qos}, retain=${pyBoolean(message.retain)}${properties.length === 0 ? '' : ', properties=will_properties'})`,
  ];
}

function connectLines(connection: ProgramConnection, isShort: boolean): string[] {
  const { host, port, keepAlive, clean, mqttVersion, sessionExpiryInterval } = connection;
  const where = `${pyString(host)}, ${port}, keepalive=${keepAlive}`;
  if (mqttVersion !== '5.0') {
    return [`client.connect(${where})`];
  }
  const keeps = !isShort && sessionExpiryInterval > 0;
  return [
    ...(keeps
      ? [
          'connect_properties = Properties(PacketTypes.CONNECT)',
          `connect_properties.SessionExpiryInterval = ${sessionExpiryInterval}`,
        ]
      : []),
    `client.connect(${where}, clean_start=${pyBoolean(isShort || clean)}${keeps ? ', properties=connect_properties' : ''})`,
  ];
}

function propertyLines(
  name: string,
  packet: string,
  properties: PublishProperties,
  more: readonly string[] = [],
): string[] {
  const { contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, correlationData } = properties;
  const lines = [
    ...more,
    ...(contentType === undefined ? [] : [`${name}.ContentType = ${pyString(contentType)}`]),
    ...(payloadIsUtf8 === true ? [`${name}.PayloadFormatIndicator = 1`] : []),
    ...(messageExpiryInterval === undefined
      ? []
      : [`${name}.MessageExpiryInterval = ${messageExpiryInterval}`]),
    ...(responseTopic === undefined ? [] : [`${name}.ResponseTopic = ${pyString(responseTopic)}`]),
    ...(correlationData === undefined ? [] : [`${name}.CorrelationData = ${pyBytes(correlationData)}`]),
    // Each assignment adds one.
    ...(properties.userProperties ?? []).map(
      ({ key, value }) => `${name}.UserProperty = (${pyString(key)}, ${pyString(value)})`,
    ),
  ];
  return lines.length === 0 ? [] : [`${name} = Properties(PacketTypes.${packet})`, ...lines];
}
