import type { IpcMain, IpcMainEvent, MessagePortMain, WebContents } from 'electron';
import { Emitter } from '#app/base/event.ts';
import { MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import type { Transport } from '#app/contract/transport.ts';
import { serveClient } from '../services/client-connection.ts';
import type { Engine } from '../services/engine.ts';
import { OPEN_CHANNEL } from './ipc-channel.ts';
import { APP_ORIGIN } from './origin.ts';

/** The part of an IPC event that says who sent it. */
export type IpcSender = Pick<IpcMainEvent, 'sender' | 'senderFrame'>;

/** Why a message is not taken: it must come from a window of ours, from its main frame, from our origin. */
export function senderProblem(
  { sender, senderFrame }: IpcSender,
  isOurs: (contents: WebContents) => boolean,
): string | undefined {
  if (!isOurs(sender)) {
    return 'not one of our windows';
  }
  if (senderFrame === null) {
    return 'the frame is gone';
  }
  if (senderFrame !== sender.mainFrame || senderFrame.parent !== null) {
    return 'not the main frame';
  }
  // For a standard scheme, `origin` is what the page's own scripts would see.
  return senderFrame.origin === APP_ORIGIN ? undefined : `origin ${senderFrame.origin}`;
}

/**
 * The only user of `ipcMain`. A window asks once for its frame channel and hands over a port; everything after that
 * goes through the port, which closes when the page goes.
 */
export class IpcGateway {
  readonly #engine: Engine;
  readonly #windows = new Map<WebContents, () => void>();

  constructor(ipcMain: Pick<IpcMain, 'on'>, engine: Engine) {
    this.#engine = engine;
    ipcMain.on(OPEN_CHANNEL, (event) => this.#open(event));
  }

  /** Makes a window known; nobody else is answered. */
  register(contents: WebContents): void {
    const end = () => this.#windows.get(contents)?.();
    this.#windows.set(contents, () => undefined);
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) {
        end();
      }
    });
    contents.on('render-process-gone', end);
    contents.once('destroyed', () => {
      end();
      this.#windows.delete(contents);
    });
  }

  #open(event: IpcMainEvent): void {
    const [port, ...others] = event.ports;
    const problem =
      senderProblem(event, (contents) => this.#windows.has(contents)) ??
      (port === undefined || others.length > 0 ? 'not one port' : undefined);
    if (problem !== undefined || port === undefined) {
      this.#engine.logger.log('error', 'A message to the main process was refused', { problem });
      for (const each of event.ports) {
        each.close();
      }
      return;
    }
    this.#windows.get(event.sender)?.();
    const transport = portTransport(port);
    // The sender has been checked: a page that reaches the port is ours, so there is no token.
    const client = serveClient(transport, this.#engine, { checkToken: () => true });
    this.#windows.set(event.sender, () => client.dispose());
  }
}

/** Frames over Electron's end of a message port. */
export function portTransport(port: MessagePortMain): Transport {
  const frames = new Emitter<Uint8Array>();
  const closed = new Emitter<void>();
  let isClosed = false;
  const end = () => {
    if (!isClosed) {
      isClosed = true;
      port.close();
      closed.fire();
    }
  };
  port.on('message', ({ data }: { readonly data: unknown }) => {
    if (data instanceof Uint8Array && data.byteLength <= MAX_FRAME_BYTES) {
      frames.fire(data);
    } else {
      end();
    }
  });
  port.on('close', end);
  port.start();
  return {
    send(frame) {
      if (!isClosed) {
        port.postMessage(frame);
      }
    },
    onFrame: frames.event,
    onClose: closed.event,
    close: end,
  };
}
