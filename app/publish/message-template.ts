import { z } from 'zod';
import { publishFormats, qosSchema } from '../profile/profile.ts';
import { emptyProperties, templatePropertiesSchema } from './template-properties.ts';

/** UTF-16 units of a text that is kept for publishing it again. */
export const MAX_TEMPLATE_TEXT = 1_000_000;

/**
 * A message as it is written, before it is filled in: what the composer holds, and what is kept in order to publish it
 * later or repeatedly. `composeMessages` makes messages of it.
 */
export const messageTemplateSchema = z.object({
  /** May hold generators, variables, and `{1..10}` or `{a,b}` for several topics. */
  topic: z.string().max(65535),
  format: z.enum(publishFormats),
  /** In `format`, as typed. */
  text: z.string().max(MAX_TEMPLATE_TEXT),
  /** Generators and variables in the text and the properties are filled in; those in the topic always are. */
  fills: z.boolean(),
  qos: qosSchema,
  retain: z.boolean(),
  /** Left out on connections before MQTT 5.0. */
  properties: templatePropertiesSchema,
});
export type MessageTemplate = Readonly<z.infer<typeof messageTemplateSchema>>;

export const emptyTemplate: MessageTemplate = {
  topic: '',
  format: 'text',
  text: '',
  fills: true,
  qos: 0,
  retain: false,
  properties: emptyProperties,
};
