import { describe, expect, it } from 'vitest';
import { FailureError, fail, toFailure } from '#app/contract/failure.ts';
import { bytesSource, fileSource, type Outgoing, send } from './send.ts';

const MEBIBYTE = 1024 * 1024;
const payloadOf = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);
const message = (payload: Outgoing['payload']): Outgoing => ({
  topic: 't',
  payload,
  qos: 1,
  retain: false,
  properties: {},
});

interface EngineInput {
  readonly stagedId: string | undefined;
  readonly slice: Uint8Array;
  readonly payload: Uint8Array | { readonly stagedId: string };
}

/** The engine's side: takes slices and publishes them, or fails where it is told to. */
function engine(failAt?: { readonly operation: string; readonly call: number }) {
  const calls: string[] = [];
  const staged = new Map<string, Uint8Array[]>();
  const published: Uint8Array[] = [];
  const session = async (_session: string, operation: string, input: EngineInput): Promise<unknown> => {
    calls.push(operation);
    if (
      operation === failAt?.operation &&
      calls.filter((call) => call === operation).length === failAt.call
    ) {
      throw fail('publish.refused', 'Refused');
    }
    switch (operation) {
      case 'payload.stage': {
        const stagedId = input.stagedId ?? `staged ${staged.size + 1}`;
        staged.set(stagedId, [...(staged.get(stagedId) ?? []), input.slice.slice()]);
        return { stagedId, size: 0 };
      }
      case 'payload.discard':
        staged.delete(input.stagedId ?? '');
        return undefined;
      default: {
        const { payload } = input;
        const isInline = payload instanceof Uint8Array;
        const slices = isInline ? [payload] : (staged.get(payload.stagedId) ?? []);
        if (!isInline) {
          staged.delete(payload.stagedId);
        }
        published.push(new Uint8Array(Buffer.concat(slices)));
        return { kind: 'sent', sequence: 1, sentAt: 1 };
      }
    }
  };
  return { client: { session } as unknown as Parameters<typeof send>[0], calls, staged, published };
}

describe('send', () => {
  it('sends what is small at once', async () => {
    const { client, calls, published } = engine();
    expect(await send(client, 's', message(bytesSource(payloadOf(MEBIBYTE))))).toMatchObject({
      kind: 'sent',
    });
    expect(calls).toEqual(['publish']);
    expect(published).toEqual([payloadOf(MEBIBYTE)]);
  });

  it('hands a large file over in slices and says how far it is', async () => {
    const { client, published, staged } = engine();
    const bytes = payloadOf(2 * MEBIBYTE + 17);
    const progress: number[] = [];
    const source = fileSource(new File([bytes], 'big.bin'));
    await send(client, 's', message(source), { onProgress: (done) => progress.push(done) });
    expect(published).toEqual([bytes]);
    expect(progress).toEqual([MEBIBYTE, 2 * MEBIBYTE, 2 * MEBIBYTE + 17]);
    expect(staged.size).toBe(0);
  });

  it('discards what it handed over when it is cancelled', async () => {
    const { client, calls, staged } = engine();
    const abort = new AbortController();
    const source = bytesSource(payloadOf(3 * MEBIBYTE));
    const sending = send(client, 's', message(source), {
      onProgress: () => abort.abort(),
      signal: abort.signal,
    });
    expect(toFailure(await sending.catch((error: unknown) => error))).toMatchObject({
      code: 'contract.cancelled',
    });
    expect(calls).toEqual(['payload.stage', 'payload.discard']);
    expect(staged.size).toBe(0);
  });

  it('discards what it handed over when a slice or the message is refused', async () => {
    for (const failAt of [
      { operation: 'payload.stage', call: 2 },
      { operation: 'publish', call: 1 },
    ]) {
      const { client, staged, published } = engine(failAt);
      await expect(send(client, 's', message(bytesSource(payloadOf(2 * MEBIBYTE))))).rejects.toThrow(
        'Refused',
      );
      expect(staged.size).toBe(0);
      expect(published).toEqual([]);
    }
  });

  it('refuses what no packet can hold before reading it', async () => {
    const { client, calls } = engine();
    const huge = { size: 300 * MEBIBYTE, slice: () => expect.fail('read') };
    await expect(send(client, 's', message(huge))).rejects.toThrow('larger than MQTT allows');
    expect(calls).toEqual([]);
  });

  it('says that a file is gone in words of its own', async () => {
    const file = {
      name: 'gone.bin',
      size: 10,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotFoundError')) }),
    } as unknown as File;
    const failure = await send(engine().client, 's', message(fileSource(file))).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FailureError);
    expect(toFailure(failure)).toMatchObject({
      code: 'publish.file',
      message: 'The file gone.bin cannot be read any more.',
    });
  });
});
