import { z } from 'zod';
import { formatCount } from '../base/format.ts';
import { FailureError } from '../contract/failure.ts';
import { topicNameProblem } from '../mqtt/topic.ts';
import { encodePayload } from '../payload/registry.ts';
import { visibleText } from '../payload/visible-text.ts';
import type { PublishProperties } from '../profile/profile.ts';

const text = z.string().max(65535);

/** The properties of MQTT 5.0 (section 3.3.2.3) as they are typed; each text may hold generators. */
export const templatePropertiesSchema = z.object({
  contentType: text,
  payloadIsUtf8: z.boolean(),
  /** Seconds; empty: never. */
  expiry: z.string().max(100),
  responseTopic: text,
  correlation: z.string().max(131070),
  correlationFormat: z.enum(['text', 'hex']),
  userProperties: z
    .array(z.object({ key: text, value: text }).readonly())
    .max(1000)
    .readonly(),
});
export type TemplateProperties = Readonly<z.infer<typeof templatePropertiesSchema>>;

export const emptyProperties: TemplateProperties = {
  contentType: '',
  payloadIsUtf8: false,
  expiry: '',
  responseTopic: '',
  correlation: '',
  correlationFormat: 'text',
  userProperties: [],
};

/** Seconds that Message Expiry Interval can hold (MQTT 5.0 section 3.3.2.3.3). */
const MAX_EXPIRY = 0xffff_ffff;

/** Problems of the properties by field; empty when they can be sent. */
export type PropertiesProblems = { readonly [K in keyof TemplateProperties]?: string };

export function checkProperties(draft: TemplateProperties): PropertiesProblems {
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
export function countProperties(draft: TemplateProperties): number {
  const { contentType, payloadIsUtf8, expiry, responseTopic, correlation, userProperties } = draft;
  const set = [contentType !== '', payloadIsUtf8, expiry !== '', responseTopic !== '', correlation !== ''];
  return set.filter(Boolean).length + userProperties.length;
}

/** The properties as the contract takes them. Throws the failure of the correlation data when it is not valid. */
export function toProperties(draft: TemplateProperties): PublishProperties {
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
export function fromProperties(properties: PublishProperties): TemplateProperties {
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

function correlationProblem({ correlation, correlationFormat }: TemplateProperties): string | undefined {
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
