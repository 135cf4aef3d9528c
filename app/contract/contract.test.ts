import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Emitter } from '../base/event.ts';
import { ContractClient } from './client.ts';
import { defineFeed, defineOperation } from './define.ts';
import { fail } from './failure.ts';
import { CONTRACT_VERSION, decodeFrame, encodeFrame, FrameKind, MAX_FRAME_BYTES } from './frames.ts';
import { ContractServer, type FeedInstance } from './server.ts';
import type { Transport } from './transport.ts';

const operations = {
  'app.info': defineOperation<{ doubled: number }>()(z.object({ number: z.number() })),
  'profiles.delete': defineOperation<void>()(z.object({})),
};
const feeds = { profiles: defineFeed<{ count: number }>()(z.object({ from: z.number().default(0) })) };

/** Asked of `app.info`, gives an answer larger than a frame. */
const HUGE = 7777;

/** A client and a server of one target, joined in memory: frames arrive in a later turn, as over any wire. */
function join(version: number = CONTRACT_VERSION) {
  const toClient = new Emitter<Uint8Array>();
  const closed = new Emitter<void>();
  const instances: (FeedInstance<{ from: number }> & {
    params: { from: number };
    pulls: number;
    isOpen: boolean;
  })[] = [];
  const pushes: ((window: { count: number }) => void)[] = [];
  const cancelled: string[] = [];
  const server = new ContractServer(
    {
      operations,
      handlers: {
        'app.info': ({ number }) => {
          if (number < 0) {
            throw fail('number.negative', 'The number is negative.', 'Take another.');
          }
          if (number === HUGE) {
            return { doubled: 'x'.repeat(MAX_FRAME_BYTES) as never };
          }
          if (number === 13) {
            throw new TypeError('a bug');
          }
          return { doubled: number * 2 };
        },
        'profiles.delete': (_, cancellation) =>
          new Promise<void>(() => {
            cancellation.onCancel(() => cancelled.push('deleted'));
          }),
      },
      feeds,
      sources: {
        profiles: (params, push) => {
          const instance = {
            params,
            pulls: 0,
            isOpen: true,
            update(next: { from: number }) {
              instance.params = next;
            },
            pull() {
              instance.pulls += 1;
            },
            dispose() {
              instance.isOpen = false;
            },
          };
          instances.push(instance);
          pushes.push(push);
          return instance;
        },
      },
    },
    'main',
    (frame) => queueMicrotask(() => toClient.fire(frame)),
  );
  const transport: Transport = {
    send: (bytes) =>
      queueMicrotask(() => {
        const frame = decodeFrame(bytes);
        if (frame.kind === FrameKind.hello) {
          toClient.fire(
            encodeFrame({ kind: FrameKind.welcome, channel: 0, target: 'main', body: { version } }),
          );
        } else {
          server.receive(frame);
        }
      }),
    onFrame: toClient.event,
    onClose: closed.event,
    close: () => closed.fire(),
  };
  return { client: new ContractClient(transport), server, transport, instances, pushes, cancelled };
}

// The test contract takes names of the real one, whose types the client checks; its shapes are its own.
const call = (client: ContractClient, operation: string, input: unknown, options?: object) =>
  client.main(operation as 'app.info', input as never, options as never) as Promise<unknown>;

