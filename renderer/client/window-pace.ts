/** Milliseconds after a key or a press in which every window is shown at once: one of them is the answer. */
const ANSWER_TIME = 400;
/** Milliseconds after which a frame that does not come (in a hidden window) is not waited for. */
const FRAME_PATIENCE = 200;

/** What the pace needs of the window; replaced in tests. */
export interface PaceClock {
  now(): number;
  /** Calls back at the next animation frame, or when there is none for a while. */
  onFrame(callback: () => void): void;
}

/**
 * Lets at most one window of all feeds onto the screen in one frame, in the order in which they came. Each takes some
 * milliseconds to draw; two in one frame would make it late. What the user waits for goes past the queue.
 */
export class WindowPace {
  readonly #clock: PaceClock;
  readonly #queue: (() => void)[] = [];
  #isTaken = false;
  #actedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: PaceClock) {
    this.#clock = clock;
  }

  /** The user has done something. */
  noteAct(): void {
    this.#actedAt = this.#clock.now();
  }

  /** Shows at once when the frame is free or somebody waits, else in one of the next frames. */
  show(draw: () => void): void {
    if (this.#clock.now() - this.#actedAt < ANSWER_TIME) {
      this.#drain();
      draw();
    } else if (this.#isTaken) {
      this.#queue.push(draw);
    } else {
      this.#take(draw);
    }
  }

  #take(draw: () => void): void {
    this.#isTaken = true;
    draw();
    this.#clock.onFrame(() => {
      this.#isTaken = false;
      const next = this.#queue.shift();
      if (next !== undefined) {
        this.#take(next);
      }
    });
  }

  /** Older windows never come after newer ones. */
  #drain(): void {
    for (const draw of this.#queue.splice(0)) {
      draw();
    }
  }
}

/** Resolves at the next animation frame, or after 200 ms in a hidden window, where no frames come. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, FRAME_PATIENCE);
    const frame = requestAnimationFrame(done);
    function done() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      resolve();
    }
  });
}

let shared: WindowPace | undefined;

/** The pace of this window. */
export function windowPace(): WindowPace {
  if (shared === undefined) {
    const pace = new WindowPace({
      now: () => performance.now(),
      onFrame: (callback) => void nextFrame().then(callback),
    });
    const onAct = () => pace.noteAct();
    for (const type of ['keydown', 'input', 'pointerdown', 'click', 'wheel'] as const) {
      window.addEventListener(type, onAct, { capture: true, passive: true });
    }
    shared = pace;
  }
  return shared;
}
