import { z } from 'zod';
import { defineFeed } from '../define.ts';
import { requestsFeeds } from './requests.ts';
import { searchFeeds } from './search.ts';
import { silenceFeeds } from './silence.ts';
import { sparkplugFeeds } from './sparkplug.ts';

const topicOfSession = {
  sessionId: z.string().min(1).max(64),
  topicId: z.int().min(1),
  /** A codec id, or `auto`. */
  codec: z.string().max(40),
};

/** Series of one chart at most. */
export const MAX_SERIES = 12;
/** Rows of a history window at most. */
export const MAX_HISTORY_ROWS = 200;

/** What of a message is a number. */
export const seriesValueSchema = z.discriminatedUnion('kind', [
  /** A field by its path, as the field list names it. */
  z.object({ kind: z.literal('field'), path: z.string().max(2000) }),
  /** The whole payload, read as a number. */
  z.object({ kind: z.literal('payload') }),
  /** Bytes of the payload. */
  z.object({ kind: z.literal('size') }),
  /** Messages in each second. */
  z.object({ kind: z.literal('rate') }),
]);
export type SeriesValue = z.output<typeof seriesValueSchema>;

export const seriesSchema = z.object({
  topicId: topicOfSession.topicId,
  codec: topicOfSession.codec,
  value: seriesValueSchema,
});

const time = z.number().min(0).max(8.64e15);
const chartParamsSchema = z.object({
  sessionId: topicOfSession.sessionId,
  series: z.array(seriesSchema).max(MAX_SERIES),
  /** `live`: up to the newest point, `span` milliseconds long (0: from the oldest on). Otherwise between two times. */
  view: z.union([
    z.object({ kind: z.literal('live'), span: z.number().min(0).max(1e12) }),
    z.object({ kind: z.literal('fixed'), from: time, to: time }),
  ]),
  /** Pixels across: at most two points come for each. */
  columns: z.int().min(1).max(2000),
});

/** One line of a chart. Times in milliseconds since the epoch. */
export interface ChartSeries {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Of all points in view; absent when there are none. */
  readonly statistics?: {
    readonly count: number;
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly last: number;
  };
  /** All points that are held. */
  readonly points: number;
  /** Messages in which there was no such number. */
  readonly without: number;
  /** Messages that were left out, as they came faster than they can be read. */
  readonly skipped: number;
  /** Points at the front that made room for newer ones. */
  readonly dropped: number;
}

export interface ChartWindow {
  readonly from: number;
  readonly to: number;
  /** In the order of the parameters. */
  readonly series: readonly ChartSeries[];
  /** From 0 to 1: how much of what is kept was read. */
  readonly progress: number;
}

/** A value of a field, safe to show and cut to 200 characters; text in quotes. */
export interface FieldText {
  readonly text: string;
  readonly type: 'number' | 'text' | 'boolean' | 'null';
}

/** What happened to one field since the message before: `changed` has both, `appeared` and `gone` one of them. */
export interface FieldChangeText {
  readonly kind: 'changed' | 'appeared' | 'gone';
  /** Safe to show. Empty: the whole payload. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** A message of a topic, or several that followed each other with the same payload. */
export interface HistoryRow {
  /** The newest of them, and the oldest. */
  readonly sequence: number;
  readonly oldest: number;
  /** Milliseconds since the epoch; of the newest. */
  readonly receivedAt: number;
  /** How many they are, and when the oldest came. */
  readonly count: number;
  readonly firstAt: number;
  readonly direction: 'received' | 'published';
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly size: number;
  /** Safe to show, cut to 200 characters. */
  readonly preview: string;
  /** When the message before came; absent for the oldest one that is kept. */
  readonly beforeAt?: number;
  /** Against the message before, at most a dozen; absent where there is none, or the two cannot be read as fields. */
  readonly changes?: readonly FieldChangeText[];
  /** Changes beyond these. */
  readonly moreChanges: number;
}

export interface HistoryWindow {
  /** Row number of `rows[0]`; 0 is the newest. */
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly HistoryRow[];
  /** Messages of the topic that are kept. */
  readonly messages: number;
  /** From 0 to 1: how much of the stream was looked at. */
  readonly progress: number;
}

/** What the payloads of a topic have shown of one field. */
export interface ShapeField {
  /** The path as charts take it. */
  readonly path: string;
  readonly value: FieldText;
  readonly types: readonly { readonly type: FieldText['type']; readonly count: number }[];
  /** Messages that had it. */
  readonly present: number;
  readonly min?: number;
  readonly max?: number;
  /** It became another type with this message. */
  readonly flip?: { readonly sequence: number; readonly from: string; readonly to: string };
  readonly isNew: boolean;
  /** Not in the newest message, although nearly all before had it. */
  readonly isMissing: boolean;
  /** A chart can be made of it. */
  readonly isNumeric: boolean;
}

export interface ShapeWindow {
  readonly fields: readonly ShapeField[];
  /** Messages that were read, and those of them that have no fields. */
  readonly messages: number;
  readonly without: number;
  /** There are more fields than are followed. */
  readonly isCut: boolean;
  /** The whole payload of the newest message is a number. */
  readonly isNumber: boolean;
  /** From 0 to 1. */
  readonly progress: number;
}

export const readerFeeds = {
  ...requestsFeeds,
  ...searchFeeds,
  ...silenceFeeds,
  ...sparkplugFeeds,
  /** Numbers out of the messages of topics over time, of all that is kept and as it comes. */
  chart: defineFeed<ChartWindow>()(chartParamsSchema),
  /** The messages of a topic, newest first, with what changed from one to the next. */
  history: defineFeed<HistoryWindow>()(
    z.object({
      ...topicOfSession,
      /** Messages that follow each other with the same payload are one row. */
      fold: z.boolean(),
      /** Leave the changes out: they cost decoding. */
      changes: z.boolean(),
      offset: z.int().min(0),
      count: z.int().min(0).max(MAX_HISTORY_ROWS),
    }),
  ),
  /** What the payloads of a topic look like: fields, their types, how often they are there, and what is odd. */
  shape: defineFeed<ShapeWindow>()(z.object(topicOfSession)),
};