describe('operations', () => {
  it('answer', async () => {
    await expect(call(join().client, 'app.info', { number: 21 })).resolves.toEqual({ doubled: 42 });
  });

  it('cross failures as values, with message and hint', async () => {
    await expect(call(join().client, 'app.info', { number: -1 })).rejects.toMatchObject({
      failure: { code: 'number.negative', message: 'The number is negative.', hint: 'Take another.' },
    });
  });

  it('call a bug internal and keep its text as detail', async () => {
    await expect(call(join().client, 'app.info', { number: 13 })).rejects.toMatchObject({
      failure: { code: 'internal', detail: 'a bug' },
    });
  });

  it('refuse input that does not fit their schema before the handler sees it', async () => {
    await expect(call(join().client, 'app.info', { number: '1' })).rejects.toMatchObject({
      failure: { code: 'contract.input' },
    });
  });

  it('are refused by name when question or answer does not fit into a frame, and the line stays', async () => {
    const { client } = join();
    const text = 'x'.repeat(MAX_FRAME_BYTES);
    await expect(call(client, 'app.info', { number: text })).rejects.toMatchObject({
      failure: { code: 'contract.size' },
    });
    await expect(call(client, 'app.info', { number: HUGE })).rejects.toMatchObject({
      failure: { code: 'contract.size' },
    });
    await expect(call(client, 'app.info', { number: 21 })).resolves.toEqual({ doubled: 42 });
  });

  it.each(['nothing', 'constructor', '__proto__', 'toString'])('do not know “%s”', async (name) => {
    const { client, server, transport } = join();
    const answer = new Promise<unknown>((resolve) => {
      transport.onFrame((bytes) => resolve(decodeFrame(bytes).body));
    });
    server.receive({
      kind: FrameKind.request,
      channel: 7,
      target: 'main',
      body: { operation: name, input: {} },
    });
    await expect(answer).resolves.toMatchObject({ ok: false, failure: { code: 'contract.unknown' } });
    client.dispose();
  });

  it('can be cancelled', async () => {
    const { client, cancelled } = join();
    let cancel = () => {};
    const running = call(client, 'profiles.delete', {}, { onCancel: (stop: () => void) => (cancel = stop) });
    await Promise.resolve();
    cancel();
    await expect(running).rejects.toMatchObject({ failure: { code: 'contract.cancelled' } });
    await expect.poll(() => cancelled).toEqual(['deleted']);
  });

  it('stay known when a second one comes on their channel', async () => {
    const { server, cancelled } = join();
    const frame = { channel: 7, target: 'main', body: { operation: 'profiles.delete', input: {} } };
    server.receive({ kind: FrameKind.request, ...frame });
    await Promise.resolve();
    server.receive({ kind: FrameKind.request, ...frame });
    await Promise.resolve();
    server.receive({ kind: FrameKind.cancel, channel: 7, target: 'main', body: {} });
    expect(cancelled).toEqual(['deleted']);
  });

  it('end when the line closes, and are refused afterwards', async () => {
    const { client, transport } = join();
    const running = call(client, 'profiles.delete', {});
    transport.close();
    await expect(running).rejects.toMatchObject({ failure: { code: 'contract.closed' } });
    await expect(call(client, 'app.info', { number: 1 })).rejects.toMatchObject({
      failure: { code: 'contract.closed' },
    });
  });

  describe('that never answer', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('time out loudly', async () => {
      const { client } = join();
      const running = call(client, 'profiles.delete', {}, { timeout: 500 });
      const outcome = expect(running).rejects.toMatchObject({ failure: { code: 'contract.timeout' } });
      await vi.advanceTimersByTimeAsync(600);
      await outcome;
    });
  });
});

describe('the handshake', () => {
  it('accepts the same version', async () => {
    await expect(join().client.connect()).resolves.toBeUndefined();
  });

  it('refuses another version, with what to do', async () => {
    await expect(join(CONTRACT_VERSION + 1).client.connect()).rejects.toMatchObject({
      failure: { code: 'contract.version', hint: expect.stringContaining('Reload') },
    });
  });
});

describe('feeds', () => {
  const open = (
    client: ContractClient,
    onWindow: (window: unknown) => void | Promise<void>,
    onEnd = () => {},
  ) => client.mainFeed('profiles', { from: 3 } as never, { onWindow, onEnd } as never);

  it('send the next window only after the last was acknowledged', async () => {
    const { client, instances, pushes } = join();
    const seen: unknown[] = [];
    let acknowledge = () => {};
    open(client, (window) => {
      seen.push(window);
      return new Promise((resolve) => {
        acknowledge = resolve;
      });
    });
    await expect.poll(() => instances[0]?.pulls).toBe(1);
    pushes[0]?.({ count: 1 });
    pushes[0]?.({ count: 2 });
    await expect.poll(() => seen).toEqual([{ count: 1 }]);
    expect(instances[0]?.pulls).toBe(1);
    acknowledge();
    await expect.poll(() => instances[0]?.pulls).toBe(2);
    pushes[0]?.({ count: 3 });
    await expect.poll(() => seen).toEqual([{ count: 1 }, { count: 3 }]);
  });

  it('move with their parameters and close with their handle', async () => {
    const { client, instances } = join();
    const handle = open(client, () => {});
    await expect.poll(() => instances[0]?.params).toEqual({ from: 3 });
    handle.update({ from: 9 } as never);
    await expect.poll(() => instances[0]?.params).toEqual({ from: 9 });
    handle.dispose();
    handle.dispose();
    await expect.poll(() => instances[0]?.isOpen).toBe(false);
  });

  it('close when the client goes', async () => {
    const { client, server, instances } = join();
    open(client, () => {});
    open(client, () => {});
    await expect.poll(() => instances.length).toBe(2);
    server.dispose();
    expect(instances.map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  it('end with a failure when a window does not fit into a frame, and the line stays', async () => {
    const { client, instances, pushes } = join();
    const onWindow = vi.fn();
    const onEnd = vi.fn();
    open(client, onWindow, onEnd);
    await expect.poll(() => instances[0]?.pulls).toBe(1);
    pushes[0]?.({ count: 'x'.repeat(MAX_FRAME_BYTES) as never });
    await expect.poll(() => onEnd.mock.calls).toEqual([[expect.objectContaining({ code: 'contract.size' })]]);
    expect(onWindow).not.toHaveBeenCalled();
    expect(instances[0]?.isOpen).toBe(false);
    await expect(call(client, 'app.info', { number: 21 })).resolves.toEqual({ doubled: 42 });
  });

  it('end with a failure when the line is lost', async () => {
    const { client, transport } = join();
    const onEnd = vi.fn();
    open(client, () => {}, onEnd);
    transport.close();
    expect(onEnd).toHaveBeenCalledWith(expect.objectContaining({ code: 'contract.closed' }));
  });
});
