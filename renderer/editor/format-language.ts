import type { Codec } from '#app/payload/codec.ts';
import type { PublishFormat } from '#app/profile/profile.ts';
import type { CodeLanguage } from './options.ts';

/** Kinds of codecs that a rule may name whose payloads are written as JSON. */
const jsonKinds: ReadonlySet<string> = new Set(['json', 'sparkplug', 'protobuf', 'avro', 'template']);

/** The language in which a payload of a format is written; `ruled` is the codec of the rule for its topic. */
export function formatLanguage(format: PublishFormat, ruled?: Codec): CodeLanguage {
  switch (format) {
    case 'json':
    case 'xml':
    case 'yaml':
      return format;
    case 'sparkplug':
      return 'json';
    case 'rule':
      return ruled?.encode !== undefined && jsonKinds.has(ruled.id.split(':', 1)[0] ?? '')
        ? 'json'
        : 'plaintext';
    default:
      return 'plaintext';
  }
}
