import { describe, expect, it, vi } from 'vitest';
import type { DesktopBridge } from '#app/contract/desktop-bridge.ts';
import { OPEN_CHANNEL } from './ipc-channel.ts';

const exposed = new Map<string, unknown>();
const posted: { channel: string; message: unknown; ports: MessagePort[] }[] = [];

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: unknown) => exposed.set(name, value) },
  ipcRenderer: {
    postMessage: (channel: string, message: unknown, ports: MessagePort[]) =>
      posted.push({ channel, message, ports }),
  },
}));

await import('./preload.ts');
const bridge = exposed.get('topicscope') as DesktopBridge;

/** Opens the channel; `far` is the main process's end. */
function open() {
  const frames: Uint8Array[] = [];
  let closes = 0;
  const channel = bridge.open({ onFrame: (frame) => frames.push(frame), onClose: () => (closes += 1) });
  const far = posted.at(-1)?.ports[0];
  if (far === undefined) {
    throw new Error('no port was handed over');
  }
  return { channel, far, frames, closes: () => closes };
}

describe('the preload script', () => {
  it('gives the page one name with two members', () => {
    expect([...exposed.keys()]).toEqual(['topicscope']);
    expect(Object.keys(bridge).sort()).toEqual(['host', 'open']);
    expect(bridge.host).toBe('desktop');
  });

  it('hands over one port and carries frames both ways', async () => {
    const { channel, far, frames } = open();
    expect(posted.at(-1)).toMatchObject({ channel: OPEN_CHANNEL, message: undefined });
    expect(posted.at(-1)?.ports).toHaveLength(1);
    const received = new Promise<unknown>((resolve) => {
      far.addEventListener('message', (event) => resolve((event as unknown as { data: unknown }).data));
    });
    far.start();
    channel.send(new Uint8Array([1, 2]));
    expect(await received).toEqual(new Uint8Array([1, 2]));
    far.postMessage('no frame');
    far.postMessage(new Uint8Array([3]));
    await vi.waitFor(() => expect(frames).toEqual([new Uint8Array([3])]), { timeout: 10_000 });
    channel.close();
  });

  it('sends nothing but bytes, and nothing after the end', async () => {
    const { channel, far } = open();
    const received: unknown[] = [];
    far.addEventListener('message', (event) => received.push((event as unknown as { data: unknown }).data));
    far.start();
    channel.send('text' as unknown as Uint8Array);
    channel.send(new Uint8Array([1]));
    await vi.waitFor(() => expect(received).toEqual([new Uint8Array([1])]), { timeout: 10_000 });
    channel.close();
    channel.send(new Uint8Array([2]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toHaveLength(1);
  });

  it('closes the old channel with a new one, and tells the page once', async () => {
    const first = open();
    const second = open();
    expect([first.closes(), second.closes()]).toEqual([1, 0]);
    second.far.close();
    await vi.waitFor(() => expect(second.closes()).toBe(1), { timeout: 10_000 });
    second.channel.close();
    expect(second.closes()).toBe(1);
  });
});
