/** UTF-16 units; with an extension the name stays far below the 255 bytes of most file systems. */
const MAX_LENGTH = 80;
/** Device names that Windows keeps for itself, whatever the extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A file name for a message's payload: the topic with its levels joined by `-`, without characters that a file system
 * or a shell could take amiss, and the message's number. Never empty, never hidden, never a path.
 */
export function payloadFileName(topic: string, sequence: number, extension: string): string {
  const cleaned = topic
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/-{2,}/g, '-');
  // The end of a topic tells more than its beginning.
  const kept = cleaned.length > MAX_LENGTH ? [...cleaned].slice(-MAX_LENGTH).join('') : cleaned;
  const trimmed = kept.replaceAll(/^[-.]+|[-.]+$/g, '');
  const name = trimmed === '' || reserved.test(trimmed) ? `message-${trimmed}`.replace(/-$/, '') : trimmed;
  return `${name}-${sequence}.${extension}`;
}

/** The extension that fits how the payload is shown. */
export function extensionOf(codec: string): string {
  switch (codec) {
    case 'json':
    case 'jsonl':
    case 'xml':
    case 'yaml':
    case 'cbor':
    case 'msgpack':
      return codec;
    case 'text':
      return 'txt';
    default:
      return codec.startsWith('text:') ? 'txt' : 'bin';
  }
}
