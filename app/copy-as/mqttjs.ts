import type { PublishProperties } from '../profile/profile.ts';
import { jsBytes, jsString } from './literals.ts';
import {
  comments,
  commonNotes,
  type ProgramConnection,
  type ProgramTask,
  passwordOf,
  usesTls,
  usesWebSocket,
} from './program.ts';

const versions = { '3.1': 3, '3.1.1': 4, '5.0': 5 } as const;

/** An ECMAScript module for Node with MQTT.js 5. */
export function mqttJsProgram({ connection, message }: ProgramTask): string {
  const notes = [...commonNotes(connection), 'npm install mqtt'];
  const usesFiles =
    usesTls(connection) && (connection.tls.ca.length > 0 || connection.tls.certificate !== undefined);
  const lines = [
    ...comments(notes, '//'),
    ...(usesFiles ? [importLine('{ readFileSync }', 'node:fs')] : []),
    importLine('mqtt', 'mqtt'),
    '',
    `const client = await mqtt.connectAsync(${jsString(urlOf(connection))}, {`,
    ...optionsOf(connection, message !== undefined).map((line) => `  ${line}`),
    '});',
    '',
  ];
  if (message !== undefined) {
    const properties = connection.mqttVersion === '5.0' ? propertyMembers(message.properties) : [];
    lines.push(
      `await client.publishAsync(${jsString(message.topic)}, ${jsBytes(message.payload)}, {`,
      `  qos: ${message.qos},`,
      `  retain: ${message.retain},`,
      ...(properties.length === 0
        ? []
        : ['  properties: {', ...properties.map((line) => `    ${line}`), '  },']),
      '});',
      'await client.endAsync();',
    );
  } else {
    lines.push(
      "client.on('message', (topic, payload, packet) => {",
      '  console.log(topic, payload.toString(), { qos: packet.qos, retain: packet.retain });',
      '});',
      ...subscribeLines(connection),
    );
  }
  return `${lines.join('\n')}\n`;
}

function importLine(what: string, module: string): string {
  return ['import', what, 'from', `'${module}';`].join(' ');
}

function urlOf(connection: ProgramConnection): string {
  const { protocol, host, port, path } = connection;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${protocol}://${name}:${port}${usesWebSocket(connection) ? path : ''}`;
}

function optionsOf(connection: ProgramConnection, isShort: boolean): string[] {
  const { mqttVersion, clientId, username, keepAlive, clean, sessionExpiryInterval, tls, will } = connection;
  const password = passwordOf(connection);
  const lines = [
    `protocolVersion: ${versions[mqttVersion]},`,
    ...(mqttVersion === '3.1' ? ["protocolId: 'MQIsdp',"] : []),
    // A second client of the same id would throw the first one out.
    ...(isShort || clientId === '' ? [] : [`clientId: ${jsString(clientId)},`]),
    `keepalive: ${keepAlive},`,
    ...(isShort ? [] : [`clean: ${clean},`]),
    ...(username === '' ? [] : [`username: ${jsString(username)},`]),
    ...(password === undefined ? [] : [`password: ${jsString(password)},`]),
    ...(!isShort && mqttVersion === '5.0' && sessionExpiryInterval > 0
      ? [`properties: { sessionExpiryInterval: ${sessionExpiryInterval} },`]
      : []),
  ];
  if (usesTls(connection)) {
    lines.push(
      ...(tls.ca.length === 0
        ? []
        : [`ca: [${tls.ca.map((file) => `readFileSync(${jsString(file)})`).join(', ')}],`]),
      ...(tls.certificate === undefined ? [] : [`cert: readFileSync(${jsString(tls.certificate)}),`]),
      ...(tls.key === undefined ? [] : [`key: readFileSync(${jsString(tls.key)}),`]),
      ...(tls.hasPassphrase ? ["passphrase: 'YOUR_PASSPHRASE',"] : []),
      ...(tls.verify ? [] : ['rejectUnauthorized: false,']),
      ...(tls.serverName === '' ? [] : [`servername: ${jsString(tls.serverName)},`]),
      ...(tls.alpn.length === 0 ? [] : [`ALPNProtocols: [${tls.alpn.map(jsString).join(', ')}],`]),
    );
  }
  if (will !== undefined) {
    const properties =
      mqttVersion === '5.0'
        ? [
            ...(will.delayInterval === undefined ? [] : [`willDelayInterval: ${will.delayInterval},`]),
            ...propertyMembers(will.properties),
          ]
        : [];
    lines.push(
      'will: {',
      `  topic: ${jsString(will.topic)},`,
      `  payload: Buffer.from(${jsBytes(will.payload)}),`,
      `  qos: ${will.qos},`,
      `  retain: ${will.retain},`,
      ...(properties.length === 0
        ? []
        : ['  properties: {', ...properties.map((line) => `    ${line}`), '  },']),
      '},',
    );
  }
  return lines;
}

function propertyMembers(properties: PublishProperties): string[] {
  const { contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, correlationData } = properties;
  const user = new Map<string, string[]>();
  for (const { key, value } of properties.userProperties ?? []) {
    user.set(key, [...(user.get(key) ?? []), value]);
  }
  return [
    ...(contentType === undefined ? [] : [`contentType: ${jsString(contentType)},`]),
    ...(payloadIsUtf8 === true ? ['payloadFormatIndicator: true,'] : []),
    ...(messageExpiryInterval === undefined ? [] : [`messageExpiryInterval: ${messageExpiryInterval},`]),
    ...(responseTopic === undefined ? [] : [`responseTopic: ${jsString(responseTopic)},`]),
    ...(correlationData === undefined ? [] : [`correlationData: Buffer.from(${jsBytes(correlationData)}),`]),
    ...(user.size === 0
      ? []
      : [
          `userProperties: { ${[...user]
            .map(([key, values]) => {
              const [first = ''] = values;
              // Computed: a literal member of this name would set the prototype.
              return `[${jsString(key)}]: ${values.length === 1 ? jsString(first) : `[${values.map(jsString).join(', ')}]`}`;
            })
            .join(', ')} },`,
        ]),
  ];
}

function subscribeLines({ subscriptions, mqttVersion }: ProgramConnection): string[] {
  if (subscriptions.length === 0) {
    return ["await client.subscribeAsync('#');"];
  }
  return subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) =>
    mqttVersion === '5.0'
      ? `await client.subscribeAsync(${jsString(filter)}, { qos: ${qos}, nl: ${noLocal}, rap: ${retainAsPublished}, rh: ${retainHandling} });`
      : `await client.subscribeAsync(${jsString(filter)}, { qos: ${qos} });`,
  );
}
