import type { PublishProperties } from '../profile/profile.ts';
import { printfFormat, shellWord } from './literals.ts';
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
import { decodeUtf8 } from './utf8-text.ts';

/** Bytes of a payload that a command line still takes: systems cut a single argument at 128 KiB. */
export const MAX_ARGUMENT = 100 * 1024;

const versions = { '3.1': '31', '3.1.1': '311', '5.0': '5' } as const;
/** Options to a line. */
const LINE = 92;

/** `mosquitto_pub` for a message, `mosquitto_sub` for a connection, for a POSIX shell. */
export function mosquittoCommand({ connection, message }: ProgramTask): string {
  const notes = [...commonNotes(connection)];
  const options = [...connectionOptions(connection, notes), ...sessionOptions(connection, message, notes)];
  const will = willOptions(connection, notes);
  const head = message === undefined ? 'mosquitto_sub' : 'mosquitto_pub';
  const [task, pipe] =
    message === undefined ? [subscribeOptions(connection), ''] : publishOptions(message, connection, notes);
  return `${[...comments(notes, '#'), `${pipe}${wrapped([head, ...options, ...will, ...task])}`].join('\n')}\n`;
}

/** The words of a command, on as many lines as it takes. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const isFull = line.length + word.length > LINE && word.startsWith('-');
    if (isFull) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(' \\\n');
}

function connectionOptions(connection: ProgramConnection, notes: string[]): string[] {
  const { host, port, username, tls } = connection;
  if (usesWebSocket(connection)) {
    notes.push('Mosquitto’s clients up to 2.0 do not speak WebSocket: take the port of an MQTT listener.');
  }
  const words = ['-h', shellWord(host), '-p', String(port), '-V', versions[connection.mqttVersion]];
  const password = passwordOf(connection);
  if (username !== '') {
    words.push('-u', shellWord(username));
  }
  if (password !== undefined) {
    words.push('-P', shellWord(password));
  }
  if (usesTls(connection)) {
    const [ca] = tls.ca;
    words.push(...(ca === undefined ? ['--tls-use-os-certs'] : ['--cafile', shellWord(ca)]));
    if (tls.ca.length > 1) {
      notes.push(`--cafile takes one file: put all of them into it (${tls.ca.join(', ')}).`);
    }
    if (tls.certificate !== undefined && tls.key !== undefined) {
      words.push('--cert', shellWord(tls.certificate), '--key', shellWord(tls.key));
    }
    if (!tls.verify) {
      words.push('--insecure');
    }
    if (tls.alpn[0] !== undefined) {
      words.push('--tls-alpn', shellWord(tls.alpn[0]));
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
    words.push('-i', shellWord(clientId));
  }
  if (keepAlive !== 60) {
    if (keepAlive >= 5) {
      words.push('-k', String(keepAlive));
    } else {
      notes.push(`Keep alive is 60 s: Mosquitto’s clients take no ${keepAlive} s.`);
    }
  }
  if (!clean && message === undefined) {
    words.push('-c');
    if (mqttVersion === '5.0' && sessionExpiryInterval > 0) {
      words.push('-x', String(sessionExpiryInterval));
    }
  }
  return words;
}

function willOptions({ will, mqttVersion }: ProgramConnection, notes: string[]): string[] {
  if (will === undefined) {
    return [];
  }
  const payload = decodeUtf8(will.payload);
  if (payload === undefined) {
    notes.push('The last will is left out: its payload is not text, and no option takes bytes.');
    return [];
  }
  const words = [
    '--will-topic',
    shellWord(will.topic),
    '--will-payload',
    shellWord(payload),
    '--will-qos',
    String(will.qos),
  ];
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
    ...filters.flatMap((filter) => ['-t', shellWord(filter)]),
    '-q',
    String(qos),
    ...(all(({ retainAsPublished }) => retainAsPublished) ? ['--retain-as-published'] : []),
    ...(all(({ retainHandling }) => retainHandling === 2) ? ['--retain-handling', 'never'] : []),
    ...(all(({ retainHandling }) => retainHandling === 1) ? ['--retain-handling', 'new'] : []),
    '-v',
  ];
}

/** The options, and what stands before the command. */
function publishOptions(
  { topic, payload, qos, retain, properties }: ProgramMessage,
  { mqttVersion }: ProgramConnection,
  notes: string[],
): [string[], string] {
  const words = [
    '-t',
    shellWord(topic),
    '-q',
    String(qos),
    ...(retain ? ['-r'] : []),
    ...(mqttVersion === '5.0' ? propertyWords('publish', properties, notes) : []),
  ];
  if (payload.length === 0) {
    return [[...words, '-n'], ''];
  }
  const text = decodeUtf8(payload);
  return text === undefined
    ? [[...words, '-s'], `printf '${printfFormat(payload)}' | `]
    : [[...words, '-m', shellWord(text)], ''];
}

function propertyWords(
  command: 'publish' | 'will',
  properties: PublishProperties,
  notes: string[],
): string[] {
  const { contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, correlationData } = properties;
  const words: string[] = [];
  const add = (name: string, ...values: readonly string[]) =>
    words.push('-D', command, name, ...values.map(shellWord));
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
  const correlation = correlationData === undefined ? undefined : decodeUtf8(correlationData);
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
