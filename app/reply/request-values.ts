import type { FieldAt } from '../payload/field-changes.ts';
import type { Qos } from '../profile/profile.ts';
import type { Variables } from '../profile/variables.ts';
import type { MessageTemplate } from '../publish/message-template.ts';

/** What of a received message a reply can be filled in with. */
export interface RequestValues {
  readonly topic: string;
  /** As text; asked for only where it is used. */
  readonly text: () => string;
  readonly fields: readonly FieldAt[];
  readonly qos: Qos;
}

const reference = /\{\{[ \t]*((?:topic|payload|qos)(?:\.[\w.-]+)?)[ \t]*\}\}/g;

/**
 * The values that a reply names: `{{topic}}`, `{{topic.2}}` for its second level, `{{payload}}`, `{{payload.state.on}}`,
 * `{{payload.items.0}}`, `{{qos}}`. A field that is not there is not among them, so that the reply is not sent.
 */
export function requestVariables(message: MessageTemplate, request: RequestValues): Variables {
  const { contentType, responseTopic, correlation, userProperties } = message.properties;
  const texts = [
    message.topic,
    message.text,
    contentType,
    responseTopic,
    correlation,
    ...userProperties.flatMap(({ key, value }) => [key, value]),
  ];
  const variables = new Map<string, string>();
  for (const text of texts) {
    for (const [, name = ''] of text.matchAll(reference)) {
      const value = valueNamed(name, request);
      if (value !== undefined) {
        variables.set(name, value);
      }
    }
  }
  return variables;
}

function valueNamed(name: string, { topic, text, fields, qos }: RequestValues): string | undefined {
  if (name === 'topic') {
    return topic;
  }
  if (name === 'payload') {
    return text();
  }
  if (name === 'qos') {
    return String(qos);
  }
  const [head, ...rest] = name.split('.');
  const path = rest.join('.');
  if (head === 'topic') {
    return /^[1-9]\d{0,3}$/.test(path) ? topic.split('/')[Number(path) - 1] : undefined;
  }
  const field = head === 'payload' ? fields.findLast((one) => plainPath(one.path) === path) : undefined;
  return field === undefined ? undefined : (field.written ?? String(field.value));
}

/** `items[0].id` as it can be written in braces: `items.0.id`. */
function plainPath(path: string): string {
  return path.replaceAll(/\[(\d+)\]/g, '.$1');
}
