/**
 * The codec port: a way to show (and, where it makes sense, to write) the bytes of a payload.
 * Codecs are pure, never trust their input, and keep to the limits they are given.
 */

import type { FieldAt } from './field-changes.ts';
import type { JsonSchema } from './schema/json-schema.ts';
import type { AliasNames, Inflate } from './sparkplug/alias-names.ts';

export interface DecodeLimits {
  /** Characters of shown text. */
  readonly maxTextLength: number;
  readonly maxDepth: number;
  /** Milliseconds; asked with `isOver` in long loops. */
  readonly isOver: () => boolean;
}

/** A place in the shown text that is wrong. Offsets and lengths in UTF-16 code units of the shown text. */
export interface Marker {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

export type Decoded =
  | {
      readonly shape: 'text';
      readonly text: string;
      readonly language: 'plaintext' | 'json' | 'xml' | 'yaml';
      readonly markers: readonly Marker[];
      /** What the reader must know, for example that something is not shown and how much. */
      readonly notes: readonly string[];
    }
  /** Drawn by the browser from bytes of this media type: the payload's, or those that were packed in it. */
  | {
      readonly shape: 'image';
      readonly mime: string;
      readonly notes: readonly string[];
      /** The bytes, where they are not the payload's own. */
      readonly base64?: string;
    }
  /** Shown in the hex grid from the raw bytes. */
  | { readonly shape: 'bytes'; readonly notes: readonly string[] };

/** What is known of a message beside its bytes. */
export interface PayloadContext {
  readonly topic: string;
  readonly contentType?: string;
  readonly payloadIsUtf8?: boolean;
  /** For Sparkplug B: what its births say, and how to unpack; it shows aliases without names otherwise. */
  readonly sparkplug?: { readonly aliases?: AliasNames; readonly inflate?: Inflate };
}

export interface FieldOptions {
  /** Numbers come with how they are written (`127.0`), where the codec knows; it costs more. */
  readonly keepsWriting: boolean;
}

export interface Codec {
  /** `json`; of a codec that is bound to a schema with the schema's mark: `template:0f3a…`, 40 characters at most. */
  readonly id: string;
  /** As in "View as". */
  readonly label: string;
  /** 0: surely not mine; 1: surely mine. Looks at the first few kilobytes only. */
  detect(bytes: Uint8Array, context: PayloadContext): number;
  /**
   * One line, safe to show, at most `maxLength` characters; looks at the first few kilobytes only, and `bytes` may hold
   * no more than these of a payload of `size` bytes.
   */
  preview(bytes: Uint8Array, maxLength: number, size?: number): string;
  decode(bytes: Uint8Array, limits: DecodeLimits, context: PayloadContext): Decoded;
  /** Of a codec that only hands payloads on: the one that reads these bytes. */
  choose?(bytes: Uint8Array, context: PayloadContext): Codec;
  /** Its values by their paths, for charts and change logs, in a bounded number. Throws where it is not of this kind. */
  fields?(
    bytes: Uint8Array,
    limits: DecodeLimits,
    options?: FieldOptions,
    context?: PayloadContext,
  ): readonly FieldAt[];
  /** What the user typed as bytes, for a topic; throws a `FailureError` that says where it is wrong. */
  encode?(text: string, topic?: string): Uint8Array<ArrayBuffer>;
  /** What a text looks like that is encoded, where it is JSON and that is known. */
  shape?(): JsonSchema | undefined;
}
