import { z } from 'zod';
import type { Guard } from '../profile/profile.ts';
import { messageTemplateSchema } from '../publish/message-template.ts';

/** How many messages a load test sends at most, and how many a second. */
export interface LoadCap {
  readonly count: number;
  readonly rate: number;
}

const CAP: LoadCap = { count: 10_000_000, rate: 50_000 };
const PRODUCTION_CAP: LoadCap = { count: 10_000, rate: 100 };
/** Messages of QoS 1 and 2 that may wait for their acknowledgement at the same time. */
export const MAX_IN_FLIGHT = 10_000;
/** Bytes of a payload of a fixed size: each one is kept in the log too. */
export const MAX_FIXED_PAYLOAD = 16_000_000;

/** A flood of messages from one template, to the topics that its topic stands for, in turn. */
export const loadTestSchema = z.object({
  message: messageTemplateSchema,
  /** Bytes of each payload, which takes the place of the message's text; absent: the text is sent. */
  payloadSize: z.int().min(0).max(MAX_FIXED_PAYLOAD).optional(),
  /** Messages in all; each topic counts. */
  count: z.int().min(1).max(CAP.count),
  /** Messages a second. */
  rate: z.number().min(0.1).max(CAP.rate),
  /** Messages of QoS 1 and 2 that wait for their acknowledgement at the same time. */
  inFlight: z.int().min(1).max(MAX_IN_FLIGHT),
});
export type LoadTest = Readonly<z.infer<typeof loadTestSchema>>;

/** What a connection with such a guard is spared; `undefined` where nothing may be published. */
export function loadCap(guard: Guard): LoadCap | undefined {
  switch (guard) {
    case 'none':
      return CAP;
    case 'confirm':
      return PRODUCTION_CAP;
    case 'readOnly':
      return undefined;
  }
}
