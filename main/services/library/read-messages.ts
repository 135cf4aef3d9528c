import { fail } from '#app/contract/failure.ts';
import {
  LIBRARY_FILE_VERSION,
  libraryFileSchema,
  MAX_SAVED,
  type ReadMessages,
} from '#app/library/saved-message.ts';
import { readXml, XmlProblem } from '../transfer/xml-tree.ts';
import { readMqttFxMessages } from './read-mqttfx-messages.ts';
import { readPubCommands } from './read-pub-commands.ts';

/**
 * Finds messages in a text: our own file, MQTT.fx's XML, or commands of `mosquitto_pub`. Throws `library.unknown`,
 * `library.newer`, `library.damaged` and `library.none`.
 */
export function readMessages(text: string): ReadMessages {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const read = trimmed.startsWith('{')
    ? readOwn(trimmed)
    : trimmed.startsWith('<')
      ? readMqttFxXml(trimmed)
      : readPubCommands(trimmed);
  if (read.messages.length === 0) {
    throw fail(
      'library.none',
      'No message was found.',
      read.notes[0] ??
        'Drop a file that was exported here or MQTT.fx’s mqttfx-config.xml, or paste mosquitto_pub commands.',
    );
  }
  if (read.messages.length > MAX_SAVED) {
    throw fail(
      'library.size',
      `There are ${read.messages.length} messages; ${MAX_SAVED} can be taken over at once.`,
    );
  }
  return read;
}

function readOwn(text: string): ReadMessages {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    throw fail('library.damaged', 'The file is not valid JSON.', 'Export it again.', String(error));
  }
  const version = typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'version') : undefined;
  const format = typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'format') : undefined;
  if (format !== 'topicscope-messages') {
    throw fail(
      'library.unknown',
      'This JSON holds no saved messages.',
      'Choose a file that was exported here.',
    );
  }
  if (typeof version === 'number' && version > LIBRARY_FILE_VERSION) {
    throw fail(
      'library.newer',
      'The file was written by a newer version of Topicscope.',
      'Update Topicscope.',
    );
  }
  const parsed = libraryFileSchema.safeParse(stored);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fail(
      'library.damaged',
      'The file of saved messages is damaged.',
      'Export it again.',
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  // Keys stay with the library that they were chosen in, whoever wrote one into a file.
  return { messages: parsed.data.messages.map(({ shortcut: _, ...message }) => message), notes: [] };
}

function readMqttFxXml(text: string): ReadMessages {
  try {
    return readMqttFxMessages(readXml(text));
  } catch (error) {
    if (error instanceof XmlProblem) {
      throw fail('library.damaged', 'The XML could not be read.', error.message);
    }
    throw error;
  }
}
