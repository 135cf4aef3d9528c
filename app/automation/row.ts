import type { Qos } from '../profile/profile.ts';
import type { Variables } from '../profile/variables.ts';
import type { MessageTemplate } from '../publish/message-template.ts';
import type { RowsWork } from './job.ts';

/** A row of a file by the names of its columns, as text. */
export interface Row {
  /** Of the file, from 1. */
  readonly line: number;
  readonly values: Variables;
}

/** What a row makes of a job's message. */
export type RowMessage =
  | {
      readonly message: MessageTemplate;
      /** Milliseconds: since the row before, or since the epoch. Absent where the row does not say. */
      readonly delay?: number;
      readonly time?: number;
      readonly problem?: undefined;
    }
  | { readonly problem: string };

const QOS: Readonly<Record<string, Qos>> = { '0': 0, '1': 1, '2': 2 };
const YES = new Set(['1', 'true', 'yes']);
const NO = new Set(['', '0', 'false', 'no']);

/**
 * The names that a row's columns can be filled in by: `{{name}}` takes letters, digits, `_`, `.` and `-`, so other
 * characters of a name become `_`.
 */
export function columnVariables(values: Variables): Variables {
  return new Map([...values].map(([name, value]) => [name.trim().replaceAll(/[^\w.-]/g, '_'), value]));
}

/** Puts a row into a job's message: what the message leaves empty the row's own columns give. */
export function rowMessage(
  { message, timing }: Pick<RowsWork, 'message' | 'timing'>,
  { values }: Row,
): RowMessage {
  const column = (name: string) => values.get(name)?.trim();
  const topic = message.topic === '' ? (column('topic') ?? '') : message.topic;
  if (topic === '') {
    return { problem: 'There is no topic: neither in the message nor in a column “topic”.' };
  }
  const qosText = column('qos');
  const qos = qosText === undefined || qosText === '' ? message.qos : QOS[qosText];
  if (qos === undefined) {
    return { problem: `“${shortened(qosText ?? '')}” in the column “qos” is none of 0, 1 and 2.` };
  }
  const retainText = column('retain')?.toLowerCase();
  if (retainText !== undefined && !YES.has(retainText) && !NO.has(retainText)) {
    return { problem: `“${shortened(retainText)}” in the column “retain” is neither true nor false.` };
  }
  // A payload that the file gives is sent as it stands, braces and all.
  const ownText = message.text === '' ? values.get('payload') : undefined;
  const made: MessageTemplate = {
    ...message,
    topic,
    qos,
    retain: retainText === undefined ? message.retain : YES.has(retainText),
    ...(ownText === undefined ? {} : { text: ownText, fills: false }),
  };
  if (timing.kind === 'interval') {
    return { message: made };
  }
  const times = timesOf(column('delay'), column('time'));
  return times.problem === undefined ? { message: made, ...times } : { problem: times.problem };
}

type Times =
  | { readonly delay?: number; readonly time?: number; readonly problem?: undefined }
  | { readonly problem: string };

function timesOf(delay: string | undefined, time: string | undefined): Times {
  if (delay !== undefined && delay !== '') {
    const milliseconds = parseDelay(delay);
    return milliseconds === undefined
      ? {
          problem: `“${shortened(delay)}” in the column “delay” is no time: write milliseconds, or 1.5s, 200ms, 2min.`,
        }
      : { delay: milliseconds };
  }
  if (time !== undefined && time !== '') {
    const at = parseTime(time);
    return at === undefined
      ? {
          problem: `“${shortened(time)}” in the column “time” is no time: write 2026-01-02T03:04:05Z, or seconds or milliseconds since 1970.`,
        }
      : { time: at };
  }
  return {};
}

const units: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** Milliseconds of `200`, `200ms`, `1.5s`, `2min`, `1h`; `undefined` when it is none. */
export function parseDelay(text: string): number | undefined {
  const found = /^(\d{1,15}(?:\.\d{1,9})?)\s*(ms|s|min|h|)$/.exec(text);
  const factor = units[found?.[2] ?? ''];
  return found === null || factor === undefined ? undefined : Number(found[1]) * factor;
}

/** Milliseconds since the epoch, of an ISO 8601 time or a number of seconds or milliseconds; `undefined` when it is none. */
export function parseTime(text: string): number | undefined {
  if (/^\d{1,16}(\.\d{1,9})?$/.test(text)) {
    const value = Number(text);
    // Seconds reach this number in the year 5138; milliseconds had it in 1973.
    return value < 100_000_000_000 ? value * 1000 : value;
  }
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
