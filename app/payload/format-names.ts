import type { PayloadFormat } from '../profile/profile.ts';

/** The formats in which a payload is written, as they are named on screen. */
export const formatNames: Readonly<Record<PayloadFormat, string>> = {
  text: 'Text',
  json: 'JSON',
  xml: 'XML',
  hex: 'Hex',
  base64: 'Base64',
};
