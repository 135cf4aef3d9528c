import { encodePayload } from '../payload/registry.ts';
import type { PublishProperties, Will } from './profile.ts';

/** The MQTT 5.0 properties of a will (3.1.3.2), without the delay, which is none of its message. Throws `payload.*`. */
export function willProperties(will: Will): PublishProperties {
  const { contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, userProperties } = will;
  const hex = will.correlationDataHex ?? '';
  const entries = { contentType, payloadIsUtf8, messageExpiryInterval, responseTopic, userProperties };
  return {
    ...Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)),
    ...(hex === '' ? {} : { correlationData: new Uint8Array(encodePayload('hex', hex)) }),
  };
}
