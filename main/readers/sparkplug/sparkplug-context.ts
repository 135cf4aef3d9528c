import type { PayloadContext } from '#app/payload/codec.ts';
import type { AliasNames } from '#app/payload/sparkplug/alias-names.ts';
import { inflate } from './inflate.ts';

/** The id of the codec that needs more than the payload. */
export const SPARKPLUG = 'sparkplug';

/** What the codec of Sparkplug B is given beside the payload. */
export function sparkplugContext(aliases: AliasNames | undefined): NonNullable<PayloadContext['sparkplug']> {
  return { inflate, ...(aliases === undefined ? {} : { aliases }) };
}
