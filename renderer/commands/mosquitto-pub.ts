import { fail } from '#app/contract/failure.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';

/** What of a connection the command needs. */
export interface CommandTarget {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly mqttVersion: string;
}

/** Bytes of a payload that a command line still takes: systems cut a single argument at 128 KiB. */
const MAX_ARGUMENT = 100 * 1024;
const versions: Readonly<Record<string, string>> = { '3.1': '31', '3.1.1': '311', '5.0': '5' };

/**
 * A message as the `mosquitto_pub` command that publishes it again, for POSIX shells. The password is not in it. A
 * payload that no argument can carry (NUL, not UTF-8) is written by `printf` and read from standard input.
 */
export function mosquittoPub(
  { protocol, host, port, mqttVersion }: CommandTarget,
  details: Pick<MessageDetails, 'topic' | 'qos' | 'retain' | 'properties'>,
  payload: Uint8Array,
): string {
  if (payload.length > MAX_ARGUMENT) {
    throw fail(
      'copy.tooLarge',
      'This payload is too large for a command line.',
      'Export it as a raw file, and publish that with mosquitto_pub -f.',
    );
  }
  const words = [
    'mosquitto_pub',
    '-h',
    quote(host),
    '-p',
    String(port),
    '-V',
    versions[mqttVersion] ?? '311',
  ];
  if (protocol === 'mqtts' || protocol === 'wss') {
    words.push('--tls-use-os-certs');
  }
  words.push('-t', quote(details.topic), '-q', String(details.qos));
  if (details.retain) {
    words.push('-r');
  }
  if (mqttVersion === '5.0') {
    words.push(...propertyWords(details.properties));
  }
  const text = decodeArgument(payload);
  const notes = protocol.startsWith('ws')
    ? ['# mosquitto_pub does not speak WebSocket: use the port of an MQTT listener.']
    : [];
  if (payload.length === 0) {
    return [...notes, [...words, '-n'].join(' ')].join('\n');
  }
  return text === undefined
    ? [
        ...notes,
        '# printf writes the bytes: no argument of a command can carry them.',
        `printf '${octal(payload)}' | ${[...words, '-s'].join(' ')}`,
      ].join('\n')
    : [...notes, [...words, '-m', quote(text)].join(' ')].join('\n');
}

/** A word that a POSIX shell takes as it is. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function propertyWords(properties: MessageDetails['properties']): string[] {
  const {
    contentType,
    payloadIsUtf8,
    messageExpiryInterval,
    responseTopic,
    correlationData,
    userProperties = [],
  } = properties;
  const words: string[] = [];
  const add = (name: string, ...values: readonly string[]) =>
    words.push('-D', 'publish', name, ...values.map(quote));
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
  const correlation = correlationData === undefined ? undefined : decodeArgument(correlationData);
  if (correlation !== undefined) {
    add('correlation-data', correlation);
  }
  for (const { key, value } of userProperties) {
    add('user-property', key, value);
  }
  return words;
}

/** The text that these bytes are exactly, if an argument can be that. */
function decodeArgument(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // Other control characters than tab and line end would be lost in a terminal that the command is pasted into.
    return /[\0-\x08\x0b-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Three octal digits are what every `printf` knows; printable characters stay, but a `-` at the front would be an option. */
function octal(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isOption = text === '' && byte === 0x2d;
    const isPlain =
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && byte !== 0x25 && !isOption;
    text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}
