import type { Codec } from './codec.ts';
import { previewPayload } from './registry.ts';

/** Characters of a preview, as rows show it. */
const MAX_PREVIEW = 200;

/**
 * One safe line of a payload of `size` bytes, of which `bytes` may be the first kilobytes: by the codec of a rule, or by
 * what the bytes look like where there is none, or it has nothing to say of them. Never throws.
 */
export function ruledPreview(bytes: Uint8Array, size: number, ruled: Codec | undefined): string {
  try {
    const preview = size > 0 ? ruled?.preview(bytes, MAX_PREVIEW, size) : undefined;
    if (preview !== undefined && preview !== '') {
      return preview;
    }
  } catch {
    // The bytes are not what the rule says: the row shows what they look like, the inspector why.
  }
  return previewPayload(bytes, MAX_PREVIEW, size);
}
