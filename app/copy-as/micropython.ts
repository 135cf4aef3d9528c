import { pyBytes, pyString } from './literals.ts';
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

/** A program for MicroPython with umqtt.simple: Pycom's boards, Raspberry Pi Pico W, ESP32. */
export function microPythonProgram({ connection, message }: ProgramTask): string {
  const { host, port, keepAlive, clean, clientId, will } = connection;
  const password = passwordOf(connection);
  const isTls = usesTls(connection);
  const id =
    message === undefined && clientId !== ''
      ? pyBytes(new TextEncoder().encode(clientId))
      : 'b"board-" + hexlify(urandom(4))';
  const keepsSession = message === undefined && !clean && clientId !== '';
  const lines = [
    ...comments([...commonNotes(connection), ...limits(connection, message)], '#'),
    ...(message === undefined && clientId !== ''
      ? []
      : ['from binascii import hexlify', 'from os import urandom', '']),
    'try:',
    '    import network',
    'except ImportError:  # on a computer',
    '    network = None',
    ...(isTls ? ['import ssl'] : []),
    'import time',
    '',
    'from umqtt.simple import MQTTClient',
    '',
    'if network is not None:',
    '    wlan = network.WLAN(network.STA_IF)',
    '    wlan.active(True)',
    '    wlan.connect("YOUR_NETWORK", "YOUR_NETWORK_PASSWORD")',
    '    while not wlan.isconnected():',
    '        time.sleep(0.2)',
    '',
    ...(isTls ? tlsLines(connection) : []),
    'client = MQTTClient(',
    `    ${id},`,
    `    ${pyString(host)},`,
    `    port=${port},`,
    // Bytes: umqtt sends the length of a text in characters. With a user it always sends a password.
    ...(connection.username === ''
      ? []
      : [`    user=${pyText(connection.username)},`, `    password=${pyText(password ?? '')},`]),
    `    keepalive=${keepAlive},`,
    ...(isTls ? ['    ssl=context,'] : []),
    ')',
    ...(will === undefined
      ? []
      : [
          `client.set_last_will(${pyBytes(new TextEncoder().encode(will.topic))}, ${pyBytes(will.payload)}, retain=${pyBoolean(will.retain)}, qos=${will.qos})`,
        ]),
  ];
  if (message === undefined) {
    const { subscriptions } = connection;
    const filters = subscriptions.length === 0 ? [{ filter: '#', qos: 0 }] : subscriptions;
    lines.push(
      '',
      '',
      'def on_message(topic, payload):',
      '    print(topic, payload)',
      '',
      '',
      'client.set_callback(on_message)',
      `client.connect(clean_session=${pyBoolean(!keepsSession)})`,
      ...filters.map(
        ({ filter, qos }) =>
          `client.subscribe(${pyBytes(new TextEncoder().encode(filter))}, qos=${Math.min(1, qos)})`,
      ),
      ...listenLines(keepAlive),
    );
  } else {
    const { topic, payload, retain, qos } = message;
    lines.push(
      'client.connect()',
      `client.publish(${pyBytes(new TextEncoder().encode(topic))}, ${pyBytes(payload)}, retain=${pyBoolean(retain)}, qos=${Math.min(1, qos)})`,
      'client.disconnect()',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Receives for ever. umqtt sends no PINGREQ by itself, and a broker ends a connection that is silent for too long. */
function listenLines(keepAlive: number): readonly string[] {
  if (keepAlive === 0) {
    return ['while True:', '    client.wait_msg()'];
  }
  return [
    'last_ping = time.time()',
    'while True:',
    '    client.check_msg()',
    `    if time.time() - last_ping >= ${Math.max(1, Math.floor(keepAlive / 2))}:`,
    '        client.ping()',
    '        last_ping = time.time()',
    '    time.sleep(0.05)',
  ];
}

function pyText(text: string): string {
  return pyBytes(new TextEncoder().encode(text));
}

function pyBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}

function limits(connection: ProgramConnection, message: ProgramMessage | undefined): string[] {
  const { mqttVersion, will, tls, subscriptions } = connection;
  const hasProperties = (properties: object | undefined) => Object.keys(properties ?? {}).length > 0;
  return [
    ...(mqttVersion === '5.0' ? ['umqtt speaks MQTT 3.1.1, not 5.0.'] : []),
    ...(mqttVersion === '5.0' && (hasProperties(message?.properties) || hasProperties(will?.properties))
      ? ['The MQTT 5 properties are left out.']
      : []),
    ...(mqttVersion === '5.0' && (will?.delayInterval ?? 0) > 0
      ? ['The will is sent without its delay.']
      : []),
    ...(connection.username === '' && passwordOf(connection) !== undefined
      ? ['The password is left out: umqtt sends one with a user name only.']
      : []),
    ...(message?.qos === 2 ? ['umqtt publishes at QoS 0 and 1; QoS 2 became 1.'] : []),
    ...(message === undefined && subscriptions.some(({ qos }) => qos === 2)
      ? ['umqtt subscribes at QoS 0 and 1; QoS 2 became 1.']
      : []),
    ...(usesWebSocket(connection)
      ? ['umqtt does not speak WebSocket: take the port of an MQTT listener.']
      : []),
    ...(usesTls(connection)
      ? [
          'Pycom’s firmware takes ssl=True and ssl_params={"ca_certs": ..., "certfile": ..., "keyfile": ...} instead of a context.',
          ...(tls.ca.length > 1 ? [`One CA file is loaded: put all into it (${tls.ca.join(', ')}).`] : []),
          ...(tls.alpn.length > 0 ? ['ALPN is left out.'] : []),
          ...(tls.serverName === '' ? [] : ['The host is sent as server name (SNI).']),
          ...(tls.hasPassphrase ? ['The client key must be without a passphrase.'] : []),
        ]
      : []),
  ];
}

function tlsLines({ tls }: ProgramConnection): string[] {
  const [ca] = tls.ca;
  return [
    'context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)',
    ...(tls.verify
      ? [
          ...(ca === undefined
            ? [
                '# Boards know no CAs of their own: load the CA of the broker.',
                'context.load_verify_locations("ca.pem")',
              ]
            : [`context.load_verify_locations(${pyString(ca)})`]),
        ]
      : [
          'if hasattr(context, "check_hostname"):',
          '    context.check_hostname = False',
          'context.verify_mode = ssl.CERT_NONE',
        ]),
    ...(tls.certificate === undefined || tls.key === undefined
      ? []
      : [`context.load_cert_chain(${pyString(tls.certificate)}, ${pyString(tls.key)})`]),
    '',
  ];
}
