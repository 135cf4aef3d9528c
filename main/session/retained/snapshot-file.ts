import { z } from 'zod';
import { type FailureError, fail } from '#app/contract/failure.ts';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import type { StoredMessage } from './retained-link.ts';

/** Format of docs/formats/retained-snapshot.md. */
const FORMAT = 'topicscope-retained';
const VERSION = 1;
/** Lines between two pauses while reading. */
const PAUSE_EVERY = 500;

/** What a snapshot file holds. `takenAt`: milliseconds since the epoch. */
export interface Snapshot {
  readonly takenAt: number;
  readonly filter: string;
  readonly messages: readonly StoredMessage[];
}

const base64 = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'is not base64')
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

const headerSchema = z.object({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  takenAt: z.iso.datetime().transform((text) => Date.parse(text)),
  filter: z.string().max(65535).default(''),
});

const messageSchema = z.strictObject({
  topic: z.string(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  payload: base64,
  properties: z
    .strictObject({
      contentType: z.string().max(65535).optional(),
      payloadIsUtf8: z.boolean().optional(),
      messageExpiryInterval: z.int().min(0).max(0xffff_ffff).optional(),
      responseTopic: z.string().max(65535).optional(),
      correlationData: base64.optional(),
      userProperties: z
        .array(z.strictObject({ key: z.string().max(65535), value: z.string().max(65535) }))
        .max(1000)
        .optional(),
    })
    .default({}),
});

/** The first line of a file. */
export function snapshotHeader(takenAt: number, filter: string): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, takenAt: new Date(takenAt).toISOString(), filter })}\n`;
}

/** The line of a message. */
export function snapshotLine({ topic, qos, payload, properties }: StoredMessage): string {
  const { correlationData, ...others } = properties;
  const packed = {
    ...others,
    ...(correlationData === undefined
      ? {}
      : { correlationData: Buffer.from(correlationData).toString('base64') }),
  };
  return `${JSON.stringify({
    topic,
    qos,
    payload: Buffer.from(payload).toString('base64'),
    ...(Object.keys(packed).length === 0 ? {} : { properties: packed }),
  })}\n`;
}

/**
 * Reads a file whole or not at all; fails with `retained.file` and the line that is wrong. Pauses now and then, so that
 * a large file does not hold up the thread.
 */
export async function readSnapshot(bytes: Uint8Array): Promise<Snapshot> {
  const text = decode(bytes);
  const header = headerSchema.safeParse(parse(text.slice(0, lineEnd(text, 0))));
  if (!header.success) {
    throw wrong(
      'This is not a snapshot of retained messages.',
      'Choose a file that was saved by “Save snapshot”.',
    );
  }
  if (header.data.version > VERSION) {
    throw wrong(
      `This snapshot has version ${header.data.version}; this program knows versions up to ${VERSION}.`,
      'Update Topicscope and open it again.',
    );
  }
  const messages: StoredMessage[] = [];
  const lines = new Map<string, number>();
  let number = 1;
  for (let start = lineEnd(text, 0) + 1; start < text.length; ) {
    const end = lineEnd(text, start);
    const line = text.slice(start, end);
    start = end + 1;
    number += 1;
    if (line.trim() !== '') {
      const message = readLine(line, number);
      const earlier = lines.get(message.topic);
      if (earlier !== undefined) {
        throw wrong(
          `Lines ${earlier} and ${number} are of the same topic; only one can be retained.`,
          'Remove one of them.',
        );
      }
      lines.set(message.topic, number);
      messages.push(message);
    }
    if (number % PAUSE_EVERY === 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  if (messages.length === 0) {
    throw wrong('This snapshot holds no messages.', 'Choose another one.');
  }
  return { takenAt: header.data.takenAt, filter: header.data.filter, messages };
}

function readLine(line: string, number: number): StoredMessage {
  const parsed = messageSchema.safeParse(parse(line));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrong(
      `Line ${number} of the snapshot is damaged.`,
      'Nothing was restored. Mend the line, or choose another file.',
      issue === undefined ? undefined : `${issue.path.join('.') || 'line'}: ${issue.message}`,
    );
  }
  const { topic, payload, qos, properties } = parsed.data;
  const problem =
    topicNameProblem(topic) ??
    (payload.length === 0 ? 'An empty payload would clear its topic; it is never retained.' : undefined);
  if (problem !== undefined) {
    throw wrong(
      `Line ${number} of the snapshot can’t be restored. ${problem}`,
      'Correct or remove the line.',
    );
  }
  return { topic, payload, qos, properties };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wrong('This is not a snapshot of retained messages: it is not UTF-8 text.', 'Choose another file.');
  }
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function wrong(message: string, hint: string, detail?: string): FailureError {
  return fail('retained.file', message, hint, detail);
}
