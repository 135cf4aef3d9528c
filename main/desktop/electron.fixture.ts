import { EventEmitter } from 'node:events';
import type {
  IpcMainEvent,
  MessagePortMain,
  SafeStorage,
  Session,
  WebContents,
  WebFrameMain,
} from 'electron';
import { APP_ORIGIN } from './origin.ts';

/** Stand-ins for the parts of Electron that the guards use; Electron itself is never loaded in a test. */

export class FakeContents extends EventEmitter {
  mainFrame: WebFrameMain = frame(APP_ORIGIN);
  openHandler: ((details: { url: string }) => { action: string }) | undefined;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  asContents(): WebContents {
    return this as unknown as WebContents;
  }

  /** Emits an event that can be prevented, and says whether it was. */
  isPrevented(name: string, details: object = {}): boolean {
    let prevented = false;
    this.emit(name, { ...details, preventDefault: () => (prevented = true) });
    return prevented;
  }
}

export function frame(origin: string, parent: WebFrameMain | null = null): WebFrameMain {
  return { origin, parent } as WebFrameMain;
}

export class FakeSession extends EventEmitter {
  requestHandler: ((...args: never[]) => void) | undefined;
  checkHandler: ((...args: never[]) => boolean) | undefined;
  deviceHandler: ((...args: never[]) => boolean) | undefined;
  beforeRequest:
    | ((details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void)
    | undefined;
  webRequest = {
    onBeforeRequest: (handler: NonNullable<FakeSession['beforeRequest']>) => {
      this.beforeRequest = handler;
    },
  };

  setPermissionRequestHandler(handler: (...args: never[]) => void): void {
    this.requestHandler = handler;
  }

  setPermissionCheckHandler(handler: (...args: never[]) => boolean): void {
    this.checkHandler = handler;
  }

  setDevicePermissionHandler(handler: (...args: never[]) => boolean): void {
    this.deviceHandler = handler;
  }

  asSession(): Session {
    return this as unknown as Session;
  }
}

/** One end of a channel: what is posted to one is a message of the other. */
export class FakePort extends EventEmitter {
  other: FakePort | undefined;
  isClosed = false;
  isStarted = false;

  start(): void {
    this.isStarted = true;
  }

  postMessage(data: unknown): void {
    this.other?.emit('message', { data });
  }

  close(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.emit('close');
      this.other?.close();
    }
  }

  asPort(): MessagePortMain {
    return this as unknown as MessagePortMain;
  }
}

export function portPair(): readonly [FakePort, FakePort] {
  const near = new FakePort();
  const far = new FakePort();
  near.other = far;
  far.other = near;
  return [near, far];
}

export function ipcEvent(
  contents: FakeContents,
  ports: readonly FakePort[],
  senderFrame: WebFrameMain | null = contents.mainFrame,
): IpcMainEvent {
  return {
    sender: contents.asContents(),
    senderFrame,
    ports: ports.map((port) => port.asPort()),
  } as unknown as IpcMainEvent;
}

type FakeStorage = Pick<
  SafeStorage,
  'encryptStringAsync' | 'decryptStringAsync' | 'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend'
>;

/** Encrypts by turning bits around; `shouldReEncrypt` as told. */
export function fakeSafeStorage(
  options: {
    available?: boolean;
    backend?: ReturnType<SafeStorage['getSelectedStorageBackend']>;
    renew?: boolean;
  } = {},
): FakeStorage {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
  return {
    isAsyncEncryptionAvailable: async () => options.available ?? true,
    getSelectedStorageBackend: () => options.backend ?? 'gnome_libsecret',
    encryptStringAsync: async (text) => turn(Buffer.from(text)),
    decryptStringAsync: async (bytes) => ({
      result: turn(bytes).toString(),
      shouldReEncrypt: options.renew ?? false,
    }),
  };
}
