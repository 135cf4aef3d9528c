import type { Codec } from '#app/payload/codec.ts';
import { codecById } from '#app/payload/registry.ts';
import type { JsonSchema } from '#app/payload/schema/json-schema.ts';
import type { PublishFormat } from '#app/profile/profile.ts';

/** What a text in a format looks like, where that is known; `ruled` is the codec of the rule for the topic. */
export function payloadShape(format: PublishFormat, ruled: Codec | undefined): JsonSchema | undefined {
  return (format === 'rule' ? ruled : codecById(format))?.shape?.();
}

/** Whether all generators stand within texts of JSON, which stays JSON with them. */
export function areInTexts(text: string): boolean {
  for (const { index } of text.matchAll(/\{\{/g)) {
    const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
    if ((line.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 0) {
      return false;
    }
  }
  return true;
}
