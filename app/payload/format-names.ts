import type { PublishFormat } from '../profile/profile.ts';

/** The formats in which a payload is written, as they are named on screen. */
export const formatNames: Readonly<Record<PublishFormat, string>> = {
  text: 'Text',
  json: 'JSON',
  xml: 'XML',
  yaml: 'YAML',
  hex: 'Hex',
  base64: 'Base64',
  cbor: 'CBOR',
  msgpack: 'MessagePack',
  sparkplug: 'Sparkplug B',
  rule: 'By rule',
};
