import { z } from 'zod';
import { ruleCodecSchema } from '../../profile/rules.ts';
import { defineOperation } from '../define.ts';
import { seriesSchema } from '../feeds/readers.ts';
import { exportOperations } from './export.ts';

/** A place in the shown text that is not valid in its format. Offsets count UTF-16 code units of the shown text. */
interface ViewMarker {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** A payload as one codec shows it. Text is fetched in slices with `view.read`. */
export interface PayloadView {
  readonly viewId: string;
  /** The codec that made it: the one asked for, or what `auto` chose. */
  readonly codec: string;
  /** What that codec is called, where it is bound to a schema or a template. */
  readonly label?: string;
  /** `text`: for the editor; `bytes`: for the hex grid, `image`: to be drawn, both read with `message.bytes`. */
  readonly shape: 'text' | 'bytes' | 'image';
  /** Language of the editor: `json`, `xml`, `plaintext`; of an image its media type. */
  readonly language: string;
  /** UTF-16 code units of the whole shown text. */
  readonly length: number;
  /** Bytes of the payload. */
  readonly size: number;
  readonly markers: readonly ViewMarker[];
  /** What the reader must know: `Invalid UTF-8 at byte 12 is shown as �`, `64 KB of 1.2 MB shown`. */
  readonly notes: readonly string[];
}

export const readerOperations = {
  ...exportOperations,
  /** Decodes a message on view; cached by message and codec. `codec` is a codec id or `auto`. */
  'view.open': defineOperation<PayloadView>()(
    z.object({
      sessionId: z.string().max(64),
      sequence: z.int().min(0),
      codec: z.string().max(40),
      /** Of the message: with it, `auto` follows the rules. */
      topic: z.string().max(65535).optional(),
    }),
  ),
  /**
   * From `offset` on, up to `length` units: one less where the last would be half of a surrogate pair.
   * Read on from `offset + text.length`.
   */
  'view.read': defineOperation<{ readonly text: string }>()(
    z.object({
      viewId: z.string().max(64),
      offset: z.int().min(0),
      length: z
        .int()
        .min(0)
        .max(1024 * 1024),
    }),
  ),
  /**
   * The first characters of a message as a rule would show it: to try a view before it is chosen. Nothing of it is kept
   * open; `notes` as those of a view.
   */
  'rules.try': defineOperation<{
    readonly text: string;
    readonly isCut: boolean;
    readonly notes: readonly string[];
  }>()(z.object({ sessionId: z.string().max(64), sequence: z.int().min(0), codec: ruleCodecSchema })),
  'view.close': defineOperation<void>()(z.object({ viewId: z.string().max(64) })),
  /** The numbers in a message, the first hundred fields at most; `isNumber`: the whole payload is one. */
  'message.numbers': defineOperation<{
    readonly fields: readonly { readonly path: string; readonly text: string }[];
    readonly isNumber: boolean;
  }>()(z.object({ sessionId: z.string().max(64), sequence: z.int().min(0), codec: z.string().max(40) })),
  /**
   * All points of a series of an open chart between two times, 20,000 at most a call; go on at `next`, if there is one.
   * Times in milliseconds since the epoch.
   */
  'series.points': defineOperation<{
    readonly times: readonly number[];
    readonly values: readonly number[];
    readonly next?: number;
  }>()(
    z.object({
      sessionId: z.string().max(64),
      series: seriesSchema,
      from: z.number(),
      to: z.number(),
      /** 0: from the first on. */
      at: z.int().min(0),
    }),
  ),
};
