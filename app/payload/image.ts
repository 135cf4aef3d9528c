import { formatBytes, formatCount } from '../base/format.ts';
import type { Codec } from './codec.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { cutLine, EMPTY_PREVIEW, previewPayload } from './preview.ts';

/** Bytes of an image that is shown. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Pixels of an image that is shown: each takes four bytes of memory, however few the payload has. */
const MAX_PIXELS = 64_000_000;

/** Pictures, drawn by the browser from a blob: nothing in them runs, and nothing is loaded for them. */
export const imageCodec: Codec = {
  id: 'image',
  label: 'Image',
  detect(bytes) {
    return readImageHeader(bytes) === undefined ? 0 : 0.98;
  },
  preview(bytes, maxLength, size = bytes.length) {
    const header = readImageHeader(bytes);
    return bytes.length === 0
      ? cutLine(EMPTY_PREVIEW, maxLength)
      : header === undefined
        ? previewPayload(bytes, maxLength, size)
        : cutLine(`(${imageText(header)}, ${formatBytes(size)})`, maxLength);
  },
  decode(bytes) {
    const header = readImageHeader(bytes);
    if (header === undefined) {
      return {
        shape: 'bytes',
        notes: ['This is no PNG, JPEG, GIF, WebP or SVG image: its bytes are shown.'],
      };
    }
    const { mime, width = 0, height = 0 } = header;
    if (bytes.length > MAX_BYTES) {
      return {
        shape: 'bytes',
        notes: [`An image of ${formatBytes(bytes.length)} is not drawn: save the payload to look at it.`],
      };
    }
    if (width * height > MAX_PIXELS) {
      const size = `${formatCount(width)} × ${formatCount(height)} pixels`;
      return {
        shape: 'bytes',
        notes: [`An image of ${size} is not drawn, as it would take too much memory.`],
      };
    }
    return { shape: 'image', mime, notes: [] };
  },
};

const names: Readonly<Record<ImageHeader['mime'], string>> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  'image/svg+xml': 'SVG',
};

/** `PNG image, 640 × 480`. */
function imageText({ mime, width, height }: ImageHeader): string {
  const name = `${names[mime]} image`;
  return width === undefined || height === undefined
    ? name
    : `${name}, ${formatCount(width)} × ${formatCount(height)}`;
}
