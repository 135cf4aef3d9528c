import { EventEmitter } from 'node:events';
import type { IpcMain } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import { openEngine } from '../services/engine.fixture.ts';
import type { Engine } from '../services/engine.ts';
import { testDirectory } from '../services/test-directory.fixture.ts';
import { FakeContents, type FakePort, frame, ipcEvent, portPair } from './electron.fixture.ts';
import { OPEN_CHANNEL } from './ipc-channel.ts';
import { IpcGateway, portTransport, senderProblem } from './ipc-gateway.ts';
import { APP_ORIGIN } from './origin.ts';

describe('senderProblem', () => {
  const contents = new FakeContents();
  const isOurs = (each: unknown) => each === contents;
  const problem = (senderFrame: ReturnType<typeof frame> | null, sender = contents) =>
    senderProblem({ sender: sender.asContents(), senderFrame }, isOurs);

  it('takes the main frame of our window, and nothing else', () => {
    expect(problem(contents.mainFrame)).toBeUndefined();
    expect(problem(contents.mainFrame, new FakeContents())).toBe('not one of our windows');
    expect(problem(null)).toBe('the frame is gone');
    expect(problem(frame(APP_ORIGIN))).toBe('not the main frame');
    expect(problem(frame(APP_ORIGIN, contents.mainFrame))).toBe('not the main frame');
    const elsewhere = new FakeContents();
    elsewhere.mainFrame = frame('https://evil.example');
    expect(
      senderProblem({ sender: elsewhere.asContents(), senderFrame: elsewhere.mainFrame }, () => true),
    ).toBe('origin https://evil.example');
  });
});

describe('IpcGateway', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  let engine: Engine;
  let ipcMain: EventEmitter;
  let gateway: IpcGateway;
  let contents: FakeContents;
  beforeEach(async () => {
    directory = await testDirectory();
    engine = await openEngine(directory.path);
    ipcMain = new EventEmitter();
    gateway = new IpcGateway(ipcMain as unknown as IpcMain, engine);
    contents = new FakeContents();
    gateway.register(contents.asContents());
  });
  afterEach(async () => {
    await engine.close();
    await directory.dispose();
  });

  const open = (from: FakeContents = contents, senderFrame = from.mainFrame): FakePort => {
    const [near, far] = portPair();
    ipcMain.emit(OPEN_CHANNEL, ipcEvent(from, [far], senderFrame));
    return near;
  };
  const connect = async (port: FakePort) => {
    const client = new ContractClient(portTransport(port.asPort()));
    await client.connect();
    return client;
  };

  it('serves the window, without a token', async () => {
    const client = await connect(open());
    expect((await client.main('app.info', {})).dataDirectory).toBe(directory.path);
    client.dispose();
  });

  it('refuses strangers, frames and other origins, and closes their port', () => {
    expect(open(new FakeContents()).isClosed).toBe(true);
    expect(open(contents, frame(APP_ORIGIN, contents.mainFrame)).isClosed).toBe(true);
    contents.mainFrame = frame('https://evil.example');
    expect(open().isClosed).toBe(true);
  });

  it('refuses a message without one port', () => {
    ipcMain.emit(OPEN_CHANNEL, ipcEvent(contents, []));
    const [near, far] = portPair();
    const [, other] = portPair();
    ipcMain.emit(OPEN_CHANNEL, ipcEvent(contents, [far, other]));
    expect([near.isClosed, other.isClosed]).toEqual([true, true]);
  });

  it('ends the old channel with a new one, with navigation, with a crash, and with the window', async () => {
    const first = open();
    await connect(first);
    const second = open();
    expect([first.isClosed, second.isClosed]).toEqual([true, false]);
    contents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    expect(second.isClosed).toBe(false);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    expect(second.isClosed).toBe(true);
    const third = open();
    contents.emit('render-process-gone');
    expect(third.isClosed).toBe(true);
    const fourth = open();
    contents.emit('destroyed');
    expect(fourth.isClosed).toBe(true);
    expect(open().isClosed).toBe(true);
  });

  it('ends a window that sends what is no frame', async () => {
    for (const bad of [
      'text',
      { length: 3 },
      undefined,
      new Uint8Array(MAX_FRAME_BYTES + 1),
      new Uint8Array([3, 0]),
    ]) {
      const port = open();
      await connect(port);
      port.postMessage(bad);
      expect(port.isClosed).toBe(true);
    }
  });
});
