import { formatCount } from '#app/base/format.ts';
import { FailureError } from '#app/contract/failure.ts';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import { encodePayload } from '#app/payload/registry.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { MqttVersion, PublishFormat, PublishProperties, Qos } from '#app/profile/profile.ts';

/** The properties of MQTT 5.0 as they stand in their fields. */
export interface PropertiesDraft {
  readonly contentType: string;
  readonly payloadIsUtf8: boolean;
  /** Seconds; empty: never. */
  readonly expiry: string;
  readonly responseTopic: string;
  readonly correlation: string;
  readonly correlationFormat: 'text' | 'hex';
  readonly userProperties: readonly { readonly key: string; readonly value: string }[];
}

/** What stands in the composer. A file takes the place of the text, which comes back with its removal. */
export interface PublishDraft {
  readonly topic: string;
  readonly format: PublishFormat;
  readonly text: string;
  /** Generators and variables in the text and the properties are filled in. */
  readonly fills: boolean;
  readonly file: File | undefined;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: PropertiesDraft;
}

export const emptyProperties: PropertiesDraft = {
  contentType: '',
  payloadIsUtf8: false,
  expiry: '',
  responseTopic: '',
  correlation: '',
  correlationFormat: 'text',
  userProperties: [],
};

export const emptyDraft: PublishDraft = {
  topic: '',
  format: 'text',
  text: '',
  fills: true,
  file: undefined,
  qos: 0,
  retain: false,
  properties: emptyProperties,
};

/** Seconds that Message Expiry Interval can hold (MQTT 5.0 section 3.3.2.3.3). */
const MAX_EXPIRY = 0xffff_ffff;

/** Why the topic cannot be published to, and what is odd about one that can. */
export interface TopicCheck {
  readonly problem: string | undefined;
  readonly warning: string | undefined;
}

/** Judges a topic as it stands in its field. White space at its ends is legal, and nearly always a mistake. */
export function checkTopic(topic: string, version: MqttVersion): TopicCheck {
  const problem = topicNameProblem(topic, version);
  if (problem !== undefined) {
    return { problem, warning: undefined };
  }
  if (topic.trim() !== topic) {
    return {
      problem: `The topic ${/^\s/.test(topic) ? 'begins' : 'ends'} with white space. Remove it, or type the topic anew.`,
      warning: undefined,
    };
  }
  if (topic.startsWith('$')) {
    return { problem: undefined, warning: 'Brokers keep topics that begin with $ to themselves.' };
  }
  if (visibleText(topic) !== topic) {
    return { problem: undefined, warning: `Holds hidden characters: ${visibleText(topic)}` };
  }
  return { problem: undefined, warning: undefined };
}

/** Problems of the properties by field; empty when they can be sent. */
export type PropertiesProblems = { readonly [K in keyof PropertiesDraft]?: string };

export function checkProperties(draft: PropertiesDraft): PropertiesProblems {
  const responseTopic = draft.responseTopic === '' ? undefined : topicNameProblem(draft.responseTopic, '5.0');
  const correlation = correlationProblem(draft);
  return {
    ...(isExpiry(draft.expiry)
      ? {}
      : { expiry: `A whole number of seconds up to ${formatCount(MAX_EXPIRY)}.` }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlation === undefined ? {} : { correlation }),
  };
}

/** How many properties are set, for the head of their section. */
export function countProperties(draft: PropertiesDraft): number {
  const { contentType, payloadIsUtf8, expiry, responseTopic, correlation, userProperties } = draft;
  const set = [contentType !== '', payloadIsUtf8, expiry !== '', responseTopic !== '', correlation !== ''];
  return set.filter(Boolean).length + userProperties.length;
}

/** The properties as the contract takes them. Throws the failure of the correlation data when it is not valid. */
export function toProperties(draft: PropertiesDraft): PublishProperties {
  const { contentType, payloadIsUtf8, expiry, responseTopic, userProperties } = draft;
  return {
    ...(contentType === '' ? {} : { contentType }),
    ...(payloadIsUtf8 ? { payloadIsUtf8 } : {}),
    ...(expiry === '' ? {} : { messageExpiryInterval: Number(expiry) }),
    ...(responseTopic === '' ? {} : { responseTopic }),
    ...(draft.correlation === ''
      ? {}
      : { correlationData: encodePayload(draft.correlationFormat, draft.correlation) }),
    ...(userProperties.length === 0 ? {} : { userProperties: [...userProperties] }),
  };
}

/** The fields of sent properties, for recalling them. */
export function fromProperties(properties: PublishProperties): PropertiesDraft {
  const { correlationData: data } = properties;
  const text = data === undefined ? '' : textOf(data);
  return {
    contentType: properties.contentType ?? '',
    payloadIsUtf8: properties.payloadIsUtf8 ?? false,
    expiry: properties.messageExpiryInterval === undefined ? '' : String(properties.messageExpiryInterval),
    responseTopic: properties.responseTopic ?? '',
    correlation: text ?? hexOf(data ?? new Uint8Array()),
    correlationFormat: text === undefined ? 'hex' : 'text',
    userProperties: properties.userProperties ?? [],
  };
}

function correlationProblem({ correlation, correlationFormat }: PropertiesDraft): string | undefined {
  try {
    encodePayload(correlationFormat, correlation);
    return undefined;
  } catch (error) {
    return error instanceof FailureError ? error.failure.message : String(error);
  }
}

function isExpiry(text: string): boolean {
  return text === '' || (/^\d{1,10}$/.test(text) && Number(text) <= MAX_EXPIRY);
}

/** The bytes as text where they are text that a field can show, else `undefined`. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  return text.includes('\ufffd') || visibleText(text) !== text ? undefined : text;
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
