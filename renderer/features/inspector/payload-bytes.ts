import { formatBytes } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import { MAX_INLINE_PAYLOAD } from '#app/contract/operations/session.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { copyText } from '#renderer/ui/clipboard.ts';
import type { ByteRange } from '#renderer/ui/hex-geometry.ts';
import { toAsciiText, toHexText } from '#renderer/ui/hex-geometry.ts';

/** Bytes that are copied as text at most: a clipboard holds more, the programs that paste do not. */
const MAX_COPY = 4 * 1024 * 1024;

/** A range of a message's payload, at most what one request may ask for. */
export async function readBytes(
  sessionId: string,
  sequence: number,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const { bytes } = await engineClient().session(sessionId, 'message.bytes', { sequence, offset, length });
  return bytes;
}

/** A range of a payload, or all of it, in as many parts as it takes. */
export async function readRange(
  sessionId: string,
  sequence: number,
  { start, end }: ByteRange,
): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for (let offset = start; offset < end; ) {
    const part = await readBytes(sessionId, sequence, offset, Math.min(MAX_INLINE_PAYLOAD, end - offset));
    if (part.length === 0) {
      throw fail(
        'message.evicted',
        'The message was dropped while its payload was read.',
        'To keep more, raise “Message log” in the profile under Advanced.',
      );
    }
    parts.push(part);
    offset += part.length;
  }
  return parts;
}

/** Lets the browser save the raw bytes of a payload as a file. */
export async function savePayload(
  sessionId: string,
  sequence: number,
  size: number,
  fileName: string,
): Promise<void> {
  const parts = await readRange(sessionId, sequence, { start: 0, end: size });
  const url = URL.createObjectURL(new Blob([...parts] as BlobPart[], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  notify({ id: 'saved', level: 'ok', message: `Saved ${formatBytes(size)} as ${fileName}` });
}

/** Copies a range of bytes as `0a 1b` or as ASCII with full stops for what is none. */
export async function copyBytes(
  sessionId: string,
  sequence: number,
  range: ByteRange,
  as: 'hex' | 'ascii',
): Promise<void> {
  const size = range.end - range.start;
  if (size > MAX_COPY) {
    throw fail(
      'copy.large',
      `${formatBytes(size)} are too many to copy as text.`,
      `Select at most ${formatBytes(MAX_COPY)}, or save the payload to a file.`,
    );
  }
  const parts = await readRange(sessionId, sequence, range);
  const texts = parts.map(as === 'hex' ? toHexText : toAsciiText);
  await copyText(texts.join(as === 'hex' ? ' ' : ''));
  notify({
    id: 'copied',
    level: 'ok',
    message: `Copied ${formatBytes(size)} as ${as === 'hex' ? 'hex' : 'ASCII'}`,
  });
}
