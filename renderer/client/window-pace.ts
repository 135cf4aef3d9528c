/** Milliseconds after a key or a press in which every window is shown at once: one of them is the answer. */
const ANSWER_TIME = 400;
/** Milliseconds after which a frame that does not come (in a hidden window) is not waited for. */
const FRAME_PATIENCE = 200;

/** Milliseconds that a small window waits for a large one to be drawn with. */
const RIDE_TIME = 100;

/** What the pace needs of the window; replaced in tests. */
export interface PaceClock {
  now(): number;
  /** Calls back at the next animation frame, or when there is none for a while. */
  onFrame(callback: () => void): void;
  /** Calls back after some milliseconds. */
  after(milliseconds: number, callback: () => void): void;
}

/**
 * Spreads the windows of all feeds over the frames. A large one (a list) takes some milliseconds to draw: there is at
 * most one of them in a frame, in the order in which they came. A small one costs little but the frame that it is drawn
 * in, so it goes along with a large one if there is one soon. What the user waits for goes past all that.
 */
export class WindowPace {
  readonly #clock: PaceClock;
  #large: (() => void)[] = [];
  #small: (() => void)[] = [];
  readonly #unsettled = new Set<() => void>();
  #isTaken = false;
  #isRiding = false;
  #actedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: PaceClock) {
    this.#clock = clock;
  }

  /**
   * The user has done something: what is on its way must not stand before the answer. Called while the event goes down,
   * so nothing is drawn in here: a field would be drawn with its last value before it could tell the new one.
   */
  noteAct(): void {
    this.#actedAt = this.#clock.now();
    if (this.#large.length > 0 || this.#small.length > 0) {
      this.#clock.after(0, () => this.#drain());
    }
    for (const settle of [...this.#unsettled]) {
      settle();
    }
  }

  /**
   * Resolves when the next window of a feed may come: a frame after the last one was drawn, so that a slow screen gets
   * fewer of them; at once while the user waits, as the engine answers only who has taken what it sent before.
   */
  settled(): Promise<void> {
    if (this.#isAwaited()) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const settle = () => {
        this.#unsettled.delete(settle);
        resolve();
      };
      this.#unsettled.add(settle);
      this.#clock.onFrame(settle);
    });
  }

  /** Draws at once when the frame is free or somebody waits, else in one of the next frames. */
  showLarge(draw: () => void): void {
    if (this.#isAwaited()) {
      this.#drain();
      draw();
    } else if (this.#isTaken) {
      this.#large.push(draw);
    } else {
      this.#take(draw);
    }
  }

  /** Draws with the next large window, but soon in any case; at once when somebody waits. */
  showSmall(draw: () => void): void {
    if (this.#isAwaited()) {
      this.#drain();
      draw();
      return;
    }
    this.#small.push(draw);
    if (!this.#isRiding) {
      this.#isRiding = true;
      this.#clock.after(RIDE_TIME, () => {
        this.#isRiding = false;
        this.#drawSmall();
      });
    }
  }

  #isAwaited(): boolean {
    return this.#clock.now() - this.#actedAt < ANSWER_TIME;
  }

  #take(draw: () => void): void {
    this.#isTaken = true;
    this.#drawSmall();
    draw();
    this.#clock.onFrame(() => {
      this.#isTaken = false;
      const next = this.#large.shift();
      if (next !== undefined) {
        this.#take(next);
      }
    });
  }

  /** Older windows never come after newer ones. */
  #drain(): void {
    this.#drawSmall();
    const large = this.#large;
    this.#large = [];
    for (const draw of large) {
      draw();
    }
  }

  #drawSmall(): void {
    const small = this.#small;
    this.#small = [];
    for (const draw of small) {
      draw();
    }
  }
}

/** Resolves at the next animation frame, or after 200 ms in a hidden window, where no frames come. */
function nextFrame(): Promise<void> {
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
      after: (milliseconds, callback) => void setTimeout(callback, milliseconds),
    });
    const onAct = () => pace.noteAct();
    for (const type of ['keydown', 'input', 'pointerdown', 'click', 'wheel'] as const) {
      window.addEventListener(type, onAct, { capture: true, passive: true });
    }
    shared = pace;
  }
  return shared;
}
