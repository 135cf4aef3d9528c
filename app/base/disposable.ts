/** Something that holds a resource until it is disposed. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Makes a disposable of a function and runs it once at most. */
export function toDisposable(release: () => void): Disposable {
  let isDisposed = false;
  return {
    dispose() {
      if (!isDisposed) {
        isDisposed = true;
        release();
      }
    },
  };
}

/** Owns disposables and releases them together, newest first. What is added after the end is released at once. */
export class DisposableStore implements Disposable {
  #items: Disposable[] | undefined = [];

  add<T extends Disposable>(item: T): T {
    if (this.#items === undefined) {
      item.dispose();
    } else {
      this.#items.push(item);
    }
    return item;
  }

  dispose(): void {
    const items = this.#items;
    this.#items = undefined;
    for (const item of items?.reverse() ?? []) {
      item.dispose();
    }
  }
}
