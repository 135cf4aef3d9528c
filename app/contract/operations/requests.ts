import { z } from 'zod';
import { publishPropertiesSchema, qosSchema } from '../../profile/profile.ts';
import { defineOperation } from '../define.ts';

/** Milliseconds that an answer may be waited for. */
export const MAX_REQUEST_TIMEOUT = 110_000;

/** What became of a request. Milliseconds since it was sent. */
export type RequestOutcome =
  | { readonly kind: 'answered'; readonly sequence: number; readonly after: number; readonly preview: string }
  /** The broker says that nobody is subscribed to its topic (reason code 0x10), so nobody will answer. */
  | { readonly kind: 'nobody' }
  /** `others`: messages that came on the response topic without the correlation data. */
  | { readonly kind: 'timeout'; readonly others: number };

export const requestOperations = {
  /**
   * Publishes a request and waits for its answer. The response topic is subscribed to for as long, unless a subscription
   * covers it. With correlation data (MQTT 5.0 section 4.10) only a message that has it counts as the answer, else the
   * first that is not retained. Fails as `publish` does, with `request.subscribe` where the broker refuses the response
   * topic, and with `request.many`.
   */
  'request.send': defineOperation<RequestOutcome>()(
    z.object({
      topic: z.string().min(1).max(65535),
      payload: z.instanceof(Uint8Array).refine(({ length }) => length <= 1024 * 1024, 'Larger than 1 MiB'),
      qos: qosSchema,
      retain: z.boolean().default(false),
      /** With response topic and correlation data, where they go along. */
      properties: publishPropertiesSchema.default({}),
      responseTopic: z.string().min(1).max(65535),
      timeout: z.number().min(100).max(MAX_REQUEST_TIMEOUT),
      confirmation: z.string().max(64).optional(),
    }),
    MAX_REQUEST_TIMEOUT + 10_000,
  ),
};
