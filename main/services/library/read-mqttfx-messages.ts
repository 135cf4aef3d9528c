import type { ReadMessages, SavedMessage } from '#app/library/saved-message.ts';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { childOf, childText, type XmlElement } from '../transfer/xml-tree.ts';

/** Names that a message's payload goes by in files of different releases. */
const payloadNames = ['payload', 'message', 'content', 'body', 'value', 'text'];

/**
 * The messages that MQTT.fx keeps for publishing by a click, of its configuration or of an export. The format was never
 * written down: a message is any element that has a topic and a payload, by the names that they are known by.
 */
export function readMqttFxMessages(root: XmlElement): ReadMessages {
  const messages: Omit<SavedMessage, 'id'>[] = [];
  const notes: string[] = [];
  const visit = (element: XmlElement, folder: string) => {
    const within = childText(element, 'profileName') ?? folder;
    const topic = topicOf(element);
    const text = topic === undefined ? undefined : payloadOf(element);
    if (topic !== undefined && text !== undefined) {
      const problem = topicNameProblem(topic);
      if (problem === undefined) {
        messages.push(savedOf(element, topic, text, within));
      } else {
        notes.push(`A message to ${visibleText(topic)} was left out. ${problem}`);
      }
      return;
    }
    for (const child of element.children) {
      visit(child, within);
    }
  };
  visit(root, '');
  return { messages, notes };
}

function topicOf(element: XmlElement): string | undefined {
  const topic = childOf(element, 'topic');
  const named = topic === undefined ? undefined : (childText(topic, 'name') ?? topic.text);
  const found = named ?? childText(element, 'topicName') ?? element.attributes.get('topic');
  return found === '' ? undefined : found;
}

function payloadOf(element: XmlElement): string | undefined {
  const child = element.children.find(({ name }) => payloadNames.includes(name));
  return child?.text ?? element.attributes.get('payload');
}

function savedOf(element: XmlElement, topic: string, text: string, folder: string): Omit<SavedMessage, 'id'> {
  const one = (name: string) => childText(element, name) ?? element.attributes.get(name);
  const qos = one('qos');
  const retained = one('retained') ?? one('retain');
  return {
    name: (one('name') ?? one('title') ?? topic).slice(0, 200),
    folder: folder.slice(0, 200),
    message: {
      ...emptyTemplate,
      topic,
      text,
      fills: false,
      qos: qos === '1' ? 1 : qos === '2' ? 2 : 0,
      retain: retained?.toLowerCase() === 'true',
    },
  };
}
