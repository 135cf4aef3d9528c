import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '#app/contract/desktop-bridge.ts';
import { OPEN_CHANNEL } from './ipc-channel.ts';

/** Ends the channel that is open. */
let closeCurrent: () => void = () => undefined;

/**
 * All that the page gets: a channel for frames. The port stays on this side of the context bridge, and with it
 * every other message that could be sent to the main process.
 */
const bridge: DesktopBridge = {
  host: 'desktop',
  open(listener) {
    closeCurrent();
    const { port1, port2 } = new MessageChannel();
    let isClosed = false;
    const close = () => {
      if (!isClosed) {
        isClosed = true;
        port1.close();
        listener.onClose();
      }
    };
    closeCurrent = close;
    port1.addEventListener('message', (event) => {
      const data: unknown = 'data' in event ? event.data : undefined;
      if (data instanceof Uint8Array) {
        listener.onFrame(data);
      }
    });
    port1.start();
    port1.addEventListener('close', close);
    ipcRenderer.postMessage(OPEN_CHANNEL, undefined, [port2]);
    return {
      send(frame) {
        if (!isClosed && frame instanceof Uint8Array) {
          port1.postMessage(frame);
        }
      },
      close,
    };
  },
};

contextBridge.exposeInMainWorld('topicscope', bridge);
