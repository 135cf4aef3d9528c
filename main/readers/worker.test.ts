import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { toFailure } from '#app/contract/failure.ts';
import { encodeFrame, FrameKind } from '#app/contract/frames.ts';
import type { Transport } from '#app/contract/transport.ts';
import type { FromReaders, ToReaders } from './control.ts';
import { bytes, failureOf, newLog } from './readers.fixture.ts';
import { watchReaders } from './watchdog.ts';

describe('the readers worker', () => {
  const workers: Worker[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
  });

  function start() {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    workers.push(worker);
    const post = (message: ToReaders, transfer: MessagePort[] = []) => worker.postMessage(message, transfer);
    const connect = () => {
      const { port1, port2 } = new MessageChannel();
      post({ type: 'attach', port: port2 }, [port2]);
      return { port: port1, client: new ContractClient(transportOf(port1)) };
    };
    return { worker, post, connect };
  }

  it('serves views in slices, and ends them with their client', async () => {
    const { post, connect } = start();
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const items = Array.from({ length: 50_000 }, (_, index) => ({ index, name: `Gerät 😀 ${index}` }));
    const sequence = log.receive(bytes(JSON.stringify(items)));
    const { client } = connect();
    const view = await client.readers('view.open', { sessionId: 's', sequence, codec: 'auto' });
    expect(view).toMatchObject({ codec: 'json', shape: 'text', language: 'json', markers: [], notes: [] });
    let text = '';
    while (text.length < view.length) {
      text += (
        await client.readers('view.read', { viewId: view.viewId, offset: text.length, length: 99_999 })
      ).text;
    }
    expect(text).toBe(JSON.stringify(items, undefined, 2));
    await client.readers('view.close', { viewId: view.viewId });
    const closed = client.readers('view.read', { viewId: view.viewId, offset: 0, length: 1 });
    expect((await failureOf(closed)).code).toBe('view.closed');
    // Views belong to their client.
    const other = connect();
    const { viewId } = await client.readers('view.open', { sessionId: 's', sequence, codec: 'hex' });
    expect((await failureOf(other.client.readers('view.read', { viewId, offset: 0, length: 1 }))).code).toBe(
      'view.closed',
    );
    client.dispose();
    other.client.dispose();
  });

  it('reads again after the session wrote on, and forgets a closed one', async () => {
    const { post, connect } = start();
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const { client } = connect();
    for (const text of ['one', 'two', 'three']) {
      const sequence = log.receive(bytes(text));
      const { viewId, length } = await client.readers('view.open', {
        sessionId: 's',
        sequence,
        codec: 'text',
      });
      expect((await client.readers('view.read', { viewId, offset: 0, length })).text).toBe(text);
    }
    post({ type: 'log-closed', sessionId: 's' });
    // The news of the close and the request come on two ports, in either order.
    const codeOf = () =>
      client.readers('view.open', { sessionId: 's', sequence: 1, codec: 'text' }).then(
        () => 'opened',
        (error: unknown) => toFailure(error).code,
      );
    await expect.poll(codeOf).toBe('session.closed');
    client.dispose();
  });

  it('ends a client that sends what is no frame, and nobody else', async () => {
    const { post, connect } = start();
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const sequence = log.receive(bytes('x'));
    const hostile = connect();
    const { client } = connect();
    const closed = new Promise((resolve) => hostile.port.once('close', resolve));
    const broken = encodeFrame({ kind: FrameKind.request, channel: 1, target: 'readers', body: {} });
    hostile.port.postMessage(broken.subarray(0, broken.length - 1));
    await closed;
    expect((await client.readers('view.open', { sessionId: 's', sequence, codec: 'text' })).length).toBe(1);
    client.dispose();
  });

  it('says when it decodes, so that a codec that never ends is noticed', async () => {
    const { worker, post, connect } = start();
    const said: FromReaders[] = [];
    worker.on('message', (message: FromReaders) => said.push(message));
    const log = newLog((update) => post({ type: 'log', sessionId: 's', update }));
    const { client } = connect();
    await client.readers('view.open', { sessionId: 's', sequence: log.receive(bytes('[1]')), codec: 'json' });
    await vi.waitFor(() => expect(said).toEqual([{ type: 'decoding', codec: 'JSON' }, { type: 'idle' }]), {
      timeout: 10_000,
    });
    client.dispose();
  });
});

describe('watchReaders', () => {
  it('reports a codec that does not come back, and only that', async () => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.postMessage({ type: 'decoding', codec: 'Quick' });
       parentPort.postMessage({ type: 'idle' });
       parentPort.on('message', () => { parentPort.postMessage({ type: 'decoding', codec: 'Endless' }); for (;;); });`,
      { eval: true },
    );
    const stuck: string[] = [];
    const watch = watchReaders(worker, (codec) => stuck.push(codec), 200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(stuck).toEqual([]);
    worker.postMessage('go');
    await vi.waitFor(() => expect(stuck).toEqual(['Endless']), { timeout: 10_000 });
    watch.dispose();
    await worker.terminate();
  });
});

function transportOf(port: MessagePort): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      const receive = (frame: Uint8Array) => listener(frame);
      port.on('message', receive);
      return { dispose: () => port.off('message', receive) };
    },
    onClose(listener) {
      port.once('close', listener);
      return { dispose: () => port.off('close', listener) };
    },
    close: () => port.close(),
  };
}
