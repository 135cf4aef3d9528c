/** What the preload script of the desktop host gives to the page as `window.topicscope`. Intents only, no transport API. */
export interface DesktopBridge {
  readonly host: 'desktop';
  /** Opens the frame channel to the engine; one is open at a time, a new one closes the old. */
  open(listener: { onFrame(frame: Uint8Array): void; onClose(): void }): {
    send(frame: Uint8Array): void;
    close(): void;
  };
}
