import type { Disposable } from '../base/disposable.ts';

/**
 * Carries whole frames in order between two ends of the contract: Electron IPC, a WebSocket, a MessagePort.
 * Nothing is known here of what a frame holds. A frame given to `send` belongs to the transport.
 */
export interface Transport {
  send(frame: Uint8Array): void;
  onFrame(listener: (frame: Uint8Array) => void): Disposable;
  /** Fires once; afterwards `send` does nothing. */
  onClose(listener: () => void): Disposable;
  close(): void;
}
