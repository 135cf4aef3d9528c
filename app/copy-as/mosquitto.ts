import { decodeStrictUtf8 } from '../payload/utf8.ts';
import type { PublishProperties } from '../profile/profile.ts';
import { cmdScript } from './cmd.ts';
import type { CommandLine } from './command-line.ts';
import { posixScript } from './posix-shell.ts';
import { powerShellScript } from './powershell.ts';
import {
  commonNotes,
  type ProgramConnection,
  type ProgramMessage,
  type ProgramTask,
  passwordOf,
  type ShellName,
  usesTls,
  usesWebSocket,
} from './program.ts';

const versions = { '3.1': '31', '3.1.1': '311', '5.0': '5' } as const;
const scripts: Readonly<Record<ShellName, (command: CommandLine) => readonly string[]>> = {
  sh: posixScript,
  powershell: powerShellScript,
  cmd: cmdScript,
};

/** `--insecure` leaves the check of the host name out, not that of the chain. */
const UNVERIFIED =
  'Mosquitto’s clients can leave out the check of the host name only: where no CA vouches for the server’s certificate, save that and name it as --cafile.';

/** `mosquitto_pub` for a message, `mosquitto_sub` for a connection. */
export function mosquittoCommand({ connection, message }: ProgramTask, shell: ShellName): string {
  const notes = [...commonNotes(connection, UNVERIFIED)];
  const options = [...connectionOptions(connection, notes), ...sessionOptions(connection, message, notes)];
  const will = willOptions(connection, notes);
  const task =
    message === undefined ? subscribeOptions(connection) : publishOptions(message, connection, notes);
  const words = [...options, ...will, ...task];
  if (words.some((word) => word.includes('\0'))) {
    notes.push('A zero character has no place on a command line, and is left out.');
  }
  const lines = scripts[shell]({
    program: message === undefined ? 'mosquitto_sub' : 'mosquitto_pub',
    words: words.map((word) => word.replaceAll('\0', '')),
    ...(message === undefined || message.payload.length === 0 ? {} : { payload: message.payload }),
    notes,
  });
  return `${lines.join('\n')}\n`;
}

function connectionOptions(connection: ProgramConnection, notes: string[]): string[] {
  const { host, port, username, tls } = connection;
  if (usesWebSocket(connection)) {
    notes.push('Mosquitto’s clients up to 2.0 do not speak WebSocket: take the port of an MQTT listener.');
  }
  const words = ['-h', host, '-p', String(port), '-V', versions[connection.mqttVersion]];
  const password = passwordOf(connection);
  if (username !== '') {
    words.push('-u', username);
  }
  if (password !== undefined) {
    words.push('-P', password);
  }
  if (usesTls(connection)) {
    const [ca] = tls.ca;
    words.push(...(ca === undefined ? ['--tls-use-os-certs'] : ['--cafile', ca]));
    if (tls.ca.length > 1) {
      notes.push(`--cafile takes one file: put all of them into it (${tls.ca.join(', ')}).`);
    }
    if (tls.certificate !== undefined && tls.key !== undefined) {
      words.push('--cert', tls.certificate, '--key', tls.key);
    }
    if (!tls.verify) {
      words.push('--insecure');
    }
    if (tls.alpn[0] !== undefined) {
      words.push('--tls-alpn', tls.alpn[0]);
    }
    if (tls.serverName !== '') {
      notes.push(`Mosquitto’s clients send the host as server name (SNI), not ${tls.serverName}.`);
    }
  }
  return words;
}

function sessionOptions(
  { clientId, keepAlive, clean, mqttVersion, sessionExpiryInterval }: ProgramConnection,
  message: ProgramMessage | undefined,
  notes: string[],
): string[] {
  const words: string[] = [];
  // A second client of the same id would throw the first one out.
  if (clientId !== '' && message === undefined) {
    words.push('-i', clientId);
  }
  if (keepAlive !== 60) {
    if (keepAlive >= 5) {
      words.push('-k', String(keepAlive));
    } else {
      notes.push(`Keep alive is 60 s: Mosquitto’s clients take no ${keepAlive} s.`);
    }
  }
  if (message !== undefined) {
    return words;
  }
  const isKept = !clean && clientId !== '';
  if (isKept) {
    words.push('-c');
  } else if (!clean) {
    notes.push('The session is a new one each time: without a client ID, Mosquitto’s clients keep none.');
  }
  if (mqttVersion === '5.0' && (isKept || sessionExpiryInterval > 0)) {
    // Without it, a session that is kept would never end.
    words.push('-x', String(sessionExpiryInterval));
  }
  return words;
}

