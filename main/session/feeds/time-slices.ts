import { type Disposable, toDisposable } from '#app/base/disposable.ts';

/** Milliseconds of background work per turn of the event loop. */
const SLICE = 8;

/** Work that goes on over many turns: returns true while there is more. */
export type SlicedTask = (deadline: number) => boolean;

/**
 * Runs background work (searching old messages) in slices, so that ingest and feeds never wait for it.
 * The tasks take turns; between two slices the event loop takes what came in from the network.
 */
export class TimeSlices implements Disposable {
  readonly #onError: (error: unknown) => void;
  #tasks: SlicedTask[] = [];
  #immediate: NodeJS.Immediate | undefined;

  /** `onError` takes what a task throws; that task is given up, the others go on. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Begins or continues a task. One that is already there is not added again. */
  run(task: SlicedTask): Disposable {
    if (!this.#tasks.includes(task)) {
      this.#tasks.push(task);
    }
    this.#schedule();
    return toDisposable(() => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    });
  }

  dispose(): void {
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#tasks = [];
  }

  #schedule(): void {
    if (this.#immediate === undefined && this.#tasks.length > 0) {
      this.#immediate = setImmediate(() => this.#turn());
    }
  }

  #turn(): void {
    this.#immediate = undefined;
    const task = this.#tasks.shift();
    try {
      if (task?.(performance.now() + SLICE) === true) {
        this.#tasks.push(task);
      }
    } catch (error) {
      this.#onError(error);
    }
    this.#schedule();
  }
}
