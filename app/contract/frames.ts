import { decode, encode } from '@msgpack/msgpack';
import { type Failure, fail } from './failure.ts';
import { holdsWhatItClaims } from './frame-size.ts';

/** Both ends refuse to talk to another version than their own; raised with each incompatible change. */
export const CONTRACT_VERSION = 1;

/** The largest frame that either end accepts, in bytes; larger things travel in slices. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Why something was not sent: the other end would not read its frame; the engine would end the line besides. */
export const tooLargeFailure: Failure = {
  code: 'contract.size',
  message: 'This is too large to pass between the window and the engine in one piece.',
  hint: 'The limit is 16 MB. Use less text, or fewer entries.',
};

/**
 * The kinds of frame. The header (kind, channel, target) is readable without decoding the body,
 * so that the main process forwards session frames without looking inside.
 */
export const FrameKind = {
  /** client → server: `{version, token?}` as the first frame. */
  hello: 1,
  /** server → client: `{version}`. */
  welcome: 2,
  /** client → server: `{operation, input}` on a channel of the client's choosing. */
  request: 3,
  /** client → server: the answer is no longer wanted. */
  cancel: 4,
  /** server → client: `{ok: true, value}` or `{ok: false, failure}`. */
  response: 5,
  /** client → server: `{feed, params}` opens a feed on this channel. */
  open: 6,
  /** client → server: `{params}` moves the window of an open feed. */
  update: 7,
  /** server → client: `{revision, window}`. */
  window: 8,
  /** client → server: `{revision}` has been taken; the next window may come. */
  ack: 9,
  /** client → server: the feed is no longer wanted. */
  close: 10,
  /** server → client: `{failure}` and the feed has ended. */
  ended: 11,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/**
 * `target` names who serves the frame: `main`, `readers`, or the id of a session.
 * `channel` is chosen by the client and unique per client while in use.
 */
export interface FrameHeader {
  readonly kind: FrameKind;
  readonly channel: number;
  readonly target: string;
}

export interface Frame extends FrameHeader {
  readonly body: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const kinds = new Set<number>(Object.values(FrameKind));
const HEADER_BYTES = 6;

/** Layout: kind (u8), channel (u32, big endian), target length (u8), target (UTF-8), body (MessagePack). */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const target = encoder.encode(frame.target);
  const body = encode(frame.body, { ignoreUndefined: true });
  if (target.length > 255) {
    throw fail('contract.frame', 'The target of a frame is longer than 255 bytes.');
  }
  const bytes = new Uint8Array(HEADER_BYTES + target.length + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, frame.kind);
  view.setUint32(1, frame.channel);
  view.setUint8(5, target.length);
  bytes.set(target, HEADER_BYTES);
  bytes.set(body, HEADER_BYTES + target.length);
  return bytes;
}

/** Reads the header only. Throws a `contract.frame` failure on anything malformed. */
export function decodeHeader(bytes: Uint8Array): FrameHeader & { readonly bodyOffset: number } {
  if (bytes.length > MAX_FRAME_BYTES) {
    throw fail(
      'contract.frame',
      `A frame of ${bytes.length} bytes is larger than the limit of ${MAX_FRAME_BYTES}.`,
    );
  }
  const kind = bytes[0];
  const targetLength = bytes[5];
  if (kind === undefined || targetLength === undefined || !kinds.has(kind)) {
    throw fail('contract.frame', 'A frame is malformed.');
  }
  const bodyOffset = HEADER_BYTES + targetLength;
  if (bytes.length < bodyOffset) {
    throw fail('contract.frame', 'A frame is cut short.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    kind: kind as FrameKind,
    channel: view.getUint32(1),
    target: decoder.decode(bytes.subarray(HEADER_BYTES, bodyOffset)),
    bodyOffset,
  };
}

/** Reads a whole frame. Byte arrays in the body may be views on `bytes`. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const { kind, channel, target, bodyOffset } = decodeHeader(bytes);
  if (!holdsWhatItClaims(bytes, bodyOffset)) {
    throw fail(
      'contract.frame',
      'The body of a frame is malformed.',
      undefined,
      'It claims more than it holds.',
    );
  }
  try {
    return { kind, channel, target, body: decode(bytes.subarray(bodyOffset)) };
  } catch (error) {
    throw fail('contract.frame', 'The body of a frame is malformed.', undefined, String(error));
  }
}
