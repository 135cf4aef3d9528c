import { contentStart, isSpace } from './sample.ts';
import { decodeUtf8 } from './utf8.ts';

/** What the first bytes of an image say of it. */
export interface ImageHeader {
  readonly mime: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';
  /** Pixels; absent: not in these bytes, or a drawing without any. */
  readonly width?: number;
  readonly height?: number;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes in which an SVG begins: behind a declaration, comments and a document type. */
const SVG_START = 4096;
/** Segments of a JPEG before its frame header at most; cameras write a few dozen. */
const MAX_SEGMENTS = 200;

/** Recognises PNG, JPEG, GIF, WebP and SVG by how they begin; reads the size, and nothing else. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (PNG.every((byte, at) => bytes[at] === byte)) {
    return { mime: 'image/png', ...(isAscii(bytes, 12, 'IHDR') ? sizeAt(view, 16, 20, 24) : {}) };
  }
  if (isAscii(bytes, 0, 'GIF87a') || isAscii(bytes, 0, 'GIF89a')) {
    return {
      mime: 'image/gif',
      ...(bytes.length >= 10 ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : {}),
    };
  }
  if (isAscii(bytes, 0, 'RIFF') && isAscii(bytes, 8, 'WEBP')) {
    return { mime: 'image/webp', ...webpSize(bytes, view) };
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) {
    return { mime: 'image/jpeg', ...jpegSize(view) };
  }
  return isSvg(bytes) ? { mime: 'image/svg+xml' } : undefined;
}

function sizeAt(view: DataView, width: number, height: number, needed: number) {
  return view.byteLength >= needed ? { width: view.getUint32(width), height: view.getUint32(height) } : {};
}

/** RFC 9649: the extended form, the lossless one, the lossy one. */
function webpSize(bytes: Uint8Array, view: DataView): { width?: number; height?: number } {
  if (bytes.length < 30) {
    return {};
  }
  const three = (at: number) => view.getUint16(at, true) + ((bytes[at + 2] ?? 0) << 16) + 1;
  if (isAscii(bytes, 12, 'VP8X')) {
    return { width: three(24), height: three(27) };
  }
  if (isAscii(bytes, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return isAscii(bytes, 12, 'VP8 ')
    ? { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    : {};
}

/** ITU-T T.81: the size is in the frame header (SOF0 to SOF15, but for DHT, JPG and DAC), behind other segments. */
function jpegSize(view: DataView): { width?: number; height?: number } {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS && at + 9 <= view.byteLength; count++) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) {
      return {};
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return {};
}

/** The first element is `svg`. Each part before it is passed once: payloads are hostile. */
function isSvg(bytes: Uint8Array): boolean {
  // Asked of every payload whose kind is looked for: most are told apart by a byte.
  const first = bytes[contentStart(bytes.subarray(0, SVG_START))];
  if (first !== 0x3c) {
    return false;
  }
  const text = decodeUtf8(bytes.subarray(0, SVG_START)).replace(/^\uFEFF/, '');
  for (let at = 0; ; ) {
    while (isSpace(text.charCodeAt(at))) {
      at += 1;
    }
    const part = beforeRoot.find(([start]) => text.startsWith(start, at));
    if (part === undefined) {
      return /^<svg[\s/>]/.test(text.slice(at, at + 5));
    }
    const end = text.indexOf(part[1], at);
    if (end < 0) {
      return false;
    }
    at = end + part[1].length;
  }
}

/** What may stand before the root element, and how it ends. */
const beforeRoot = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE', '>'],
] as const;

function isAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) {
      return false;
    }
  }
  return true;
}
