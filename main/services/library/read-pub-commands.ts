import type { ReadMessages, SavedMessage } from '#app/library/saved-message.ts';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { emptyProperties, type TemplateProperties } from '#app/publish/template-properties.ts';
import { Attachments, baseName } from '../transfer/attachments.ts';
import { parseOptions } from '../transfer/mosquitto-words.ts';
import { ProfileDraft } from '../transfer/profile-draft.ts';
import { type ShellCommand, splitCommands } from '../transfer/shell-words.ts';

/** The messages of all `mosquitto_pub` commands of a text; other commands are passed over. Nothing is run. */
export function readPubCommands(text: string): ReadMessages {
  const messages: Omit<SavedMessage, 'id'>[] = [];
  const notes: string[] = [];
  for (const command of splitCommands(text)) {
    const start = command.words.findIndex((word) => /^mosquitto_pub(\.exe)?$/i.test(baseName(word)));
    if (start >= 0) {
      messages.push(...readCommand(command, start, notes));
    }
  }
  return { messages, notes };
}

function readCommand(
  command: ShellCommand,
  start: number,
  notes: string[],
): readonly Omit<SavedMessage, 'id'>[] {
  const words = parseOptions(command.words.slice(start + 1), new ProfileDraft(new Attachments([])));
  const { values, properties } = words;
  const topic = values.get('topic')?.at(-1) ?? topicOfUrl(values.get('url')?.at(-1));
  const named = `mosquitto_pub${topic === undefined ? '' : ` -t ${visibleText(topic)}`}`;
  if (topic === undefined) {
    notes.push('A command without -t was left out: it has no topic.');
    return [];
  }
  const problem = topicNameProblem(topic);
  if (problem !== undefined) {
    notes.push(`${named} was left out. ${problem}`);
    return [];
  }
  const text = payloadOf(words.rest, named, notes);
  if (text === undefined) {
    return [];
  }
  for (const variable of new Set(command.unresolved)) {
    notes.push(
      `${named}: ${visibleText(variable)} stands as it is written; its value is known to the shell only.`,
    );
  }
  const qos = values.get('qos')?.at(-1);
  return [
    {
      name: topic.slice(0, 200),
      folder: '',
      message: {
        ...emptyTemplate,
        topic,
        text,
        // What stood in the command was sent as it is.
        fills: false,
        format: isJson(text) ? 'json' : 'text',
        qos: qos === '1' ? 1 : qos === '2' ? 2 : 0,
        retain: values.has('retain'),
        properties: propertiesOf(properties, named, notes),
      },
    },
  ];
}

/** `mqtt://host/topic`: the path is the topic. */
function topicOfUrl(url: string | undefined): string | undefined {
  const topic = /^\w+:\/\/[^/]*\/(.+)$/.exec(url ?? '')?.[1];
  return topic === '' ? undefined : topic;
}

/** What is sent; `undefined` where the command does not say, and why is noted. */
function payloadOf(
  rest: readonly { readonly name: string; readonly value: string }[],
  named: string,
  notes: string[],
): string | undefined {
  const last = rest.findLast(({ name }) =>
    [
      '-m',
      '--message',
      '-n',
      '--null-message',
      '-f',
      '--file',
      '-l',
      '--stdin-line',
      '-s',
      '--stdin-file',
    ].includes(name),
  );
  switch (last?.name) {
    case '-m':
    case '--message':
      return last.value;
    case '-n':
    case '--null-message':
      return '';
    case '-f':
    case '--file':
      notes.push(`${named} was left out: its payload is in the file ${visibleText(last.value)}.`);
      return undefined;
    case undefined:
      notes.push(`${named} was left out: it names no payload (-m, -n or -f).`);
      return undefined;
    default:
      notes.push(`${named} was left out: its payload comes from another command.`);
      return undefined;
  }
}

function propertiesOf(
  properties: readonly (readonly string[])[],
  named: string,
  notes: string[],
): TemplateProperties {
  let made: TemplateProperties = emptyProperties;
  for (const [command = '', identifier = '', value = '', second] of properties) {
    if (command.toLowerCase() !== 'publish') {
      continue;
    }
    switch (identifier) {
      case 'content-type':
        made = { ...made, contentType: value };
        break;
      case 'response-topic':
        made = { ...made, responseTopic: value };
        break;
      case 'correlation-data':
        made = { ...made, correlation: value, correlationFormat: 'text' };
        break;
      case 'message-expiry-interval':
        made = { ...made, expiry: value };
        break;
      case 'payload-format-indicator':
        made = { ...made, payloadIsUtf8: value === '1' };
        break;
      case 'user-property':
        made = { ...made, userProperties: [...made.userProperties, { key: value, value: second ?? '' }] };
        break;
      default:
        notes.push(`${named}: the property ${visibleText(identifier)} was left out.`);
    }
  }
  return made;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