/** Bytes as the text of an argument, which ends at a zero byte; `undefined`: they are none. */
function argumentText(bytes: Uint8Array): string | undefined {
  return bytes.includes(0) ? undefined : decodeStrictUtf8(bytes);
}

function willOptions({ will, mqttVersion }: ProgramConnection, notes: string[]): string[] {
  if (will === undefined) {
    return [];
  }
  const payload = argumentText(will.payload);
  if (payload === undefined) {
    notes.push('The last will is left out: its payload is not text, and no option takes bytes.');
    return [];
  }
  const words = ['--will-topic', will.topic, '--will-payload', payload, '--will-qos', String(will.qos)];
  if (will.retain) {
    words.push('--will-retain');
  }
  if (mqttVersion === '5.0') {
    const delay = will.delayInterval;
    words.push(
      ...(delay === undefined ? [] : ['-D', 'will', 'will-delay-interval', String(delay)]),
      ...propertyWords('will', will.properties, notes),
    );
  }
  return words;
}

function subscribeOptions({ subscriptions, mqttVersion }: ProgramConnection): string[] {
  const filters = subscriptions.length === 0 ? ['#'] : subscriptions.map(({ filter }) => filter);
  const qos = Math.max(0, ...subscriptions.map((subscription) => subscription.qos));
  const five = mqttVersion === '5.0' && subscriptions.length > 0;
  const all = (is: (subscription: ProgramConnection['subscriptions'][number]) => boolean) =>
    five && subscriptions.every(is);
  return [
    ...filters.flatMap((filter) => ['-t', filter]),
    '-q',
    String(qos),
    ...(all(({ retainAsPublished }) => retainAsPublished) ? ['--retain-as-published'] : []),
    ...(all(({ retainHandling }) => retainHandling === 2) ? ['--retain-handling', 'never'] : []),
    ...(all(({ retainHandling }) => retainHandling === 1) ? ['--retain-handling', 'new'] : []),
    '-v',
  ];
}

function publishOptions(
  { topic, payload, qos, retain, properties }: ProgramMessage,
  { mqttVersion }: ProgramConnection,
  notes: string[],
): string[] {
  return [
    '-t',
    topic,
    '-q',
    String(qos),
    ...(retain ? ['-r'] : []),
    ...(mqttVersion === '5.0' ? propertyWords('publish', properties, notes) : []),
    // Any other one is for the shell to put there.
    ...(payload.length === 0 ? ['-n'] : []),
  ];
}

function propertyWords(
  command: 'publish' | 'will',
  properties: PublishProperties,
  notes: string[],
): string[] {
  const { contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, correlationData } = properties;
  const words: string[] = [];
  const add = (name: string, ...values: readonly string[]) => words.push('-D', command, name, ...values);
  if (contentType !== undefined) {
    add('content-type', contentType);
  }
  if (payloadIsUtf8 === true) {
    add('payload-format-indicator', '1');
  }
  if (messageExpiryInterval !== undefined) {
    add('message-expiry-interval', String(messageExpiryInterval));
  }
  if (responseTopic !== undefined) {
    add('response-topic', responseTopic);
  }
  const correlation = correlationData === undefined ? undefined : argumentText(correlationData);
  if (correlation !== undefined) {
    add('correlation-data', correlation);
  } else if (correlationData !== undefined) {
    notes.push('The correlation data is left out: it is not text, and no option takes bytes.');
  }
  for (const { key, value } of properties.userProperties ?? []) {
    add('user-property', key, value);
  }
  return words;
}
