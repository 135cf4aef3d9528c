/** A sleep that can be cut short. One sleeper at a time. */
export class Alarm {
  #wake: (() => void) | undefined;

  /** Resolves after so many milliseconds, or with the next {@link wake}. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake = done;
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
