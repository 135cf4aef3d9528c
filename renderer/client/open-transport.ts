import { toDisposable } from '#app/base/disposable.ts';
import { Emitter } from '#app/base/event.ts';
import type { DesktopBridge } from '#app/contract/desktop-bridge.ts';
import type { Transport } from '#app/contract/transport.ts';

declare global {
  interface Window {
    readonly topicscope?: DesktopBridge;
  }
}

/** Opens the transport of the host that this page runs in: the preload's channel, or a WebSocket to where the page came from. */
export function openTransport(): Promise<Transport> {
  return window.topicscope === undefined ? openWebSocket() : Promise.resolve(openDesktop(window.topicscope));
}

function openDesktop(bridge: DesktopBridge): Transport {
  const frames = new Emitter<Uint8Array>();
  const closed = new Emitter<void>();
  const channel = bridge.open({ onFrame: (frame) => frames.fire(frame), onClose: () => closed.fire() });
  return {
    send: (frame) => channel.send(frame),
    onFrame: frames.event,
    onClose: closed.event,
    close: () => channel.close(),
  };
}

function openWebSocket(): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const url = new URL('/contract', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.hash = '';
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const frames = new Emitter<Uint8Array>();
    const closed = new Emitter<void>();
    socket.onmessage = (event) => {
      if (event.data instanceof ArrayBuffer) {
        frames.fire(new Uint8Array(event.data));
      }
    };
    socket.onclose = () => {
      reject(new Error('The engine cannot be reached.'));
      closed.fire();
    };
    socket.onopen = () =>
      resolve({
        send: (frame) => {
          if (socket.readyState === WebSocket.OPEN) {
            socket.send(frame as Uint8Array<ArrayBuffer>);
          }
        },
        onFrame: frames.event,
        onClose: (listener) => {
          const subscription = closed.event(listener);
          return toDisposable(() => subscription.dispose());
        },
        close: () => socket.close(),
      });
  });
}
