import type { ContractClient } from '#app/contract/client.ts';
import { fail } from '#app/contract/failure.ts';
import {
  MAX_INLINE_PAYLOAD,
  MAX_STAGED_PAYLOAD,
  type PublishOutcome,
} from '#app/contract/operations/session.ts';
import type { PublishProperties, Qos } from '#app/profile/profile.ts';

/** A payload that can be read in slices: typed bytes or a file. */
export interface PayloadSource {
  readonly size: number;
  /** Bytes from `offset` on, at most `length`. */
  slice(offset: number, length: number): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

export interface Outgoing {
  readonly topic: string;
  readonly payload: PayloadSource;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: PublishProperties;
  /** Token of a hold, for a production connection. */
  readonly confirmation?: string;
}

export interface SendOptions {
  /** Bytes that the engine has, while a large payload is handed over in slices. */
  readonly onProgress?: (bytes: number) => void;
  /** Gives up the handing over; what is on its way to the broker cannot be called back. */
  readonly signal?: AbortSignal;
}

type Sessions = Pick<ContractClient, 'session'>;

export function bytesSource(bytes: Uint8Array<ArrayBuffer>): PayloadSource {
  return { size: bytes.length, slice: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Reads a file as it goes: it is never in memory whole. */
export function fileSource(file: File): PayloadSource {
  return {
    size: file.size,
    async slice(offset, length) {
      try {
        return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
      } catch (error) {
        throw fail(
          'publish.file',
          `The file ${file.name} cannot be read any more.`,
          'It was changed, moved or deleted: choose it again.',
          String(error),
        );
      }
    },
  };
}

/** Publishes and says how it ended. Rejects with the failure, or with `contract.cancelled` after an abort. */
export async function send(
  client: Sessions,
  sessionId: string,
  message: Outgoing,
  options: SendOptions = {},
): Promise<PublishOutcome> {
  const { payload: source, ...rest } = message;
  if (source.size > MAX_STAGED_PAYLOAD) {
    throw fail(
      'publish.size',
      'The payload is larger than MQTT allows.',
      'A packet holds 256 MB at most; brokers often take less.',
      `${source.size} bytes`,
    );
  }
  if (source.size <= MAX_INLINE_PAYLOAD) {
    const payload = await source.slice(0, source.size);
    checkAborted(options.signal);
    return client.session(sessionId, 'publish', { ...rest, payload });
  }
  const stagedId = await stage(client, sessionId, source, options);
  try {
    return await client.session(sessionId, 'publish', { ...rest, payload: { stagedId } });
  } catch (error) {
    await discard(client, sessionId, stagedId);
    throw error;
  }
}

/** Hands a payload to a session's engine in slices; answers with the id that it is published or used by. */
export async function stage(
  client: Sessions,
  sessionId: string,
  source: PayloadSource,
  { onProgress, signal }: SendOptions = {},
): Promise<string> {
  let stagedId: string | undefined;
  try {
    for (let offset = 0; offset < source.size; ) {
      const slice = await source.slice(offset, MAX_INLINE_PAYLOAD);
      checkAborted(signal);
      if (slice.length === 0) {
        throw fail('publish.file', 'The file became shorter while it was read.', 'Choose it again.');
      }
      const staged = await client.session(sessionId, 'payload.stage', {
        ...(stagedId === undefined ? {} : { stagedId }),
        slice,
      });
      stagedId = staged.stagedId;
      offset += slice.length;
      onProgress?.(offset);
      checkAborted(signal);
    }
  } catch (error) {
    await discard(client, sessionId, stagedId);
    throw error;
  }
  if (stagedId === undefined) {
    throw fail('publish.file', 'The file is empty.', 'Choose it again.');
  }
  return stagedId;
}

/** The engine drops what is staged with its client anyway: failing to say so changes nothing. */
async function discard(client: Sessions, sessionId: string, stagedId: string | undefined): Promise<void> {
  if (stagedId !== undefined) {
    await client.session(sessionId, 'payload.discard', { stagedId }).catch(() => {});
  }
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw fail('contract.cancelled', 'Cancelled: nothing was sent.');
  }
}
